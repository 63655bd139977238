/** Two kiosks, a radio each, that find each other, link, exchange packets, and begin again after whatever happens; and what
 * must hold all the while: each packet given is settled once, none that was sent is lost, none comes twice, and each class
 * keeps its order. */
import type { Board } from "../../../hardware/boards/board.ts";
import type { BoardConfig, WorldConfig } from "../../../hardware/virtual/world.ts";
import type { Order, Outcome, SessionEffect } from "../../../host/radio/events.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import type { LinkGeneration } from "../../../protocol/core/units.ts";
import { Table } from "./table.ts";

const advert = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 1, 1, 1), component: Uint8Array.of(2, 2, 2, 2) };

interface Given {
  readonly packet: Uint8Array;
  readonly class: PacketClass;
  outcome: Outcome | undefined;
  hasArrived: boolean;
}

export interface Counts {
  readonly given: number;
  readonly arrived: number;
  readonly sent: number;
  readonly dropped: number;
  readonly unknown: number;
}

/** The first waits, the second looks for it and dials. */
export class Pair {
  readonly table: Table;
  readonly links: (LinkGeneration | undefined)[] = [undefined, undefined];
  /** Of each host, in the order given; those settled and checked are forgotten. */
  private readonly given: Map<number, Given>[] = [new Map(), new Map()];
  /** Of each host and class: the packet that arrived last. */
  private readonly lastArrived: number[][] = [new Array(4).fill(-1), new Array(4).fill(-1)];
  private readonly nextId = [0, 0];
  private readonly random: Chance;
  readonly counts = [0, 1].map(() => ({ given: 0, arrived: 0, sent: 0, dropped: 0, unknown: 0 }));
  /** Openings and ends of the links, as the hosts heard of them. */
  linksUp = 0;
  readonly downs: string[] = [];

  constructor(
    boards: readonly [Board | BoardConfig, Board | BoardConfig],
    over: Partial<WorldConfig> = {},
    seed: number = over.seed ?? 1,
  ) {
    const placed = boards.map((each, x): BoardConfig => {
      const position = { x, y: 0 };
      return "pins" in each ? { board: each, position } : each;
    });
    this.table = new Table(
      placed.map(({ board }) => board),
      { seed, ...over, boards: placed },
    );
    this.random = chance(seed + 77);
    this.table.on = (host, effect) => this.onEffect(host, effect);
    for (const host of [0, 1]) this.table.plug(host);
  }

  get isLinked(): boolean {
    return this.links.every((link, host) => link !== undefined && this.table.sessions[host].up);
  }

  link(ms = 60_000): boolean {
    return this.table.run(ms, () => this.isLinked);
  }

  /** As many packets a host, no more than `window` under way; answers whether all were settled in time. */
  exchange(count: number, ms = 600_000, sizeMax = PACKET_SIZE_MAX, window = 4): boolean {
    const until = this.table.now + ms;
    const ends = [0, 1].map((host) => this.nextId[host] + count);
    const isDone = () => [0, 1].every((host) => this.nextId[host] === ends[host] && this.underway(host) === 0);
    const mayGive = (host: number) =>
      this.nextId[host] < ends[host] && this.links[host] !== undefined && this.underway(host) < window;
    while (this.table.now < until && !isDone()) {
      for (const host of [0, 1]) while (mayGive(host)) this.give(host, sizeMax);
      this.table.run(until - this.table.now, () => isDone() || mayGive(0) || mayGive(1));
    }
    return isDone();
  }

  /** Sizes are log-uniform, so that one in eight is a vote and one in eight a page. */
  give(host: number, sizeMax: number): void {
    const id = this.nextId[host]++;
    const size = Math.max(1, Math.floor(Math.exp(draw(this.random) * Math.log(sizeMax + 1))));
    const packet = new Uint8Array(Math.min(size, sizeMax));
    // Within a class, packets near each other begin with different bytes.
    for (let at = 0; at < packet.length; at++) packet[at] = at < 4 ? id >> (8 * at) : id * 31 + at;
    const packetClass = drawBelow(this.random, 4) as PacketClass;
    this.given[host].set(id, { packet, class: packetClass, outcome: undefined, hasArrived: false });
    this.counts[host].given += 1;
    const link = this.links[host] as LinkGeneration;
    this.table.tell(host, { type: "send", id, link, class: packetClass, packet });
  }

  underway(host: number): number {
    const { given, sent, dropped, unknown } = this.counts[host];
    return given - sent - dropped - unknown;
  }

  get totals(): Counts {
    const sum = (key: keyof Counts): number => this.counts[0][key] + this.counts[1][key];
    const [given, arrived, sent, dropped, unknown] = (["given", "arrived", "sent", "dropped", "unknown"] as const).map(
      sum,
    );
    return { given, arrived, sent, dropped, unknown };
  }

  private onEffect(host: number, effect: SessionEffect): void {
    const tell = (order: Order) => this.table.order(host, order);
    switch (effect.type) {
      case "up":
        this.links[host] = undefined;
        tell({ type: "start", role: host === 0 ? "server" : "client", name: "pair" });
        if (host === 0) tell({ type: "advertise", on: true, intervalMs: 100, advert });
        else tell({ type: "scan", on: true, intervalMs: 60, windowMs: 60 });
        break;
      case "down":
        this.links[host] = undefined;
        this.downs.push(effect.why);
        break;
      case "news":
        this.onNews(host, effect.report);
        break;
      case "settled":
        this.onSettled(host, effect.id, effect.outcome);
        break;
      case "arrived":
        this.onArrived(1 - host, effect.class, effect.packet);
        break;
      default:
        break;
    }
    if (effect.type === "settled" || effect.type === "arrived") this.table.heard[host].pop();
  }

  private onNews(host: number, report: (SessionEffect & { type: "news" })["report"]): void {
    if (report.type === "discovered" && host === 1 && this.links[1] === undefined) {
      this.table.order(1, { type: "connect", to: report.peer });
    }
    if (report.type === "linkUp") {
      this.links[host] = report.link;
      this.linksUp += 1;
      if (host === 0) this.table.order(0, { type: "keep", link: report.link });
    }
    if (report.type === "linkDown" && this.links[host] === report.link) this.links[host] = undefined;
  }

  private onSettled(host: number, id: number, outcome: Outcome): void {
    const given = this.given[host].get(id);
    assert(given !== undefined && given.outcome === undefined, "a packet that was given is settled once");
    given.outcome = outcome;
    this.counts[host][outcome.type] += 1;
    assert(outcome.type !== "sent" || given.hasArrived, "what was sent has arrived");
    if (outcome.type === "dropped" && !mayHaveLeft(outcome.why)) {
      assert(!given.hasArrived, "what was refused has not arrived");
    }
    if (given.hasArrived) this.given[host].delete(id);
  }

  private onArrived(from: number, packetClass: PacketClass, packet: Uint8Array): void {
    const last = this.lastArrived[from][packetClass];
    for (const [id, given] of this.given[from]) {
      if (given.class !== packetClass || id <= last || !same(given.packet, packet)) continue;
      assert(!given.hasArrived, "a packet arrives once");
      given.hasArrived = true;
      this.lastArrived[from][packetClass] = id;
      this.counts[from].arrived += 1;
      this.forget(from, id);
      return;
    }
    assert(false, "what arrives was given, whole, in the order of its class, and never before");
  }

  /** What a class has left behind can no more arrive. */
  private forget(from: number, upTo: number): void {
    for (const [id, given] of this.given[from]) {
      if (id > upTo - 64) break;
      if (given.outcome !== undefined) this.given[from].delete(id);
    }
    const own = this.given[from].get(upTo);
    if (own?.outcome !== undefined) this.given[from].delete(upTo);
  }
}

/** Refused before a fragment could leave. */
const mayHaveLeft = (why: string): boolean => why === "unacknowledged" || why === "expired" || why === "noLink";

function same(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
