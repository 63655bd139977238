import { expect, test } from "vitest";
import { readSecret, secretText } from "../../../host/secure/secret-text.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { SECRET } from "./rig.ts";

test("a secret is written in groups and read back, however it is grouped and cased", () => {
  const text = secretText(SECRET);
  expect(text).toMatch(/^(?:[0-9a-f]{8} ){7}[0-9a-f]{8}$/);
  for (const each of [text, text.toUpperCase(), text.replaceAll(" ", ""), text.replaceAll(" ", "-"), `${text}\n`]) {
    expect(readSecret(each)).toEqual({ ok: true, secret: SECRET });
  }
});

test("what is drawn is taken, always", () => {
  const from = chance(1);
  for (let i = 0; i < 10_000; i++) expect(readSecret(secretText(drawBytes(from, 32))).ok).toBe(true);
});

test("a passphrase, a part of a secret and a made-up one are refused by name", () => {
  const text = secretText(SECRET);
  expect(readSecret("correct horse battery staple")).toEqual({ ok: false, why: "not hexadecimal" });
  expect(readSecret("")).toEqual({ ok: false, why: "wrong length" });
  expect(readSecret(text.slice(0, -1))).toEqual({ ok: false, why: "wrong length" });
  expect(readSecret(`${text}00`)).toEqual({ ok: false, why: "wrong length" });
  for (const made of ["00".repeat(32), "0123456789abcdef".repeat(4), "deadbeef".repeat(8)]) {
    expect(readSecret(made)).toEqual({ ok: false, why: "not random" });
  }
});
