import { describe, expect, it } from "vitest";
import { noise } from "../../../hardware/virtual/noise.ts";
import { backlog, nextArrival, put, take, type Wire, wire } from "../../../hardware/virtual/wire.ts";
import type { SessionEffect, SessionEvent } from "../../../host/radio/events.ts";
import { HELLO_WITHIN_MS, ORDERS_MAX, SENDS_MAX } from "../../../host/radio/limits.ts";
import { nextDeadline, type Session, session, step } from "../../../host/radio/session.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { DEAD_AFTER_MS } from "../../../protocol/core/limits.ts";
import { linkGeneration, type Millis, millis } from "../../../protocol/core/units.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as stepLink } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import { Command } from "../../../protocol/radio/command.ts";
import { Report } from "../../../protocol/radio/report.ts";
import { config } from "../../protocol/link/pair.ts";
import { reports } from "../../protocol/radio/examples.ts";

const ROOM = 64;
const never = Number.POSITIVE_INFINITY;

/** A session and a board that answers as the test says, a wire each way, virtual time. */
class Bench {
  readonly session: Session = session();
  board: Link;
  now: Millis = millis(0);
  readonly heard: SessionEffect[] = [];
  readonly commands: Command[] = [];
  /** What the board says to a command; by default nothing. */
  answer: (command: Command) => Report[] = () => [];
  /** What the board says when the wire opens. */
  greeting: readonly Report[] = [reports.hello];
  private lives = 1000;
  private readonly down: Wire;
  private readonly up: Wire;

  constructor(errorRate = 0, major = 1) {
    this.board = link(config({ space: 256, major }));
    this.down = wire(921_600, 0, noise(errorRate, chance(1)));
    this.up = wire(921_600, 0, noise(errorRate, chance(2)));
  }

  host(event: SessionEvent): void {
    const effects: SessionEffect[] = [];
    step(this.session, event, effects);
    for (const effect of effects) {
      if (effect.type === "transmit") put(this.down, effect.bytes, this.now);
      else this.heard.push(effect);
    }
  }

  plug(): void {
    this.host({ type: "plugged", at: this.now, session: ++this.lives });
  }

  /** The board begins a new life. */
  boot(): void {
    this.board = link(config({ space: 256, major: this.board.config.major }));
    this.radio({ type: "open", at: this.now, session: ++this.lives });
  }

  say(report: Report): void {
    this.radio({ type: "submit", at: this.now, class: 1, bytes: encode(Report, report), token: 0 });
  }

  of<T extends SessionEffect["type"]>(type: T): (SessionEffect & { type: T })[] {
    return this.heard.filter((effect): effect is SessionEffect & { type: T } => effect.type === type);
  }

  run(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = Math.min(
        nextArrival(this.down) ?? never,
        nextArrival(this.up) ?? never,
        nextDeadline(this.session) ?? never,
        linkDeadline(this.board) ?? never,
        this.session.plugged && this.session.link.room < ROOM / 2 ? this.down.busyUntil : never,
        this.board.room < ROOM / 2 ? this.up.busyUntil : never,
      );
      if (next > until) break;
      this.now = millis(Math.max(this.now, next));
      for (let bytes = take(this.down, this.now); bytes !== undefined; bytes = take(this.down, this.now)) {
        this.radio({ type: "received", at: this.now, bytes });
      }
      for (let bytes = take(this.up, this.now); bytes !== undefined; bytes = take(this.up, this.now)) {
        this.host({ type: "received", at: this.now, bytes });
      }
      this.radio({ type: "writable", at: this.now, room: ROOM - Math.min(ROOM, backlog(this.up, this.now)) });
      this.host({ type: "writable", at: this.now, room: ROOM - Math.min(ROOM, backlog(this.down, this.now)) });
    }
    this.now = millis(until);
  }

  private radio(event: LinkEvent): void {
    const effects: LinkEffect[] = [];
    stepLink(this.board, event, effects);
    for (const effect of effects) {
      if (effect.type === "transmit") put(this.up, effect.bytes, this.now);
      if (effect.type === "opened") for (const report of this.greeting) this.say(report);
      if (effect.type !== "deliver") continue;
      const command = decode(Command, effect.bytes);
      expect(command.ok).toBe(true);
      if (!command.ok) continue;
      this.commands.push(command.value);
      for (const report of this.answer(command.value)) this.say(report);
    }
  }
}

const opened = (errorRate = 0): Bench => {
  const bench = new Bench(errorRate);
  bench.boot();
  bench.plug();
  bench.run(2000);
  expect(bench.of("up")).toHaveLength(1);
  return bench;
};

const give = (bench: Bench, id: number, size = 100): void =>
  bench.host({
    type: "send",
    at: bench.now,
    id,
    link: linkGeneration(3),
    class: 1,
    packet: new Uint8Array(size).fill(id),
  });

describe("a session with a radio", () => {
  it("begins with the radio's hello, and orders given before it are told after it", () => {
    const bench = new Bench();
    bench.plug();
    bench.host({ type: "order", at: bench.now, order: { type: "start", role: "client", name: "k" } });
    bench.run(100);
    expect(bench.commands).toEqual([]);
    bench.boot();
    bench.run(1000);
    expect(bench.of("up")).toEqual([{ type: "up", hello: reports.hello, rebooted: true }]);
    expect(bench.commands).toEqual([{ type: "start", role: "client", name: "k" }]);
  });

  it("every packet is settled as the radio says, however noisy the wire", () => {
    const bench = opened(1e-3);
    const fates: Report[] = [];
    bench.answer = (command) => {
      if (command.type !== "send") return [];
      const { token } = command;
      const fate: Report[] = [
        { type: "sent", token },
        { type: "dropped", token, reason: "expired" },
        { type: "unknown", token },
      ];
      fates.push(fate[fates.length % 3]);
      return [fates[fates.length - 1]];
    };
    for (let id = 0; id < 300; id++) {
      give(bench, id, id * 3);
      bench.run(30);
    }
    bench.run(2000);
    const settled = bench.of("settled");
    expect(settled.map((effect) => effect.id).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, id) => id),
    );
    const count = (type: string) => settled.filter((effect) => effect.outcome.type === type).length;
    expect([count("sent"), count("dropped"), count("unknown")]).toEqual([100, 100, 100]);
    expect(bench.session.sends).toEqual([]);
  });

  it("a radio that reboots takes its links along: what was under way is unknown, and the new boot is told", () => {
    const bench = opened();
    for (let id = 0; id < 5; id++) give(bench, id);
    bench.run(50);
    bench.greeting = [{ ...reports.hello, boot: 2 }];
    bench.boot();
    bench.run(2000);
    expect(bench.of("settled").map((effect) => effect.outcome.type)).toEqual(Array(5).fill("unknown"));
    expect(bench.of("down")).toEqual([{ type: "down", why: "restarted" }]);
    expect(bench.of("up").map((effect) => effect.rebooted)).toEqual([true, true]);
  });

  it("a cable that comes back brings the same boot: no reboot is claimed", () => {
    const bench = opened();
    give(bench, 1);
    bench.host({ type: "unplugged", at: bench.now });
    expect(bench.of("down")).toEqual([{ type: "down", why: "unplugged" }]);
    expect(bench.of("settled")).toHaveLength(1);
    give(bench, 2);
    expect(bench.of("settled")[1]).toEqual({ type: "settled", id: 2, outcome: { type: "dropped", why: "no radio" } });
    bench.run(500);
    bench.plug();
    bench.run(3000);
    expect(bench.of("up").map((effect) => effect.rebooted)).toEqual([true, false]);
  });

  it("a wire that opens without a hello, and one of another version, are said by name", () => {
    const mute = new Bench();
    mute.greeting = [];
    mute.boot();
    mute.plug();
    mute.run(HELLO_WITHIN_MS + 1000);
    expect(mute.of("down")).toEqual([{ type: "down", why: "no hello" }]);

    const other = new Bench(0, 2);
    other.boot();
    other.plug();
    other.run(5000);
    expect(other.of("down")).toEqual([{ type: "down", why: "other version" }]);
    expect(other.of("up")).toEqual([]);
  });

  it("a radio that falls silent is down within the time of a dead link", () => {
    const bench = opened();
    const before = bench.now;
    bench.board = link(config());
    bench.run(DEAD_AFTER_MS + 600);
    expect(bench.of("down")).toEqual([{ type: "down", why: "silent" }]);
    expect(bench.now - before).toBeLessThan(DEAD_AFTER_MS + 601);
  });

  it("more packets than there is room for are refused, and what is refused is settled at once", () => {
    const bench = opened();
    for (let id = 0; id < SENDS_MAX + 50; id++) give(bench, id, 10);
    const refused = bench.of("settled");
    expect(refused.length).toBeGreaterThanOrEqual(50);
    expect(new Set(refused.map((effect) => effect.outcome.type))).toEqual(new Set(["dropped"]));
    expect(bench.session.sends.length + refused.length).toBe(SENDS_MAX + 50);
  });

  it("orders without a radio are refused, and a queue of them has its bound", () => {
    const bench = new Bench();
    const order = { type: "counters" } as const;
    bench.host({ type: "order", at: bench.now, order });
    expect(bench.of("refused")).toEqual([{ type: "refused", order: "counters", why: "no radio" }]);
    bench.plug();
    for (let i = 0; i <= ORDERS_MAX; i++) bench.host({ type: "order", at: bench.now, order });
    expect(bench.of("refused")[1]).toEqual({ type: "refused", order: "counters", why: "full" });
  });

  it("bytes that are no report, and settlements of nothing, are counted and change nothing", () => {
    const bench = opened();
    bench.say({ type: "sent", token: 77 });
    const effects: LinkEffect[] = [];
    stepLink(
      bench.board,
      { type: "submit", at: bench.now, class: 1, bytes: Uint8Array.of(0xff, 1), token: 0 },
      effects,
    );
    bench.run(200);
    expect(bench.session.counters).toEqual({ malformed: 1, stale: 1, refused: 0 });
    expect(bench.of("settled")).toEqual([]);
  });
});
