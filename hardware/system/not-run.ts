/** What a test run leaves out where systemd's own tools are missing. */
import { toolOnPath } from "../machine/tool-on-path.ts";

const TOOLS = Object.freeze({
  "systemd-analyze": "the units are not verified",
  "systemd-notify": "no message was sent as a service sends it",
  systemctl: "nothing was installed into a folder",
} as const);

export function notRun(environment: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(TOOLS)
    .filter(([name]) => toolOnPath(name, environment["PATH"]) === undefined)
    .map(([name, what]) => `not run: ${name} is missing, so that ${what}: apt-get install systemd`);
}
