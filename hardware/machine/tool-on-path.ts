/** Whether this machine has a program of somebody else, and where: what is missing is named, and never passed over in silence. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The file of a program; undefined where no folder of the search path has it. `also`: folders that not everybody's path has. */
export function toolOnPath(
  name: string,
  searchPath: string | undefined,
  also: readonly string[] = [],
): string | undefined {
  for (const folder of [...(searchPath ?? "").split(delimiter), ...also]) {
    // An empty name would be wherever somebody stands.
    if (folder === "") continue;
    for (const ending of ENDINGS) {
      const path = join(folder, name + ending);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // The next may be it.
      }
    }
  }
  return undefined;
}

const ENDINGS: readonly string[] = Object.freeze(["", ".exe"]);
