import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBoundedFile } from "../../../../hardware/virtual/fronts/bounded-file.ts";

let where = "";
beforeEach(() => {
  where = mkdtempSync(join(tmpdir(), "hardway-file-"));
});
afterEach(() => rmSync(where, { recursive: true }));

const faults: string[] = [];
const options = { sizeMax: 30, head: () => "head\n", onFault: (why: string) => faults.push(why) };

test("a recording that has reached its bound goes on in a new file with a head of its own, and two are kept", () => {
  const path = join(where, "a.trace");
  const opened = openBoundedFile(path, options);
  if (!opened.ok) throw new Error(opened.why);
  for (let line = 0; line < 10; line++) opened.file.write(`line ${line}\n`);
  opened.file.close();
  opened.file.write("after the end");
  expect(readdirSync(where).sort()).toEqual(["a.trace", "a.trace.1"]);
  expect(readFileSync(`${path}.1`, "utf8")).toBe("head\nline 6\nline 7\nline 8\n");
  expect(readFileSync(path, "utf8")).toBe("head\nline 9\n");
});

test("a recording whose file cannot be made is refused with the file's name", () => {
  const opened = openBoundedFile(join(where, "none", "a.trace"), options);
  expect(opened.ok ? "" : opened.why).toMatch(/^writing .*none\/a\.trace: ENOENT/);
});

test("a recording whose folder vanishes ends, and says so once", () => {
  const folder = mkdtempSync(join(where, "gone-"));
  const opened = openBoundedFile(join(folder, "a.trace"), options);
  if (!opened.ok) throw new Error(opened.why);
  rmSync(folder, { recursive: true });
  for (let line = 0; line < 10; line++) opened.file.write(`line ${line}\n`);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(/^writing .*a\.trace: ENOENT.*; the recording ends here$/);
});
