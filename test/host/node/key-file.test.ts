import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ownKey } from "../../../host/node/key-file.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

test("a kiosk's key is made once and stays, another's is another, and nobody else reads it", () => {
  const folder = join(here.make(), "kiosk");
  const made = ownKey(folder);
  expect(made?.pair.publicKey.bytes).toHaveLength(32);
  expect(ownKey(folder)?.pair.publicKey.bytes).toEqual(made?.pair.publicKey.bytes);
  expect(ownKey(here.make())?.pair.publicKey.bytes).not.toEqual(made?.pair.publicKey.bytes);
  expect(ownKey(folder)?.diceSecret).toEqual(made?.diceSecret);
  expect(statSync(join(folder, "key")).mode & 0o077).toBe(0);
});

test("a file that holds no key is no key, and is not written over", () => {
  const folder = here.make();
  writeFileSync(join(folder, "key"), "0123\n");
  expect(ownKey(folder)).toBe(undefined);
  expect(ownKey(folder)).toBe(undefined);
});
