/** What a test run leaves out where no broker is there to try. */
import { toolOnPath } from "../../../hardware/machine/tool-on-path.ts";

const PROGRAM = "mosquitto";
/** Where Debian puts it, which is no part of everybody's search path. */
const ALSO: readonly string[] = Object.freeze(["/usr/sbin"]);

/** The broker's file; undefined where there is none. */
export const brokerOn = (searchPath: string | undefined): string | undefined => toolOnPath(PROGRAM, searchPath, ALSO);

export const notRun = (environment: NodeJS.ProcessEnv): readonly string[] =>
  brokerOn(environment["PATH"]) === undefined
    ? [`not run: ${PROGRAM} is missing, so that MQTT was tried with no broker: apt-get install ${PROGRAM}`]
    : [];
