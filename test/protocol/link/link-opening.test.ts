import { describe, expect, it } from "vitest";
import { chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { DEAD_AFTER_MS } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import type { Frame } from "../../../protocol/frame/frame.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import { config } from "./pair.ts";
import { type Bytes, heed, linkIn, onWire, peerOpening } from "./states.ts";

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
