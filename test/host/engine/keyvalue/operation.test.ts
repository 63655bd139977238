import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY_SIZE_MAX, TIME_TO_LIVE_MAX_MS, VALUE_SIZE_MAX } from "../../../../host/engine/keyvalue/limits.ts";
import { KeyValueOperation, KeyValueResult } from "../../../../host/engine/keyvalue/operation.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { get, remove, set, setFor } from "./operations.ts";

const bytesUpTo = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const anyOperation: fc.Arbitrary<KeyValueOperation> = fc.oneof(
  fc.record({ type: fc.constant("set" as const), key: bytesUpTo(KEY_SIZE_MAX), value: bytesUpTo(VALUE_SIZE_MAX) }),
  fc.record({
    type: fc.constant("setForTime" as const),
    key: bytesUpTo(KEY_SIZE_MAX),
    timeToLiveMs: fc.integer({ min: 1, max: TIME_TO_LIVE_MAX_MS }).map(millis),
    value: bytesUpTo(VALUE_SIZE_MAX),
  }),
  fc.record({ type: fc.constant("get" as const), key: bytesUpTo(KEY_SIZE_MAX) }),
  fc.record({ type: fc.constant("delete" as const), key: bytesUpTo(KEY_SIZE_MAX) }),
);

describe("operations", () => {
  test("are short: three bytes set to three take eight", () => {
    expect(
      [set("abc", "def"), setFor(60_000, "abc", "def"), get("abc"), remove("abc")].map((each) => each.length),
    ).toEqual([8, 11, 4, 4]);
  });

  test("are what they were after encoding and decoding, and have one encoding", () => {
    fc.assert(
      fc.property(anyOperation, (operation) => {
        expect(decode(KeyValueOperation, encode(KeyValueOperation, operation))).toEqual({ ok: true, value: operation });
      }),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), bytesUpTo(40), (tag, tail) => {
        const bytes = Uint8Array.of(tag, ...tail);
        const decoded = decode(KeyValueOperation, bytes);
        if (decoded.ok) expect(encode(KeyValueOperation, decoded.value)).toEqual(bytes);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test("that live no time or too long, and keys and values that are too long, are refused", () => {
    const longKey = new Uint8Array(KEY_SIZE_MAX + 1);
    const refused: readonly (readonly [string, readonly number[]])[] = [
      ["cut short", []],
      ["unknown tag", [0x00]],
      ["unknown tag", [0x05, 1]],
      ["cut short", [0x01, 2, 65]],
      ["out of range", [0x01, KEY_SIZE_MAX + 1, ...longKey]],
      ["too long", [0x01, 0, ...new Uint8Array(VALUE_SIZE_MAX + 1)]],
      ["not canonical", [0x02, 1, 65, 0x81, 0x00]],
      ["out of range", [0x02, 1, 65, 0]],
      ["out of range", [0x02, 1, 65, 0xff, 0xff, 0xff, 0x7f]],
      ["too long", [0x03, ...longKey]],
      ["too long", [0x04, ...longKey]],
    ];
    for (const [why, bytes] of refused) {
      expect([bytes, decode(KeyValueOperation, Uint8Array.from(bytes))]).toMatchObject([bytes, { ok: false, why }]);
    }
  });

  test("to live for no time is our mistake", () => {
    expect(() => setFor(0, "a", "b")).toThrow("a time to live is some time");
  });
});

test("each result is a tag, and a value after it where there is one", () => {
  const results: KeyValueResult[] = [
    { type: "ok" },
    { type: "value", value: Uint8Array.of(7, 8) },
    { type: "notFound" },
    { type: "deleted" },
    { type: "invalidOperation" },
    { type: "full" },
  ];
  const encoded = results.map((result) => [...encode(KeyValueResult, result)]);
  expect(encoded).toEqual([[1], [2, 7, 8], [3], [4], [5], [6]]);
  expect(encoded.map((bytes) => decode(KeyValueResult, Uint8Array.from(bytes)))).toEqual(
    results.map((value) => ({ ok: true, value })),
  );
});
