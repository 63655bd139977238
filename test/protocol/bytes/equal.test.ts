import { expect, test } from "vitest";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";

test("bytes are equal where every one is, and of one length", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect([bytesEqual(bytes, bytes), bytesEqual(bytes, bytes.slice()), bytesEqual(bytes, bytes.subarray(0))]).toEqual([
    true,
    true,
    true,
  ]);
  for (let at = 0; at < 3; at++)
    expect(
      bytesEqual(
        bytes,
        bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      ),
    ).toBe(false);
  expect([bytesEqual(bytes, bytes.subarray(0, 2)), bytesEqual(bytes.subarray(0, 2), bytes)]).toEqual([false, false]);
  expect(bytesEqual(new Uint8Array(), new Uint8Array())).toBe(true);
});
