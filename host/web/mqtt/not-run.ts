/** What a test run leaves out where no broker is there to try. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const PROGRAM = "mosquitto";
/** Where Debian puts it, which is no part of everybody's search path. */
const ALSO = "/usr/sbin";

/** The broker's file; undefined where there is none. */
export function brokerOn(searchPath: string | undefined): string | undefined {
  for (const folder of [...(searchPath ?? "").split(delimiter), ALSO]) {
    const path = join(folder, PROGRAM);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}

export const notRun = (environment: NodeJS.ProcessEnv): readonly string[] =>
  brokerOn(environment["PATH"]) === undefined
    ? [`not run: ${PROGRAM} is missing, so that MQTT was tried with no broker: apt-get install ${PROGRAM}`]
    : [];
