import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { constant, constantByte } from "../../../protocol/message/constant.ts";

test("a word in front of what is signed is that word, and nothing else is read as it", () => {
  const word = constant("vote");
  const bytes = encode(word, "vote");
  expect([...bytes]).toEqual([4, ...Buffer.from("vote")]);
  expect(decode(word, bytes)).toEqual({ ok: true, value: "vote" });
  for (let at = 0; at < bytes.length; at++) {
    expect(
      decode(
        word,
        bytes.map((byte, i) => (i === at ? byte ^ 0x20 : byte)),
      ).ok,
    ).toBe(false);
  }
  expect(decode(word, bytes.subarray(0, 4)).ok).toBe(false);
  expect(decode(word, Uint8Array.of(...bytes, 0)).ok).toBe(false);
});

test("so is a byte", () => {
  const form = constantByte(7);
  expect([...encode(form, 7)]).toEqual([7]);
  expect(decode(form, Uint8Array.of(7))).toEqual({ ok: true, value: 7 });
  for (const bytes of [[8], [], [7, 7]]) expect(decode(form, Uint8Array.from(bytes)).ok).toBe(false);
  expect(() => encode(form, 8 as 7)).toThrow();
});
