import { describe, expect, it } from "vitest";
import { noise } from "../../../hardware/virtual/noise.ts";
import { wire } from "../../../hardware/virtual/wire.ts";
import { chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import {
  DEAD_AFTER_MS,
  HEARTBEAT_MS,
  SERIAL_FRAME_SIZE_MAX,
  SERIAL_PACKET_SIZE_MAX,
  SERIAL_QUEUE_LENGTH_MAX,
  WIRE_FRAME_SIZE_MAX,
} from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { encodeFrame, type Frame } from "../../../protocol/frame/frame.ts";
import { slipEncode } from "../../../protocol/frame/slip.ts";
import type { LinkEffect } from "../../../protocol/link/events.ts";
import { nextDeadline, step } from "../../../protocol/link/link.ts";
import { link } from "../../../protocol/link/state.ts";
import { advancePair, config, type End, end, feed, openBoth, type Pair, runUntil } from "./pair.ts";

interface Heard {
  readonly effects: LinkEffect[];
}

interface Bench extends Pair {
  readonly host: End;
  readonly board: End;
  readonly hostHeard: Heard;
  readonly boardHeard: Heard;
}

/** A host with plenty of room and a board with an ESP32's 128 B, opened. */
function bench(
  options: { space?: number; hostSpace?: number; rate?: number; seed?: number; latencyMs?: number } = {},
): Bench {
  const hostHeard: Heard = { effects: [] };
  const boardHeard: Heard = { effects: [] };
  const cable = (salt: number) => {
    const heard = options.rate === undefined ? undefined : noise(options.rate, chance((options.seed ?? 1) + salt));
    return wire(921_600, options.latencyMs ?? 0, heard);
  };
  const collect = (heard: Heard) => (effect: LinkEffect) => {
    if (effect.type !== "transmit") heard.effects.push(effect);
  };
  const host = end(config({ space: options.hostSpace ?? 4096 }), cable(1000), collect(hostHeard));
  const board = end(config({ space: options.space ?? 128 }), cable(2000), collect(boardHeard));
  const pair: Bench = { now: millis(0), ends: [host, board], host, board, hostHeard, boardHeard };
  openBoth(pair);
  runUntil(pair, () => host.link.mode === "open" && board.link.mode === "open", 20_000);
  return pair;
}

const submit = (pair: Pair, from: End, bytes: Uint8Array, token: number, packetClass: PacketClass = 2): void =>
  feed(pair, from, { type: "submit", at: pair.now, class: packetClass, bytes, token });

const delivered = (heard: Heard) => heard.effects.filter((effect) => effect.type === "deliver");
const of = (heard: Heard, type: LinkEffect["type"]) => heard.effects.filter((effect) => effect.type === type);

const run = (pair: Pair, ms: number): void => {
  while (advancePair(pair, millis(ms)));
};

describe("opening", () => {
  it("both ends know each other's space and versions, and only then speak [I11] [H14]", () => {
    const pair = bench();
    expect(pair.host.link.peer?.space).toBe(128);
    expect(pair.board.link.peer?.space).toBe(4096);
    expect(of(pair.hostHeard, "opened")).toHaveLength(1);
    expect(of(pair.boardHeard, "opened")).toHaveLength(1);
  });

  it("both ends use what both have, and nothing that one of them lacks [H14]", () => {
    const heard: LinkEffect[] = [];
    const over = [
      { minor: 3, features: 0x8000_0006 },
      { minor: 1, features: 0x8000_000c },
    ];
    const ends = over.map((each) => end(config(each), wire(921_600, 0), (effect) => heard.push(effect))) as [End, End];
    const pair: Pair = { now: millis(0), ends };
    openBoth(pair);
    run(pair, 1000);
    const versions = heard.flatMap((effect) => (effect.type === "opened" ? [effect.version] : []));
    expect(versions).toEqual(Array(2).fill({ major: 1, minor: 1, features: 0x8000_0004 }));
  });

  it("what an end said first under its session counts, whatever its answer says then", () => {
    const alone = link(config());
    const effects: LinkEffect[] = [];
    const said = { session: 9, major: 1, minor: 0, features: 0, space: 128, packetSizeMax: 500 };
    const wired = (frame: Frame): Uint8Array => {
      const wire = new Uint8Array(WIRE_FRAME_SIZE_MAX);
      return wire.subarray(0, slipEncode(encodeFrame(frame, new Uint8Array(SERIAL_FRAME_SIZE_MAX)), wire, 0));
    };
    step(alone, { type: "open", at: millis(0), session: 5 }, effects);
    const reset = wired({ type: "reset", position: 0, opening: said });
    step(alone, { type: "received", at: millis(1), bytes: reset }, effects);
    const opening = { ...said, major: 2, space: 4096 };
    const answer = wired({ type: "resetAck", position: 0, grant: 100, echo: 5, opening });
    step(alone, { type: "received", at: millis(2), bytes: answer }, effects);
    expect(effects.filter((effect) => effect.type === "opened")).toMatchObject([{ peer: said, version: { major: 1 } }]);
    expect(alone.peer).toEqual(said);
  });

  it("no byte but of an opening leaves before the answer", () => {
    const alone = link(config());
    const effects: LinkEffect[] = [];
    step(alone, { type: "open", at: millis(0), session: 5 }, effects);
    step(alone, { type: "writable", at: millis(0), room: 10_000 }, effects);
    step(alone, { type: "submit", at: millis(0), class: 0, bytes: new Uint8Array(10), token: 1 }, effects);
    expect(effects.find((effect) => effect.type === "refused")).toEqual({ type: "refused", token: 1, why: "closed" });
    const size = effects.reduce((sum, effect) => sum + (effect.type === "transmit" ? effect.bytes.length : 0), 0);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(64);
    for (let ms = 0; ms < 10_000; ms += 100) step(alone, { type: "tick", at: millis(ms) }, effects);
    expect(effects.filter((effect) => effect.type === "transmit").length).toBeLessThan(10);
  });

  it("another major version is refused by both ends, and both say so [H14]", () => {
    const heard: LinkEffect[][] = [[], []];
    const ends = [1, 2].map((major, i) =>
      end(config({ major }), wire(921_600, 0), (effect) => {
        if (effect.type !== "transmit") heard[i].push(effect);
      }),
    ) as [End, End];
    const pair: Pair = { now: millis(0), ends };
    openBoth(pair);
    run(pair, 3000);
    for (const i of [0, 1]) {
      expect(ends[i].link.mode).toBe("incompatible");
      expect(heard[i]).toHaveLength(1);
      expect(heard[i][0]).toMatchObject({ type: "incompatible", peer: { major: 2 - i } });
    }
  });

  it("an end that starts over voids what was under way, and both open again", () => {
    const pair = bench();
    for (let token = 1; token <= 5; token++) submit(pair, pair.host, drawBytes(chance(token), 1000), token);
    run(pair, pair.now + 3);
    feed(pair, pair.board, { type: "open", at: pair.now, session: 77 });
    runUntil(pair, () => of(pair.hostHeard, "opened").length === 2 && pair.board.link.mode === "open", 5000);
    const settled = [...of(pair.hostHeard, "lost"), ...of(pair.hostHeard, "acknowledged")];
    expect(settled.map((effect) => (effect as { token: number }).token).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(of(pair.hostHeard, "lost").length).toBeGreaterThan(0);
    submit(pair, pair.host, new Uint8Array(300).fill(9), 6);
    runUntil(
      pair,
      () => of(pair.hostHeard, "acknowledged").some((effect) => (effect as { token: number }).token === 6),
      9000,
    );
  });

  it("opens over a wire so bad that openings and answers are lost", () => {
    for (let seed = 1; seed <= 20; seed++) expect(bench({ rate: 0.01, seed }).host.link.mode).toBe("open");
  });
});

describe("packets", () => {
  it("of every size cross whole and in order, in frames of at most 256 B [I11]", () => {
    const pair = bench();
    const sizes = [0, 1, 2, 127, 128, 244, 245, 246, 489, 490, 491, 1000, 4096, SERIAL_PACKET_SIZE_MAX];
    const random = chance(3);
    const sent = sizes.map((size) => drawBytes(random, size));
    for (const [token, bytes] of sent.entries()) {
      submit(pair, pair.host, bytes, token);
      runUntil(pair, () => delivered(pair.boardHeard).length === token + 1, 60_000);
    }
    expect(delivered(pair.boardHeard).map((effect) => (effect as { bytes: Uint8Array }).bytes)).toEqual(sent);
  });

  it("an urgent one overtakes a long one between two frames of it", () => {
    const pair = bench();
    submit(pair, pair.host, new Uint8Array(4096).fill(3), 1, 3);
    run(pair, pair.now + 10);
    submit(pair, pair.host, new Uint8Array(100).fill(7), 2, 0);
    runUntil(pair, () => delivered(pair.boardHeard).length === 2, 5000);
    expect(delivered(pair.boardHeard).map((effect) => (effect as { class: number }).class)).toEqual([0, 3]);
  });

  it("that do not fit a queue are refused by name, and none is lost in silence", () => {
    const pair = bench();
    for (let token = 0; token < 200; token++) submit(pair, pair.host, new Uint8Array(10), token);
    expect(of(pair.hostHeard, "refused").length).toBeGreaterThanOrEqual(200 - SERIAL_QUEUE_LENGTH_MAX - 16);
    expect(of(pair.hostHeard, "refused")[0]).toMatchObject({ why: "full" });
    submit(pair, pair.host, new Uint8Array(SERIAL_PACKET_SIZE_MAX + 1), 500);
    expect(of(pair.hostHeard, "refused").at(-1)).toMatchObject({ token: 500, why: "too long" });
    runUntil(
      pair,
      () => of(pair.hostHeard, "acknowledged").length + of(pair.hostHeard, "refused").length === 201,
      9000,
    );
    expect(delivered(pair.boardHeard)).toHaveLength(of(pair.hostHeard, "acknowledged").length);
  });

  it("arrive whole, once and in order at a byte error rate of 10^-3, both ways, on every space [I11]", () => {
    for (const space of [96, 128, 256, 4096]) {
      const pair = bench({ space, rate: 1e-3, seed: space });
      const random = chance(space);
      const sent = Array.from({ length: 200 }, () => drawBytes(random, drawBelow(random, 700)));
      const spaceOver: number[] = [];
      let submitted = 0;
      const both = [
        [pair.host, pair.boardHeard],
        [pair.board, pair.hostHeard],
      ] as const;
      while (both.some(([, heard]) => delivered(heard).length < sent.length)) {
        if (submitted < sent.length && both.every(([from]) => from.link.waiting[1].length < 8)) {
          for (const [from] of both) submit(pair, from, sent[submitted], submitted, 1);
          submitted += 1;
        }
        if (!advancePair(pair, millis(600_000))) break;
        spaceOver.push(pair.board.unreadSizePeak - space);
      }
      for (const [from, heard] of both) {
        expect(delivered(heard).map((effect) => (effect as { bytes: Uint8Array }).bytes)).toEqual(sent);
        expect(from.link.counters.resent).toBeGreaterThan(0);
        expect(from.link.counters.resets).toBe(1);
      }
    }
  });
});

describe("credits", () => {
  it("never let more onto the wire than the declared space, however long the board does not read", () => {
    for (const space of [96, 128, 256]) {
      const pair = bench({ space });
      const random = chance(space);
      for (let round = 0; round < 300; round++) {
        if (pair.host.link.waiting[2].length < 8)
          submit(pair, pair.host, drawBytes(random, drawBelow(random, 900)), round);
        // A page erase, a collection: the board is away for up to 100 ms.
        if (round % 7 === 0) pair.board.busyUntil = millis(pair.now + drawBelow(random, 100));
        run(pair, pair.now + drawBelow(random, 8));
      }
      expect(pair.board.unreadSizePeak).toBeLessThanOrEqual(space);
      expect(pair.board.unreadSizePeak).toBeGreaterThan(space / 2);
    }
  });

  it("come back whole after more bytes were lost than the whole space", () => {
    const pair = bench({ space: 128 });
    submit(pair, pair.host, new Uint8Array(4000).fill(1), 1);
    run(pair, pair.now + 2);
    // The cable is out while the host uses up its credit.
    for (const until = pair.now + 50; pair.now < until; ) {
      pair.host.out.underway.length = 0;
      if (!advancePair(pair, millis(until))) break;
    }
    expect(pair.host.link.counters.bytesOut).toBeGreaterThan(0);
    runUntil(pair, () => of(pair.hostHeard, "acknowledged").length === 1, pair.now + 2400);
    expect(pair.host.link.counters.starved).toBe(1);
    expect(pair.host.link.counters.resets).toBe(1);
    expect(delivered(pair.boardHeard)).toHaveLength(1);
  });

  it("of two small ends never wait for each other in mid-frame", () => {
    const pair = bench({ space: 128, hostSpace: 128 });
    for (let token = 0; token < 20; token++) {
      submit(pair, pair.host, new Uint8Array(700).fill(0xc0), token);
      submit(pair, pair.board, new Uint8Array(700).fill(0xdb), token);
    }
    runUntil(pair, () => delivered(pair.hostHeard).length === 20 && delivered(pair.boardHeard).length === 20, 20_000);
    expect(Math.max(pair.host.unreadSizePeak, pair.board.unreadSizePeak)).toBeLessThanOrEqual(128);
    expect(pair.host.link.counters.timeouts + pair.board.link.counters.timeouts).toBe(0);
  });
});

describe("silence", () => {
  it("a quiet link says so every half second and stays open", () => {
    const pair = bench();
    const frames = pair.host.link.counters.framesIn;
    run(pair, pair.now + 20 * HEARTBEAT_MS);
    expect(pair.host.link.counters.framesIn - frames).toBeGreaterThanOrEqual(19);
    expect(pair.host.link.counters.framesIn - frames).toBeLessThanOrEqual(45);
    expect(of(pair.hostHeard, "closed")).toHaveLength(0);
  });

  it("an end that is gone is declared dead, everything under way is lost by name, and the link comes back", () => {
    const pair = bench();
    submit(pair, pair.host, new Uint8Array(1000), 1);
    pair.board.busyUntil = millis(pair.now + 2 * DEAD_AFTER_MS);
    run(pair, pair.now + 2 * DEAD_AFTER_MS);
    expect(of(pair.hostHeard, "closed")).toEqual([{ type: "closed", why: "silent" }]);
    expect(of(pair.hostHeard, "lost")).toEqual([{ type: "lost", token: 1 }]);
    runUntil(pair, () => pair.host.link.mode === "open" && pair.board.link.mode === "open", pair.now + 9000);
  });

  it("a deadline that has passed is never the next one, so that no driver spins", () => {
    const alone = link(config());
    const effects: LinkEffect[] = [];
    step(alone, { type: "open", at: millis(0), session: 5 }, effects);
    for (let i = 0; i < 50; i++) {
      const at = nextDeadline(alone);
      expect(at).toBeDefined();
      step(alone, { type: "tick", at: at as number as never }, effects);
      expect(nextDeadline(alone)).toBeGreaterThan(alone.now);
    }
  });
});

describe("logs", () => {
  it("reach the other end apart from data, and a flood of them is counted, not kept", () => {
    const pair = bench();
    for (let i = 0; i < 100; i++) feed(pair, pair.board, { type: "log", at: pair.now, level: 2, text: `line ${i}` });
    run(pair, pair.now + 200);
    const lines = of(pair.hostHeard, "logged");
    expect(lines[0]).toEqual({ type: "logged", level: 2, text: "line 0" });
    expect(lines.length + pair.board.link.counters.logsDropped).toBe(100);
    expect(pair.board.link.counters.logsDropped).toBeGreaterThan(50);
  });
});
