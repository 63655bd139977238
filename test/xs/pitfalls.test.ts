import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layerOf } from "../architecture/layers.ts";
import { filesIn, isScript } from "../architecture/tree.ts";
import { repositoryRoot } from "./engine/root.ts";
import { runOnXs } from "./engine/run.ts";

const pure = filesIn("protocol", "host", "firmware-js", "hardware")
  .filter(isScript)
  .filter((path) => layerOf(path)?.pure);

/** XS 13.3 gives each item of such an array the index 0: it reads and writes them rightly, but `Object.keys`, spreading into
 * an object, `delete`, setting `length` and `Object.freeze` do not see them, or lose them. */
test("an array that XS makes of a length has lost its indices, so the shared code makes none", () => {
  const { lines } = runOnXs({ entry: "test/xs/program/array-from.ts" });
  expect(lines).toEqual(["Array.from of a length: 0,0,0", "Array.from of items: 0,1,2", "map: 0,1,2"]);
  expect(pure.length).toBeGreaterThan(40);
  const made = pure.filter((path) => /\bArray\.from\(\s*\{/.test(readFileSync(join(repositoryRoot, path), "utf8")));
  expect(made).toEqual([]);
});
