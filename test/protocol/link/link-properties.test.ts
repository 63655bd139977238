import { serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wire } from "../../../hardware/virtual/wire.ts";
import { type Chance, chance, draw, draw32, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import {
  CHUNK_SIZE_MAX,
  DEAD_AFTER_MS,
  HEARTBEAT_MS,
  LOG_TEXT_SIZE_MAX,
  SERIAL_FRAME_SIZE_MAX,
  SERIAL_PACKET_SIZE_MAX,
} from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { encodeFrame, type Frame, type Opening } from "../../../protocol/frame/frame.ts";
import { END, slipEncode, slipSizeMax } from "../../../protocol/frame/slip.ts";
import type { LinkEffect, LinkEvent, LogLevel } from "../../../protocol/link/events.ts";
import { nextDeadline, step } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import { anyPlan, type Plan, recover, trouble, type World, world } from "./campaign.ts";
import { advancePair, config, type End, end, feed, openBoth, type Pair } from "./pair.ts";

type Bytes = Uint8Array;

function onWire(frame: Frame): Bytes {
  const bytes = encodeFrame(frame, new Uint8Array(SERIAL_FRAME_SIZE_MAX));
  const wire = new Uint8Array(slipSizeMax(bytes.length));
  wire[0] = END;
  return wire.slice(0, slipEncode(bytes, wire, 1));
}

const peerOpening = (over: Partial<Opening> = {}): Opening => ({
  session: 900,
  major: 1,
  minor: 0,
  features: 0,
  space: 128,
  packetSizeMax: SERIAL_PACKET_SIZE_MAX,
  ...over,
});

function heed(state: Link, event: LinkEvent): LinkEffect[] {
  const effects: LinkEffect[] = [];
  step(state, event, effects);
  return effects;
}

/** A link that a made-up peer has led into the mode. */
function linkIn(mode: "closed" | "opening" | "half-open" | "open" | "incompatible", space = 4096): Link {
  const state = link(config({ space }));
  const at = millis(0);
  const hear = (frame: Frame) => heed(state, { type: "received", at, bytes: onWire(frame) });
  if (mode === "closed") return state;
  heed(state, { type: "open", at, session: 5 });
  if (mode === "half-open") hear({ type: "reset", position: 0, opening: peerOpening() });
  if (mode === "open") hear({ type: "resetAck", position: 0, grant: 128, echo: 5, opening: peerOpening() });
  if (mode === "incompatible") hear({ type: "reset", position: 0, opening: peerOpening({ major: 2 }) });
  expect(state.mode).toBe(mode === "half-open" ? "opening" : mode);
  return state;
}

/** A frame with a right checksum and any content, often near what the link expects. */
function drawFrame(random: Chance, state: Link): Frame {
  const near = (value: number, modulus: number) =>
    draw(random) < 0.7 ? (value + drawBelow(random, 4) - 1 + modulus) % modulus : drawBelow(random, modulus);
  const position = near(state.received, 0x10000);
  const grant = near(state.sent + 128, 0x10000);
  const ack = near(state.nextSequence, 256);
  const session = draw(random) < 0.7 ? (state.peer?.session ?? 900) : draw32(random);
  const space = draw(random) < 0.8 ? 96 + drawBelow(random, 5000) : drawBelow(random, 0x10000);
  const opening: Opening = {
    session,
    major: draw(random) < 0.8 ? 1 : drawBelow(random, 256),
    minor: drawBelow(random, 256),
    features: draw32(random),
    space,
    packetSizeMax: drawBelow(random, 0x10000),
  };
  const kind = drawBelow(random, 12);
  if (kind === 0) return { type: "reset", position, opening };
  if (kind === 1) return { type: "resetAck", position, grant, echo: near(state.session, 2 ** 32), opening };
  if (kind === 2) return { type: "log", position, level: drawBelow(random, 4), text: drawBytes(random, 20) };
  if (kind === 3) return { type: "again", ack, position, grant };
  if (kind < 6) return { type: "ack", ack, position, grant };
  const chunk = drawBytes(random, drawBelow(random, draw(random) < 0.5 ? 3 : CHUNK_SIZE_MAX + 1));
  const flags = { class: drawBelow(random, 4), last: drawBelow(random, 2) };
  return { type: "data", sequence: near(state.expected, 256), ack, position, grant, flags, chunk };
}

function drawEvent(random: Chance, state: Link, token: number): LinkEvent {
  const at = millis(state.now + (draw(random) < 0.5 ? 0 : draw(random) * 400));
  const kind = drawBelow(random, 20);
  if (kind === 0) return { type: "open", at, session: drawBelow(random, 4) };
  if (kind < 4) {
    const bytes = drawBytes(random, drawBelow(random, draw(random) < 0.9 ? 400 : SERIAL_PACKET_SIZE_MAX + 2));
    return { type: "submit", at, class: drawBelow(random, 4) as PacketClass, bytes, token };
  }
  if (kind === 4)
    return { type: "log", at, level: drawBelow(random, 4) as LogLevel, text: "ů\ud800".repeat(token % 90) };
  if (kind < 8) return { type: "writable", at, room: draw(random) < 0.8 ? drawBelow(random, 100) : 1_000_000 };
  if (kind < 11) return { type: "tick", at: millis(Math.max(at, nextDeadline(state) ?? at)) };
  if (kind === 11) return { type: "received", at, bytes: drawBytes(random, drawBelow(random, 300)) };
  const bytes = onWire(drawFrame(random, state));
  return {
    type: "received",
    at,
    bytes: draw(random) < 0.8 ? bytes : bytes.subarray(0, drawBelow(random, bytes.length)),
  };
}

/** Queues, the window and what comes in, at their fullest. */
const STATE_SIZE_MAX = 16_384 + 20 * SERIAL_PACKET_SIZE_MAX + 4 * 2 * SERIAL_PACKET_SIZE_MAX + 40_000;

describe("every event in every mode", () => {
  for (const mode of ["closed", "opening", "half-open", "open", "incompatible"] as const) {
    it(`is legal: ${mode}; the state stays plain data and a snapshot goes on alike`, () => {
      fc.assert(
        fc.property(fc.nat(), fc.constantFrom(96, 128, 600, 4096), (seed, space) => {
          const random = chance(seed);
          const state = linkIn(mode, space);
          let snapshot = structuredClone(state);
          for (let i = 0; i < 80; i++) {
            if (i % 16 === 0) snapshot = structuredClone(state);
            const event = drawEvent(random, state, i);
            const effects = heed(state, event);
            expect(serialize(heed(snapshot, structuredClone(event)))).toEqual(serialize(effects));
            if (event.type === "tick") expect(nextDeadline(state) ?? Infinity).toBeGreaterThan(event.at);
            const sent = effects.filter((effect) => effect.type === "transmit");
            expect(sent.length).toBeLessThan(60);
            if (event.type === "writable") {
              expect(sent.reduce((sum, each) => sum + each.bytes.length, 0)).toBeLessThanOrEqual(event.room);
            }
          }
          expect(serialize(snapshot)).toEqual(serialize(structuredClone(state)));
          expect(serialize(state).length).toBeLessThan(STATE_SIZE_MAX);
        }),
        { seed: 1, numRuns: 40 },
      );
    });
  }
});

describe("a mad other end", () => {
  it("that sends chunks of nothing or of a byte for ever costs no more than a packet", () => {
    for (const size of [0, 1]) {
      const state = linkIn("open");
      const chunk = new Uint8Array(size);
      for (let i = 0; i < 10_000; i++) {
        const at = millis(i / 100);
        const flags = { class: i & 3, last: 0 };
        const position = state.received;
        const data = { type: "data", sequence: i & 0xff, ack: 0, position, grant: 128, flags, chunk } as const;
        heed(state, { type: "received", at, bytes: onWire(data) });
      }
      expect(state.counters.framesIn).toBe(10_001);
      expect(serialize(state).length).toBeLessThan(4000 + 4 * (size * 2 * 2500));
    }
  });

  it("that acknowledges what was never sent is counted, and nothing is taken for acknowledged", () => {
    const state = linkIn("open");
    const ack = { type: "ack", ack: 9, position: state.received, grant: 128 } as const;
    const effects = heed(state, { type: "received", at: millis(1), bytes: onWire(ack) });
    expect(effects).toEqual([]);
    expect(state.counters.unexpected).toBe(1);
  });

  it("that says anything while it reads slowly never has more unread than its space", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = chance(seed);
      const space = [96, 128, 256, 700][seed % 4];
      const state = link(config({ space: seed % 3 === 0 ? 200 : 4096 }));
      heed(state, { type: "open", at: millis(0), session: 5 });
      const opening = peerOpening({ space });
      heed(state, {
        type: "received",
        at: millis(0),
        bytes: onWire({ type: "resetAck", position: 0, grant: space, echo: 5, opening }),
      });
      let sent = 0;
      let read = 0;
      for (let i = 0; i < 300; i++) {
        const at = millis(i * 3);
        read += drawBelow(random, sent - read + 1);
        const made = drawFrame(random, state);
        const free = made.type === "reset" || made.type === "resetAck" || made.type === "log";
        const frame = free ? undefined : { ...made, grant: (read + space) & 0xffff };
        const events: LinkEvent[] = [
          { type: "submit", at, class: 2, bytes: drawBytes(random, drawBelow(random, 700)), token: i },
          { type: "writable", at, room: drawBelow(random, 300) },
        ];
        if (frame !== undefined) events.push({ type: "received", at, bytes: onWire(frame) });
        for (const event of events) {
          // The answer to the opening, the third leg, needs no grant.
          for (const effect of heed(state, event)) if (effect.type === "transmit") sent += effect.bytes.length;
          expect(sent - read).toBeLessThanOrEqual(space + 60);
        }
      }
      expect(sent).toBeGreaterThan(space);
    }
  });
});

/** Seeds, not a search: each stands for a whole life of two ends. */
function lives(seeds: number, over: Partial<Plan>): World[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const plan = { ...anyPlan(seed + 1), ...over };
    try {
      const state = world(plan);
      trouble(state);
      recover(state);
      return state;
    } catch (fault) {
      throw new Error(`${(fault as Error).message} in ${JSON.stringify(plan)}`);
    }
  });
}

describe("whatever happens to two ends", () => {
  it("on a clean wire no packet is lost and no link closes, whatever the spaces and the latency [I11]", () => {
    for (const { tally } of lives(60, { noiseRate: 0, restarts: 0, reboots: 0, outages: 0 })) {
      expect(tally).toMatchObject({ lost: 0, closed: 0, opened: 2 });
      expect(tally.acknowledged).toBe(tally.delivered);
    }
  });

  it("noise, outages, restarts, reboots: each packet ends once, what is acknowledged came once and in order [I11]", () => {
    const worlds = lives(110, {});
    const sum = (name: string) => worlds.reduce((total, { tally }) => total + tally[name], 0);
    for (const name of ["acknowledged", "lost", "refused", "closed"]) expect(sum(name)).toBeGreaterThan(200);
  });

  it("two ends that both send, of any space, never wait for each other's grant in vain", () => {
    const busy = {
      noiseRate: 0,
      restarts: 0,
      reboots: 0,
      outages: 0,
      busyMaxMs: 0,
      escapes: 1,
      burst: 10,
      lastsMs: 300,
    };
    for (const spaces of [
      [96, 96],
      [128, 600],
      [128, 128],
      [514, 96],
      [600, 600],
      [1500, 128],
    ] as const) {
      for (const latencyMs of [0, 5, 20]) {
        const [{ tally }] = lives(1, { ...busy, spaces, latencyMs, packetSizeMax: 300 });
        expect(tally).toMatchObject({ lost: 0, closed: 0 });
      }
    }
  });
});

/** Two ends and the frames between them, each of which may be lost or come twice. */
class Courier {
  now = 0;
  readonly heard: [LinkEffect[], LinkEffect[]] = [[], []];
  readonly ends: [Link, Link];
  private readonly mail: { to: 0 | 1; bytes: Bytes }[] = [];
  private readonly fate: (count: number) => number;
  private count = 0;

  /** `fate` says how often the so-manieth transmission arrives. */
  constructor(ends: [Link, Link], fate: (count: number) => number = () => 1) {
    this.ends = ends;
    this.fate = fate;
  }

  feed(who: 0 | 1, event: LinkEvent): void {
    const at = millis(this.now);
    for (const each of [event, { type: "writable", at, room: 10_000 } as const]) {
      for (const effect of heed(this.ends[who], each)) {
        if (effect.type === "transmit") this.mail.push({ to: (1 - who) as 0 | 1, bytes: effect.bytes });
        else this.heard[who].push(effect);
      }
    }
  }

  open(who: 0 | 1, session: number): void {
    this.feed(who, { type: "open", at: millis(this.now), session });
  }

  /** Passes on what was sent, then lets time go on. */
  run(forMs: number): void {
    for (const until = this.now + forMs; ; ) {
      for (let letter = this.mail.shift(); letter !== undefined; letter = this.mail.shift()) {
        for (let times = this.fate(this.count++); times > 0; times--) {
          this.feed(letter.to, { type: "received", at: millis(this.now), bytes: letter.bytes });
        }
      }
      this.now = Math.min(...this.ends.map((each) => nextDeadline(each) ?? until));
      if (this.now >= until) {
        this.now = until;
        return;
      }
      for (const who of [0, 1] as const) this.feed(who, { type: "tick", at: millis(this.now) });
    }
  }

  /** A packet crosses each way. */
  proves(): void {
    for (const who of [0, 1] as const) {
      this.heard[who].length = 0;
      this.feed(who, { type: "submit", at: millis(this.now), class: 1, bytes: Uint8Array.of(who, 7), token: who });
    }
    this.run(2000);
    for (const who of [0, 1] as const) {
      expect(this.heard[who]).toContainEqual({ type: "acknowledged", token: who });
      expect(this.heard[who]).toContainEqual({ type: "deliver", class: 1, bytes: Uint8Array.of(1 - who, 7) });
    }
  }

  modes(): string[] {
    return this.ends.map((each) => each.mode);
  }
}

const two = (): [Link, Link] => [link(config()), link(config({ space: 128 }))];

describe("opening", () => {
  it("by both at once or by one first, each opens once, and no frame is out of place", () => {
    for (const gapMs of [0, 100, 300, 3000]) {
      const courier = new Courier(two());
      courier.open(0, 1);
      if (gapMs > 0) courier.run(gapMs);
      courier.open(1, 2);
      courier.run(5000);
      expect(courier.modes()).toEqual(["open", "open"]);
      for (const heard of courier.heard) expect(heard.filter((effect) => effect.type === "opened")).toHaveLength(1);
      courier.proves();
      if (gapMs === 0) expect(courier.ends.map((each) => each.counters.unexpected)).toEqual([0, 0]);
    }
  });

  it("whichever of its first eight transmissions are lost or come twice, both ends open and packets cross", () => {
    for (const times of [0, 2]) {
      for (let mask = 0; mask < 256; mask++) {
        const courier = new Courier(two(), (count) => (count < 8 && ((mask >> count) & 1) === 1 ? times : 1));
        courier.open(0, 1);
        courier.open(1, 2);
        courier.run(9000);
        expect(courier.modes()).toEqual(["open", "open"]);
        courier.proves();
      }
    }
  });

  it("takes no time on a clean wire, and a lost third leg costs one question, a frame half sent or not", () => {
    // 0 the board's question, lost; 1 the host's; 2 the answer; 3 the third leg.
    for (const lost of [[0], [0, 3]]) {
      const courier = new Courier(two(), (count) => (lost.includes(count) ? 0 : 1));
      courier.open(1, 2);
      courier.run(10);
      courier.open(0, 1);
      courier.run(10);
      expect(courier.modes()).toEqual(["open", lost.length === 1 ? "open" : "opening"]);
      courier.feed(0, { type: "submit", at: millis(courier.now), class: 1, bytes: new Uint8Array(900), token: 3 });
      courier.run(1500);
      expect(courier.modes()).toEqual(["open", "open"]);
      expect(courier.heard[0].map((effect) => effect.type)).toEqual(["opened", "acknowledged"]);
    }
  });

  it("survives an end that starts over at any point of it, also twice, also both", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = chance(seed);
      const courier = new Courier(two(), () => (draw(random) < 0.2 ? drawBelow(random, 3) : 1));
      courier.open(0, 1);
      courier.open(1, 2);
      for (let session = 10; session < 16; session++) {
        courier.run(drawBelow(random, 2) * drawBelow(random, 600));
        courier.open(drawBelow(random, 2) as 0 | 1, session);
      }
      courier.run(12_000);
      expect(courier.modes()).toEqual(["open", "open"]);
    }
  });

  it("frames of the peer's last life are not taken for an answer to this one", () => {
    // The peer asked twice; this end answered once, then started over. The second question comes, then old data.
    const state = linkIn("opening");
    const hear = (frame: Frame) => heed(state, { type: "received", at: state.now, bytes: onWire(frame) });
    const old = { ack: 0, position: 100, grant: 4000 };
    hear({ type: "reset", position: 50, opening: peerOpening() });
    const chunk = new Uint8Array(3);
    const data = { type: "data", sequence: 0, ...old, flags: { class: 0, last: 1 }, chunk } as const;
    expect(hear(data)).toEqual([]);
    expect(state.mode).toBe("opening");
    expect(state.counters.unexpected).toBe(1);
  });

  it("an answer to a session of long ago is ignored and counted", () => {
    const courier = new Courier(two());
    courier.open(0, 1);
    courier.open(1, 2);
    courier.run(100);
    courier.open(0, 3);
    const [state] = courier.ends;
    const stale = { type: "resetAck", position: state.received, grant: 9, echo: 1, opening: peerOpening() } as const;
    courier.feed(0, { type: "received", at: millis(courier.now), bytes: onWire(stale) });
    expect(state.mode).toBe("opening");
    expect(state.counters.unexpected).toBe(1);
    courier.run(3000);
    courier.proves();
  });

  it("a board that boots again under the very session it had is met anew", () => {
    const courier = new Courier(two());
    courier.open(0, 1);
    courier.open(1, 2);
    courier.run(100);
    courier.proves();
    courier.ends[1] = link(config({ space: 128 }));
    courier.open(1, 2);
    courier.run(3000);
    expect(courier.heard[0]).toContainEqual({ type: "closed", why: "peer started over" });
    courier.proves();
  });

  it("a session that this end already uses is replaced by another", () => {
    const courier = new Courier(two());
    courier.open(0, 1);
    courier.open(1, 2);
    courier.run(DEAD_AFTER_MS);
    courier.open(0, 1);
    courier.run(3000);
    courier.proves();
  });

  it("a board that fell silent and boots later is met when it does", () => {
    const courier = new Courier(two());
    courier.open(0, 1);
    courier.open(1, 2);
    courier.run(100);
    courier.ends[1] = link(config({ space: 128 }));
    courier.run(60_000);
    expect(courier.heard[0]).toContainEqual({ type: "closed", why: "silent" });
    expect(courier.modes()).toEqual(["opening", "closed"]);
    courier.open(1, 3);
    courier.run(3000);
    courier.proves();
  });

  it("an incompatible end is refused by name on both sides, even if the refusal is lost at first, then replaced [H14]", () => {
    for (const lost of [0, 1, 2, 3, 4]) {
      const courier = new Courier([link(config()), link(config({ major: 2 }))], (count) => (count < lost ? 0 : 1));
      courier.open(0, 1);
      courier.open(1, 2);
      courier.run(6000);
      expect(courier.modes()).toEqual(["incompatible", "incompatible"]);
      for (const heard of courier.heard) expect(heard.map((effect) => effect.type)).toEqual(["incompatible"]);
      for (const who of [0, 1] as const) {
        courier.feed(who, { type: "submit", at: millis(courier.now), class: 0, bytes: new Uint8Array(1), token: 4 });
        expect(courier.heard[who].at(-1)).toEqual({ type: "refused", token: 4, why: "closed" });
      }
      courier.ends[1] = link(config());
      courier.open(1, 3);
      courier.run(3000);
      courier.proves();
    }
  });
});

describe("logs", () => {
  const opened = (boardSpace = 128): Pair & { heard: LinkEffect[][] } => {
    const heard: LinkEffect[][] = [[], []];
    const ends = [4096, boardSpace].map((space, who) =>
      end(config({ space }), wire(921_600, 0), (effect) => {
        if (effect.type !== "transmit") heard[who].push(effect);
      }),
    ) as [End, End];
    const pair = { now: millis(0), ends, heard } as const;
    openBoth(pair);
    while (advancePair(pair, millis(50)));
    return pair;
  };

  it("alone keep a link open, for they never take the place of a heartbeat", () => {
    const pair = opened(1024);
    for (let at = 100; at < 4 * DEAD_AFTER_MS; at += HEARTBEAT_MS / 2) {
      feed(pair, pair.ends[1], { type: "log", at: pair.now, level: 2, text: "still here" });
      while (advancePair(pair, millis(at)));
    }
    expect(pair.heard.flat().filter((effect) => effect.type === "closed")).toEqual([]);
  });

  it("in a storm do not hold up an acknowledgement", () => {
    const pair = opened();
    const [host, board] = pair.ends;
    for (let token = 0; token < 20; token++) {
      feed(pair, host, { type: "submit", at: pair.now, class: 2, bytes: new Uint8Array(200), token });
    }
    for (const until = pair.now + 1000; pair.now < until; ) {
      while (board.link.logs.length < 8) {
        feed(pair, board, { type: "log", at: pair.now, level: 2, text: "storm ".repeat(20) });
      }
      if (!advancePair(pair, millis(until))) break;
    }
    expect(pair.heard[0].filter((effect) => effect.type === "acknowledged")).toHaveLength(20);
    expect(host.link.counters.timeouts).toBe(0);
  });

  it("that are too long lose whole characters at their end", () => {
    const pair = opened();
    for (const text of ["ž".repeat(200), `a${"ž".repeat(200)}`, "😀".repeat(100), "\ud800".repeat(100)]) {
      feed(pair, pair.ends[1], { type: "log", at: pair.now, level: 1, text });
      while (advancePair(pair, millis(pair.now + 50)));
      const line = pair.heard[0].at(-1) as LinkEffect & { type: "logged" };
      expect(text.replaceAll("\ud800", "\ufffd").startsWith(line.text) || text.startsWith(line.text)).toBe(true);
      expect(line.text.length).toBeGreaterThan(LOG_TEXT_SIZE_MAX / 4 - 2);
    }
  });
});
