import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ownerOf } from "../../../host/crypto/keystore.ts";
import { type OwnKey, ownKey } from "../../../host/node/key-file.ts";
import { readPassphrase } from "../../../host/node/passphrase-file.ts";
import { foundSecret, secretIn } from "../../../host/node/secret-file.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

/** Cheap to make: what it costs to guess is tested elsewhere. */
const COST = 10;

function opened(folder: string, passphrase?: string): OwnKey {
  const read = ownKey(folder, passphrase, COST);
  if (!read.ok) throw new Error(read.why);
  return read;
}

const key = (folder: string, passphrase?: string): string =>
  Buffer.from(opened(folder, passphrase).pair.publicKey.bytes).toString("hex");

test("a kiosk's key is made once and stays, another's is another, and nobody else reads it", () => {
  const folder = join(here.make(), "kiosk");
  const made = opened(folder);
  expect(made.pair.publicKey.bytes).toHaveLength(32);
  expect(opened(folder).pair.publicKey.bytes).toEqual(made.pair.publicKey.bytes);
  expect(opened(here.make()).pair.publicKey.bytes).not.toEqual(made.pair.publicKey.bytes);
  expect(opened(folder).diceSecret).toEqual(made.diceSecret);
  expect(statSync(join(folder, "key")).mode & 0o077).toBe(0);
  expect(readdirSync(folder)).toEqual(["key"]);
});

test("a file that holds no key is no key, and is not written over", () => {
  const folder = here.make();
  writeFileSync(join(folder, "key"), "0123\n");
  for (const passphrase of [undefined, "word"]) {
    expect(ownKey(folder, passphrase, COST)).toMatchObject({ ok: false, why: expect.stringMatching(/is no key/) });
  }
  expect(readFileSync(join(folder, "key"), "utf8")).toBe("0123\n");
});

test("under a passphrase a key lies encrypted, and only that passphrase opens it", () => {
  const folder = here.make();
  const made = opened(folder, "correct horse");
  const file = readFileSync(join(folder, "key"));
  expect(file.toString("latin1")).toMatch(/hardway key/);
  expect(ownerOf(new Uint8Array(file))).toEqual(made.pair.publicKey.bytes);
  expect(statSync(join(folder, "key")).mode & 0o077).toBe(0);
  expect(opened(folder, "correct horse").diceSecret).toEqual(made.diceSecret);
  expect(ownKey(folder, "battery staple")).toMatchObject({ ok: false, why: expect.stringMatching(/is wrong/) });
  expect(ownKey(folder)).toMatchObject({ ok: false, why: expect.stringMatching(/is under a passphrase/) });
  file[file.length - 1]! ^= 1;
  writeFileSync(join(folder, "key"), file);
  expect(ownKey(folder, "correct horse")).toMatchObject({ ok: false, why: expect.stringMatching(/damaged/) });
});

test("a key that lay there without a passphrase is taken over under one, and is the same key", () => {
  const folder = here.make();
  const before = key(folder);
  const digits = readFileSync(join(folder, "key"), "utf8").trim();
  expect(digits).toMatch(/^[0-9a-f]{64}$/);
  expect(key(folder, "word")).toBe(before);
  const after = readFileSync(join(folder, "key"));
  expect(after.includes(Buffer.from(digits, "hex")) || after.includes(digits)).toBe(false);
  expect(key(folder, "word")).toBe(before);
  expect(ownKey(folder).ok).toBe(false);
});

test("a passphrase is the first line of its file; what is none is said before anything is done", () => {
  const path = join(here.make(), "passphrase");
  const read = (text: string): unknown => {
    writeFileSync(path, text);
    return readPassphrase(path);
  };
  expect(readPassphrase(path)).toMatchObject({ ok: false, why: expect.stringMatching(/there is no file/) });
  expect(read(" zwei Wörter \r\nand a note\n")).toEqual({ ok: true, passphrase: " zwei Wörter " });
  expect(read("no end")).toEqual({ ok: true, passphrase: "no end" });
  expect(read("\nsecond\n")).toMatchObject({ ok: false, why: expect.stringMatching(/is empty/) });
  expect(read("x".repeat(1025))).toMatchObject({ ok: false, why: expect.stringMatching(/is longer/) });
  expect(readPassphrase(here.make())).toMatchObject({ ok: false, why: expect.stringMatching(/cannot be read/) });
});

test("a table's secret is made once, for nobody else to read, and what is no secret is not taken for one", () => {
  const path = join(here.make(), "table", "secret");
  expect(secretIn(path)).toBe(undefined);
  foundSecret(path);
  const secret = secretIn(path);
  expect(secret).toHaveLength(32);
  expect(statSync(path).mode & 0o077).toBe(0);
  foundSecret(path);
  expect(secretIn(path)).toEqual(secret);
  chmodSync(path, 0o600);
  writeFileSync(path, "a passphrase of people\n");
  foundSecret(path);
  expect(secretIn(path)).toBe(undefined);
});
