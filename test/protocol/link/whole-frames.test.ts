import { describe, expect, it } from "vitest";
import { wire } from "../../../hardware/virtual/wire.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { SERIAL_AHEAD_SIZE } from "../../../protocol/core/limits.ts";
import { CRITICAL, LOW, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { config, type End, end, feed, openBoth, type Pair, runUntil } from "./pair.ts";

interface Run extends Pair {
  readonly host: End;
  readonly got: { at: number; class: number; bytes: Uint8Array }[];
  pieces: number;
}

function opened(whole: boolean, boardSpace: number): Run {
  const got: Run["got"] = [];
  const host = end(config(), wire(230_400, 0.5), (effect) => effect.type === "transmit" && pair.pieces++, 0, whole);
  const board = end(
    config({ space: boardSpace }),
    wire(230_400, 0.5),
    (effect) => effect.type === "deliver" && got.push({ at: pair.now, class: effect.class, bytes: effect.bytes }),
    0,
    whole,
  );
  const pair: Run = { now: millis(0), ends: [host, board], host, got, pieces: 0 };
  openBoth(pair);
  runUntil(pair, () => host.link.mode === "open" && board.link.mode === "open", 20_000);
  pair.pieces = 0;
  return pair;
}

function submit(run: Run, packetClass: PacketClass, bytes: Uint8Array): void {
  feed(run, run.host, { type: "submit", at: run.now, class: packetClass, bytes, token: 0 });
}

describe("a port that takes a frame whole", () => {
  it("brings the same packets in the same time, in a tenth of the pieces where the other end has room", () => {
    for (const [space, fewer] of [
      [4096, 10],
      [256, 3],
      [128, 1.5],
    ] as const) {
      const [pieces, frames] = [false, true].map((whole) => {
        const run = opened(whole, space);
        const random = chance(3);
        for (let i = 0; i < 12; i++) submit(run, LOW, drawBytes(random, 490));
        runUntil(run, () => run.got.length === 12, 60_000);
        return run;
      });
      expect(frames.got.map(({ bytes }) => bytes)).toEqual(pieces.got.map(({ bytes }) => bytes));
      expect(Math.abs(frames.now / pieces.now - 1)).toBeLessThan(0.02);
      expect(pieces.pieces).toBeGreaterThan(fewer * frames.pieces);
    }
  });

  it("still lets an urgent packet go before the next frame", () => {
    const run = opened(true, 4096);
    for (let i = 0; i < 4; i++) submit(run, LOW, new Uint8Array(490).fill(i));
    submit(run, CRITICAL, new Uint8Array(40));
    runUntil(run, () => run.got.length === 5, 60_000);
    expect(run.got[0].class).toBe(CRITICAL);
  });

  it("starts to wait for the answer when it has room again, not when it takes the frame", () => {
    const run = opened(true, 4096);
    runUntil(run, () => run.host.link.room >= SERIAL_AHEAD_SIZE / 2, 60_000);
    submit(run, LOW, new Uint8Array(240));
    const { link } = run.host;
    expect([link.room < 0, link.inFlight.length, link.retransmitAt]).toEqual([true, 1, undefined]);
    feed(run, run.host, { type: "tick", at: run.now });
    expect(link.retransmitAt).toBeUndefined();
    feed(run, run.host, { type: "writable", at: run.now, room: 16, whole: true });
    expect(link.retransmitAt).toBe(run.now + link.roundTrip.timeoutMs);
  });
});
