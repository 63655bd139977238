/** The checkout that this program was built in. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../../protocol/core/assert.ts";

export function repository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    assert(folder !== dirname(folder), "the program lies where it was built or installed");
    folder = dirname(folder);
  }
  return folder;
}

/** A file of the program, that another process of it is started from. */
export const programFile = (name: "hardway" | "process"): string =>
  join(repository(), "build", "program", `${name}.js`);

/** Where builds leave images, and flashing finds them, from wherever one calls. */
export const imagesFolder = (): string => join(repository(), "images");

/** Where builds leave the page of a kiosk. */
export const pageFolder = (): string => process.env[PAGE_VARIABLE] ?? join(repository(), "build", "page");

/** Another folder of the page, as whoever works at it has built it. */
const PAGE_VARIABLE = "HARDWAY_PAGE";
