/** What a test run leaves out where systemd's own tools are missing. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The file of a program; undefined where no folder of the search path has it. */
export function toolOn(searchPath: string | undefined, name: string): string | undefined {
  for (const folder of (searchPath ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}

const TOOLS = Object.freeze({
  "systemd-analyze": "the units are not verified",
  "systemd-notify": "no message was sent as a service sends it",
  systemctl: "nothing was installed into a folder",
} as const);

export function notRun(environment: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(TOOLS)
    .filter(([name]) => toolOn(environment["PATH"], name) === undefined)
    .map(([name, what]) => `not run: ${name} is missing, so that ${what}: apt-get install systemd`);
}
