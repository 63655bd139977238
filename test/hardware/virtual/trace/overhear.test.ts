import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import { type Heard, interrupt, overhear, overhearing } from "../../../../hardware/virtual/trace/overhear.ts";
import type { Direction } from "../../../../hardware/virtual/trace/trace.ts";
import { encodeFrame, type Frame } from "../../../../protocol/frame/frame.ts";
import { slipEncode } from "../../../../protocol/frame/slip.ts";
import { recorded } from "./recorded.ts";

const trace = recorded(boards.nrf52);
const bytesOf = (direction: Direction): Uint8Array =>
  Uint8Array.from(
    trace.lines.flatMap((line) => (line.type === "bytes" && line.direction === direction ? [...line.bytes] : [])),
  );

function hear(direction: Direction, pieces: readonly Uint8Array[]): Heard[] {
  const heard: Heard[] = [];
  const ear = overhearing(direction);
  for (const piece of pieces) overhear(ear, 0, piece, heard);
  return heard;
}

const data = (sequence: number, chunk: readonly number[], last: 0 | 1 = 1): Frame => ({
  type: "data",
  sequence,
  ack: 0,
  position: 0,
  grant: 0,
  flags: { class: 1, last },
  chunk: Uint8Array.from(chunk),
});

function wireOf(...frames: readonly Frame[]): Uint8Array {
  const wire = new Uint8Array(10_000);
  let at = 0;
  for (const frame of frames) at = slipEncode(encodeFrame(frame, new Uint8Array(256)), wire, at);
  return wire.slice(0, at);
}

const packets = (heard: readonly Heard[]): string[] =>
  heard.flatMap((each) => (each.type === "packet" ? [each.bytes.join(" ")] : []));

describe("who listens in", () => {
  test("hears the same in whatever pieces it comes, and keeps no view of them", () => {
    for (const direction of ["down", "up"] as const) {
      const bytes = bytesOf(direction);
      const whole = hear(direction, [bytes]);
      expect(whole.filter(({ type }) => type === "packet").length).toBeGreaterThan(5);
      expect(whole.filter(({ type }) => type === "noise")).toEqual([]);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 60 }), (sizes) => {
          const pieces: Uint8Array[] = [];
          let at = 0;
          for (const size of sizes) pieces.push(bytes.slice(at, (at += size)));
          pieces.push(bytes.slice(at));
          const heard = hear(direction, pieces);
          for (const piece of pieces) piece.fill(0);
          expect(heard).toEqual(whole);
        }),
        { seed: 1, numRuns: 100 },
      );
    }
  });

  test("shows a packet once, however often a frame is said", () => {
    expect(packets(hear("up", [wireOf(data(0, [1]), data(1, [2]), data(0, [1]), data(1, [2]), data(2, [3]))]))).toEqual(
      [...["1", "2", "3"]],
    );
  });

  test("leaves out what a missed frame was part of, and no more", () => {
    const heard = hear("up", [wireOf(data(0, [1], 0), data(2, [3]), data(3, [4]))]);
    expect(packets(heard)).toEqual(["4"]);
  });

  test("after the port was opened anew, takes nothing for the end of what came before", () => {
    const ear = overhearing("up");
    const heard: Heard[] = [];
    overhear(ear, 0, wireOf(data(7, [1, 2], 0)), heard);
    overhear(ear, 0, wireOf(data(8, [3])).subarray(0, 5), heard);
    interrupt(ear);
    overhear(ear, 0, wireOf(data(0, [9])), heard);
    expect(packets(heard)).toEqual(["9"]);
  });

  test("bears any bytes, and remembers little of them", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 5 }), (pieces) => {
        const ear = overhearing("down");
        const heard: Heard[] = [];
        for (const piece of pieces) overhear(ear, 0, piece, heard);
        expect(ear.raw.length).toBeLessThanOrEqual(64);
        const size = ear.parts.flatMap((parts) => parts ?? []).reduce((sum, part) => sum + part.length, 0);
        expect(size).toBeLessThanOrEqual(4 * 4112);
      }),
      { seed: 1, numRuns: 100 },
    );
    // A packet without an end.
    const ear = overhearing("down");
    for (let i = 0; i < 1000; i++) overhear(ear, 0, wireOf(data(i & 0xff, new Array(200).fill(1), 0)), []);
    expect(ear.parts.flatMap((parts) => parts ?? []).length).toBeLessThan(30);
  });
});
