/** The serial link at 921600 baud with the boards' own buffers: application bytes of 244 B packets as a share of the wire. */
import { boards } from "../../hardware/boards/boards.ts";
import { noise } from "../../hardware/virtual/noise.ts";
import { wire } from "../../hardware/virtual/wire.ts";
import { chance, draw32, drawBytes } from "../../protocol/core/chance.ts";
import { millis } from "../../protocol/core/units.ts";
import type { LinkEffect } from "../../protocol/link/events.ts";
import { advancePair, config, end, feed, openBoth, type Pair, runUntil } from "../protocol/link/pair.ts";
import type { Row } from "./bench.ts";

const BAUD = 921_600;
const PACKET_SIZE = 244;
const HOST_SPACE = 4096;

type Direction = "down" | "up" | "both";

interface Run {
  readonly space: number;
  readonly direction: Direction;
  readonly bridgeMs?: number;
  readonly boardPacketMs?: number;
}

/** Share of the wire's bytes that are the application's, host to board and board to host, over a second of virtual time. */
export function goodput(run: Run): { down: number; up: number } {
  const oneWayMs = (run.bridgeMs ?? 0) / 2;
  const delivered = [0, 0];
  const count = (who: number) => (effect: LinkEffect) => {
    if (effect.type === "deliver") delivered[who] += effect.bytes.length;
  };
  const host = end(config({ space: HOST_SPACE }), wire(BAUD, oneWayMs), count(1));
  const board = end(config({ space: run.space }), wire(BAUD, oneWayMs), count(0), run.boardPacketMs ?? 0);
  const pair: Pair = { now: millis(0), ends: [host, board] };
  openBoth(pair);
  runUntil(pair, () => host.link.mode === "open" && board.link.mode === "open", 1000);
  const random = chance(7);
  const top = (at: 0 | 1) => {
    const from = pair.ends[at];
    while (from.link.waiting[2].length < 4) {
      const bytes = drawBytes(random, PACKET_SIZE);
      feed(pair, from, { type: "submit", at: pair.now, class: 2, bytes, token: draw32(random) });
    }
  };
  const fill = () => {
    if (run.direction !== "up") top(0);
    if (run.direction !== "down") top(1);
  };
  const until = (ms: number) => {
    for (let more = true; more; ) {
      fill();
      more = advancePair(pair, millis(ms));
    }
  };
  // The first tenth of a second is the run-up: queues fill, the round trip is learnt.
  until(100);
  const before = [...delivered];
  until(1100);
  const wireBytes = BAUD / 10;
  if (board.unreadSizePeak > run.space) throw new Error("the board's receive buffer overflowed");
  return { down: (delivered[0] - before[0]) / wireBytes, up: (delivered[1] - before[1]) / wireBytes };
}

/** Packets that arrived whole, once and in order, over a wire that flips, loses and inserts a byte in 10^4. */
export function lossless(count: number, rate: number): { intact: number; resent: number; faults: number } {
  const random = chance(11);
  const noises = [noise(rate, chance(12)), noise(rate, chance(13))];
  const expected = chance(14);
  const sent = chance(14);
  let delivered = 0;
  let intact = 0;
  const host = end(config({ space: HOST_SPACE }), wire(BAUD, 0, noises[0]), () => {});
  const board = end(config({ space: boards.nrf52.receiveSpace }), wire(BAUD, 0, noises[1]), (effect) => {
    if (effect.type !== "deliver") return;
    delivered += 1;
    const want = drawBytes(expected, PACKET_SIZE);
    if (want.every((byte, at) => byte === effect.bytes[at]) && effect.bytes.length === PACKET_SIZE) intact += 1;
  });
  const pair: Pair = { now: millis(0), ends: [host, board] };
  openBoth(pair);
  runUntil(pair, () => host.link.mode === "open" && board.link.mode === "open", 5000);
  for (let submitted = 0; delivered < count; ) {
    while (submitted < count && host.link.waiting[2].length < 4) {
      const bytes = drawBytes(sent, PACKET_SIZE);
      feed(pair, host, { type: "submit", at: pair.now, class: 2, bytes, token: draw32(random) });
      submitted += 1;
    }
    if (!advancePair(pair, millis(count * 60))) break;
  }
  const faults = noises.reduce((sum, each) => sum + each.flipped + each.lost + each.inserted, 0);
  return { intact: delivered === count ? intact : 0, resent: host.link.counters.resent, faults };
}

export function bench(): Row[] {
  const rows: Row[] = [];
  const row = (metric: string, value: number, unit = "of the wire") => rows.push({ metric, value: round(value), unit });
  const chips = [
    ["nrf52", boards.nrf52],
    ["esp32", boards.esp32],
  ] as const;
  for (const [name, board] of chips) {
    const space = board.receiveSpace;
    row(`goodput-${name}`, goodput({ space, direction: "down" }).down);
    row(`goodput-up-${name}`, goodput({ space, direction: "up" }).up);
    const both = goodput({ space, direction: "both" });
    row(`duplex-down-${name}`, both.down);
    row(`duplex-up-${name}`, both.up);
    row(`rtt2-${name}`, goodput({ space, direction: "down", bridgeMs: 2 }).down);
    row(`board-time-${name}`, goodput({ space, direction: "down", boardPacketMs: board.packetMs }).down);
  }
  const count = 100_000;
  const result = lossless(count, 1e-4);
  row("lossless-errors", result.intact / count, "of 10^5 packets");
  row("lossless-faults", result.faults, "bytes");
  row("lossless-resent", result.resent, "frames");
  return rows;
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
