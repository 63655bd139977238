import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { nearest } from "../../../host/cli/nearest.ts";
import { createConfig, placesOf, replaceConfig, warningsOf } from "../../../host/config/config-file.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

function configOf(text: string) {
  const parsed = parseConfig(text, nearest);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

test("a file is replaced as a whole, keeps its rights, and nothing is left beside it", () => {
  const folder = here.make();
  const path = join(folder, "a.yaml");
  writeFileSync(path, "old\n");
  chmodSync(path, 0o640);
  const { ino } = statSync(path);
  expect(replaceConfig(path, "old\n", "new\n")).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("new\n");
  expect(statSync(path).mode & 0o777).toBe(0o640);
  // Another file under the same name: the old one was never written into.
  expect(statSync(path).ino).not.toBe(ino);
  expect(readdirSync(folder)).toEqual(["a.yaml"]);
});

test("what another hand has written since is not written over", () => {
  const path = join(here.make(), "a.yaml");
  writeFileSync(path, "theirs\n");
  expect(replaceConfig(path, "old\n", "new\n")).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("theirs\n");
});

test("a link stays one, and what it names is replaced", () => {
  const folder = here.make();
  mkdirSync(join(folder, "real"));
  const real = join(folder, "real", "a.yaml");
  writeFileSync(real, "old\n");
  symlinkSync(real, join(folder, "link.yaml"));
  expect(replaceConfig(join(folder, "link.yaml"), "old\n", "new\n")).toBe(true);
  expect(lstatSync(join(folder, "link.yaml")).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toBe("new\n");
});

test("what a killed process left does not stand in the way", () => {
  const folder = here.make();
  const path = join(folder, "a.yaml");
  writeFileSync(path, "old\n");
  writeFileSync(join(folder, `.${process.pid}.hardway-config`), "half");
  expect(replaceConfig(path, "old\n", "new\n")).toBe(true);
  expect(readdirSync(folder)).toEqual(["a.yaml"]);
});

test("a new file is this user's alone, and one that is there is not written over", () => {
  const path = join(here.make(), "a.yaml");
  expect(createConfig(path, "new\n")).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(createConfig(path, "newer\n")).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("new\n");
});

test("where it cannot be written the old one is as it was", () => {
  const folder = here.make();
  const path = join(folder, "a.yaml");
  expect(() => replaceConfig(path, "", "new\n")).toThrow(/ENOENT/);
  mkdirSync(join(folder, "b.yaml"));
  expect(() => createConfig(join(folder, "none", "a.yaml"), "new\n")).toThrow(/ENOENT/);
  expect(readdirSync(folder)).toEqual(["b.yaml"]);
});

test("paths begin where the file is", () => {
  expect(placesOf(configOf(""), join("/", "etc", "hardway", "hardway.yaml"))).toEqual({
    folder: "/etc/hardway/hardway-data",
  });
  const config = configOf("kiosk: {folder: /var/lib/hardway, passphrase_file: p}\nlogs: {file: ../log}\n");
  expect(placesOf(config, "/etc/hardway/a.yaml")).toEqual({
    ...{ folder: "/var/lib/hardway", passphraseFile: "/etc/hardway/p", logFile: "/etc/log" },
  });
});

test("a secret that others may read is told of, and no other file is", () => {
  const path = join(here.make(), "a.yaml");
  const secret = configOf(`table: {secret: "${"0a".repeat(32)}"}\n`);
  createConfig(path, "");
  expect(warningsOf(secret, path)).toEqual([]);
  chmodSync(path, 0o604);
  expect(warningsOf(secret, path)).toHaveLength(1);
  expect(warningsOf(configOf(""), path)).toEqual([]);
});
