import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { crc16 } from "../../../protocol/bytes/crc16.ts";
import { CHUNK_SIZE_MAX, LOG_TEXT_SIZE_MAX, SERIAL_FRAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { type DecodedFrame, decodeFrame, encodeFrame, Frame } from "../../../protocol/frame/frame.ts";
import { slip, slipDecode, slipEncode, slipSizeMax } from "../../../protocol/frame/slip.ts";
import { fromHex, fromJson, type Json, toHex } from "../message/json-value.ts";
import { examples } from "./examples.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });
const into = new Uint8Array(SERIAL_FRAME_SIZE_MAX);
const framed = (frame: Frame): Uint8Array => encodeFrame(frame, into).slice();
const accepted = (bytes: Uint8Array): boolean => decodeFrame(bytes).ok;

/** A frame around any bytes, with the CRC they need. */
function withCrc(body: readonly number[]): Uint8Array {
  const crc = crc16(Uint8Array.from(body));
  return Uint8Array.of(...body, crc >>> 8, crc & 0xff);
}

const natural = (max: number) => fc.integer({ min: 0, max });
const position = { position: natural(0xffff), grant: natural(0xffff), ack: natural(0xff) };
const opening = fc.record({
  session: natural(0xffffffff),
  major: natural(0xff),
  minor: natural(0xff),
  features: natural(0xffffffff),
  space: natural(0xffff),
  packetSizeMax: natural(0xffff),
});
const type = <T extends Frame["type"]>(value: T) => fc.constant(value);
const anyData = fc.record({
  type: type("data"),
  sequence: natural(0xff),
  ...position,
  flags: fc.record({ class: natural(3), last: natural(1) }),
  chunk: fc.uint8Array({ maxLength: CHUNK_SIZE_MAX, size: "max" }),
});
const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: type("reset"), position: natural(0xffff), opening }),
  fc.record({
    type: type("resetAck"),
    position: natural(0xffff),
    grant: natural(0xffff),
    echo: natural(0xffffffff),
    opening,
  }),
  anyData,
  fc.record({ type: type("ack"), ...position }),
  fc.record({ type: type("again"), ...position }),
  fc.record({
    type: type("log"),
    position: natural(0xffff),
    level: natural(3),
    text: fc.uint8Array({ maxLength: LOG_TEXT_SIZE_MAX, size: "max" }),
  }),
);

/** Every frame that differs in one byte: flipped any way, lost, or one more anywhere. */
function* oneByteWrong(frame: Uint8Array, values: readonly number[]): Generator<Uint8Array> {
  for (let at = 0; at < frame.length; at++) {
    for (const value of values) {
      if (value === 0) continue;
      const flipped = frame.slice();
      flipped[at] ^= value;
      yield flipped;
    }
    yield Uint8Array.of(...frame.subarray(0, at), ...frame.subarray(at + 1));
  }
  for (let at = 0; at <= frame.length; at++) {
    for (const value of values) yield Uint8Array.of(...frame.subarray(0, at), value, ...frame.subarray(at));
  }
}

const everyByte = Array.from({ length: 256 }, (_, byte) => byte);

describe("frame", () => {
  test("any frame comes back, through its CRC and through SLIP [I11]", () => {
    const decoder = slip(SERIAL_FRAME_SIZE_MAX);
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const bytes = framed(frame);
        expect(bytes.length).toBeLessThanOrEqual(SERIAL_FRAME_SIZE_MAX);
        expect(decodeFrame(bytes)).toEqual({ ok: true, frame });
        const wire = new Uint8Array(slipSizeMax(bytes.length));
        slipDecode(decoder, wire.subarray(0, slipEncode(bytes, wire, 0)), 0);
        expect(decodeFrame(decoder.frame as Uint8Array)).toEqual({ ok: true, frame });
      }),
      runs(500),
    );
  });

  test("the largest frame is exactly as large as a frame may be", () => {
    expect(SERIAL_FRAME_SIZE_MAX).toBe(256);
    expect(framed(examples["the largest data"])).toHaveLength(256);
    expect(() =>
      framed({ ...examples["the largest data"], chunk: new Uint8Array(CHUNK_SIZE_MAX + 1) } as Frame),
    ).toThrow("a byte string keeps its bound");
    expect(() => encodeFrame(examples["ack"], new Uint8Array(255))).toThrow("the buffer has room");
  });

  test("every flip, loss and insertion of one byte in a data frame is refused [I11]", () => {
    const wrong = [...oneByteWrong(framed(examples["data"]), everyByte)];
    expect(wrong.length).toBeGreaterThan(8000);
    expect(wrong.filter(accepted).map(toHex)).toEqual([]);
  });

  test("a flip, loss or insertion of one byte in any frame is refused [I11]", () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), natural(0xff), (frame, where, value) => {
        const bytes = framed(frame);
        const at = where % bytes.length;
        const flipped = bytes.slice();
        flipped[at] ^= value === 0 ? 1 : value;
        expect(accepted(flipped)).toBe(false);
        expect(accepted(Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1)))).toBe(false);
        expect(accepted(Uint8Array.of(...bytes.subarray(0, at), value, ...bytes.subarray(at)))).toBe(false);
      }),
      runs(2000),
    );
  });

  test("a frame cut short at any length is refused, the shortest by name [I11]", () => {
    const bytes = framed(examples["log"]);
    for (let size = 0; size < bytes.length; size++) expect(accepted(bytes.subarray(0, size))).toBe(false);
    for (const size of [0, 1, 2]) expect(decodeFrame(bytes.subarray(0, size))).toEqual({ ok: false, why: "cut short" });
    expect(decodeFrame(bytes.subarray(0, 3))).toEqual({ ok: false, why: "damaged" });
  });

  test("a sound CRC does not make a frame: the layout is checked behind it", () => {
    const refusals: readonly [string, number[]][] = [
      ["unknown tag", [0x00]],
      ["unknown tag", [0x07, 1, 2, 3]],
      ["cut short", [0x04, 1, 2]],
      ["left over", [0x04, 1, 2, 3, 4, 5, 6]],
      ["not canonical", [0x03, 1, 2, 0, 3, 0, 4, 0x08, 0]],
      ["too long", [0x03, 1, 2, 0, 3, 0, 4, 0, CHUNK_SIZE_MAX + 1, ...new Array(CHUNK_SIZE_MAX + 1).fill(0)]],
      ["out of range", [0x06, 0, 1, 4, 0]],
    ];
    for (const [why, body] of refusals) expect(decodeFrame(withCrc(body))).toEqual({ ok: false, why });
  });

  test("any bytes are refused or are a frame that writes the same bytes, with no exception", () => {
    const tagged = fc.tuple(natural(8), fc.uint8Array({ maxLength: 40 })).map(([tag, body]) => withCrc([tag, ...body]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), tagged), (bytes) => {
        const decoded = decodeFrame(bytes);
        if (decoded.ok) expect(toHex(framed(decoded.frame))).toBe(toHex(bytes));
      }),
      runs(3000),
    );
  });

  test("a board's own CRC takes the place of ours on both sides", () => {
    const sum = (bytes: Uint8Array, start: number, end: number): number =>
      bytes.subarray(start, end).reduce((total, byte) => (total + byte) & 0xffff, 0);
    const bytes = encodeFrame(examples["ack"], into, sum).slice();
    expect(decodeFrame(bytes, sum)).toEqual({ ok: true, frame: examples["ack"] });
    expect(decodeFrame(bytes)).toEqual({ ok: false, why: "damaged" });
  });

  test("types: a frame is closed by its type, a refusal has a name", () => {
    expectTypeOf<Frame["type"]>().toEqualTypeOf<"reset" | "resetAck" | "data" | "ack" | "again" | "log">();
    expectTypeOf(decodeFrame).returns.toEqualTypeOf<DecodedFrame>();
  });
});

interface Vector {
  readonly name: string;
  /** With its CRC, before SLIP and after. */
  readonly hex: string;
  readonly wire: string;
  readonly value: Json;
}
const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../../vectors/frame.json", import.meta.url), "utf8"),
);

describe("golden vectors", () => {
  test("every type of frame has one", () => {
    expect(vectors.map((vector) => vector.name)).toEqual(Object.keys(examples));
    expect(new Set(Object.values(examples).map((frame) => frame.type)).size).toBe(Frame.rows?.length);
  });

  for (const vector of vectors) {
    test(`${vector.name} has the bytes it always had`, () => {
      const frame = examples[vector.name];
      expect(fromJson(vector.value)).toEqual(frame);
      const bytes = framed(frame);
      expect(toHex(bytes)).toBe(vector.hex);
      expect(decodeFrame(fromHex(vector.hex))).toEqual({ ok: true, frame });
      const wire = new Uint8Array(slipSizeMax(bytes.length));
      expect(toHex(wire.subarray(0, slipEncode(bytes, wire, 0)))).toBe(vector.wire);
    });
  }
});
