import { SlipDecoder, SlipEncoder } from "@serialport/parser-slip-encoder";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  END,
  ESC,
  ESC_END,
  ESC_ESC,
  type SlipFault,
  slip,
  slipDecode,
  slipEncode,
  slipSizeMax,
} from "../../../protocol/frame/slip.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });
const SIZE_MAX = 64;

type Heard = readonly number[] | SlipFault;

/** What a decoder makes of chunks, copied, since a frame is good until the next call only. */
function decodeAll(chunks: readonly Uint8Array[], decoder = slip(SIZE_MAX)): Heard[] {
  const heard: Heard[] = [];
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      at = slipDecode(decoder, chunk, at);
      if (decoder.frame !== undefined) heard.push([...decoder.frame]);
      if (decoder.refused !== undefined) heard.push(decoder.refused);
      expect(decoder.length).toBeLessThanOrEqual(SIZE_MAX);
    }
  }
  return heard;
}

function encoded(frame: Uint8Array): Uint8Array {
  const wire = new Uint8Array(slipSizeMax(frame.length));
  return wire.subarray(0, slipEncode(frame, wire, 0));
}

const of = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

function theirEncoding(frame: Uint8Array): number[] {
  const encoder = new SlipEncoder({ objectMode: true });
  encoder.write(Buffer.from(frame));
  return [...(encoder.read() as Buffer)];
}

function theirDecoding(chunks: readonly Uint8Array[]): number[][] {
  const decoder = new SlipDecoder({ objectMode: true });
  const frames: number[][] = [];
  // Never ended: what is unfinished is no frame.
  for (const chunk of chunks) {
    decoder.write(Buffer.from(chunk));
    for (let frame: Buffer | null = decoder.read(); frame !== null; frame = decoder.read()) frames.push([...frame]);
  }
  return frames;
}

/** Bytes in which those that SLIP escapes are as frequent as all others. */
const anyByte = fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.constantFrom(END, ESC, ESC_END, ESC_ESC));
const anyBytes = (most: number) => fc.array(anyByte, { maxLength: most }).map((all) => Uint8Array.from(all));
const anyFrame = fc.array(anyByte, { minLength: 1, maxLength: SIZE_MAX }).map((all) => Uint8Array.from(all));
const anyFrames = fc.array(anyFrame, { maxLength: 6 });
const anyCuts = fc.array(fc.nat(), { maxLength: 12 });

describe("SLIP beside @serialport/parser-slip-encoder", () => {
  test("any frame is written as it writes it [I11]", () => {
    fc.assert(
      fc.property(anyBytes(SIZE_MAX), (frame) => {
        expect([...encoded(frame)]).toEqual(theirEncoding(frame));
      }),
      runs(500),
    );
  });

  test("what it wrote we read, and what we wrote it reads, in any chunks [I11]", () => {
    fc.assert(
      fc.property(anyFrames, anyCuts, (frames, places) => {
        const sent = frames.map((frame) => [...frame]);
        const theirs = joined(frames.map((frame) => Uint8Array.from(theirEncoding(frame))));
        const ours = joined(frames.map(encoded));
        expect(decodeAll(cut(theirs, places))).toEqual(sent);
        expect(theirDecoding(cut(ours, places))).toEqual(sent);
      }),
      runs(300),
    );
  });
});

describe("slipEncode", () => {
  test("END and ESC are escaped, one END closes the frame", () => {
    expect([...encoded(of(1, END, 2, ESC, 3))]).toEqual([1, ESC, ESC_END, 2, ESC, ESC_ESC, 3, END]);
    expect([...encoded(of(END, END, ESC, ESC))]).toEqual(
      [ESC, ESC_END, ESC, ESC_END, ESC, ESC_ESC, ESC, ESC_ESC, END], // As it stands in RFC 1055.
    );
    expect([...encoded(of(ESC_END, ESC_ESC))]).toEqual([ESC_END, ESC_ESC, END]);
  });

  test("it writes from where it is told, answers where it ended, and touches nothing else", () => {
    const wire = new Uint8Array(20).fill(0x11);
    const end = slipEncode(of(END, 5), wire, 4);
    expect(end).toBe(8);
    expect([...wire]).toEqual([...new Array(4).fill(0x11), ESC, ESC_END, 5, END, ...new Array(12).fill(0x11)]);
  });

  test("the worst case is reached by a frame of ENDs, and less room than it needs is our mistake", () => {
    const frame = new Uint8Array(10).fill(END);
    expect(slipSizeMax(10)).toBe(22);
    expect(slipEncode(frame, new Uint8Array(21), 0)).toBe(21);
    expect(() => slipEncode(frame, new Uint8Array(20), 0)).toThrow("the wire buffer has room for the worst case");
    expect(() => slipEncode(frame, new Uint8Array(30), 10)).toThrow("the wire buffer has room for the worst case");
  });
});

describe("slipDecode", () => {
  test("frames are the same however the bytes are cut [I11]", () => {
    fc.assert(
      fc.property(anyBytes(400), anyCuts, (wire, places) => {
        const whole = decodeAll([wire]);
        expect(decodeAll(cut(wire, places))).toEqual(whole);
        expect(decodeAll([...wire].map((byte) => of(byte)))).toEqual(whole);
      }),
      runs(400),
    );
  });

  test("after any garbage, the next END makes it whole again [I11]", () => {
    fc.assert(
      fc.property(anyBytes(200), anyFrames, anyCuts, (garbage, frames, places) => {
        const wire = joined([garbage, of(END), ...frames.map(encoded)]);
        const heard = decodeAll(cut(wire, places));
        expect(heard.slice(heard.length - frames.length)).toEqual(frames.map((frame) => [...frame]));
        expect(heard.slice(0, heard.length - frames.length)).toEqual(decodeAll([garbage, of(END)]));
      }),
      runs(400),
    );
  });

  test("a bad escape refuses its frame and no other [I11]", () => {
    const bad: readonly Uint8Array[] = [
      of(1, ESC, 2, 3, END),
      of(1, ESC, END),
      of(ESC, ESC, ESC_END, END),
      of(ESC, 0, ESC, 0, END),
    ];
    for (const each of bad) {
      const wire = joined([encoded(of(7)), each, encoded(of(8, END))]);
      for (let place = 0; place < wire.length; place++) {
        expect(decodeAll(cut(wire, [place]))).toEqual([[7], "bad escape", [8, END]]);
      }
    }
  });

  test("a frame of the largest size passes, one byte more is refused, and only it, in any chunks [I11]", () => {
    for (const filler of [1, END, ESC]) {
      const most = encoded(new Uint8Array(SIZE_MAX).fill(filler));
      const more = encoded(new Uint8Array(SIZE_MAX + 1).fill(filler));
      const much = encoded(new Uint8Array(5000).fill(filler));
      const heard = [new Array(SIZE_MAX).fill(filler), "oversized", "oversized", [9]];
      const wire = joined([most, more, much, encoded(of(9))]);
      expect(decodeAll([wire])).toEqual(heard);
      for (const size of [1, 2, 63, 64, 65, 129]) {
        const places = Array.from({ length: Math.floor(wire.length / size) }, (_, index) => index * size);
        expect(decodeAll(cut(wire, places))).toEqual(heard);
      }
    }
  });

  test("what never ends takes no more room than the largest frame", () => {
    const decoder = slip(SIZE_MAX);
    for (let i = 0; i < 1000; i++) expect(decodeAll([new Uint8Array(100).fill(i & 0x7f)], decoder)).toEqual([]);
    expect(decoder.buffer).toHaveLength(SIZE_MAX);
    expect(decodeAll([of(END), encoded(of(5))], decoder)).toEqual(["oversized", [5]]);
  });

  test("empty frames pass unmentioned: an END before a frame flushes noise", () => {
    expect(decodeAll([of(END, END, END)])).toEqual([]);
    expect(decodeAll([of(END), encoded(of(1)), of(END, END), encoded(of(2))])).toEqual([[1], [2]]);
    expect(decodeAll([of(0x13, 0x37, END), encoded(of(2))])).toEqual([[0x13, 0x37], [2]]);
  });

  test("an undamaged frame in one chunk is a view of it, not a copy", () => {
    const decoder = slip(SIZE_MAX);
    const wire = joined([encoded(of(1, 2, 3)), encoded(of(4, END))]);
    const next = slipDecode(decoder, wire, 0);
    expect(decoder.frame?.buffer).toBe(wire.buffer);
    slipDecode(decoder, wire, next);
    expect(decoder.frame?.buffer).toBe(decoder.buffer.buffer);
  });

  test("it says what each frame took on the wire, its END included", () => {
    fc.assert(
      fc.property(anyFrames, anyCuts, (frames, places) => {
        const decoder = slip(SIZE_MAX);
        const sizes: number[] = [];
        for (const chunk of cut(joined(frames.map(encoded)), places)) {
          for (let at = 0; at < chunk.length; ) {
            at = slipDecode(decoder, chunk, at);
            if (decoder.frame !== undefined) sizes.push(decoder.frameWireSize);
          }
        }
        expect(sizes).toEqual(frames.map((frame) => encoded(frame).length));
      }),
      runs(200),
    );
  });
});
