/** What tests and the benchmark measure on a virtual air, each beside a formula. */
import type { BleFacts, Phy } from "../../../../hardware/boards/board.ts";
import { NRF52_BLE } from "../../../../hardware/boards/nrf52-ble.ts";
import { nextDeadline, queuedAt, step } from "../../../../hardware/virtual/air/air.ts";
import { type BurstRules, independent } from "../../../../hardware/virtual/air/bursts.ts";
import type { AirEffect, AirEvent, LinkWish } from "../../../../hardware/virtual/air/events.ts";
import { type Air, type AirConfig, air } from "../../../../hardware/virtual/air/state.ts";
import { chance, draw } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";

/** A chip that is bound by nothing but the air. */
export const FREE: BleFacts = {
  ...NRF52_BLE,
  linksAsServer: 8,
  linksAsClient: 8,
  stackQueue: 16,
  packetsPerEvent: undefined,
  eventMs: undefined,
  supervisionMs: 4000,
  sensitivityDbm: { "1M": -95, "2M": -92, codedS2: -99, codedS8: -103 },
};

/** Radios `a`, `b`, … a metre apart. */
export const radiosOf = (...facts: BleFacts[]): AirConfig["radios"] =>
  facts.map((each, place) => ({
    address: String.fromCharCode(97 + place),
    facts: each,
    position: { x: place, y: 0 },
    natives: { parameters: true },
  }));

export class Run {
  readonly air: Air;
  readonly effects: AirEffect[] = [];
  readonly each: ((effect: AirEffect, atMs: number) => void)[] = [];

  constructor(config: Partial<AirConfig> & Pick<AirConfig, "radios">) {
    this.air = air({ seed: 1, ...config });
  }

  get now(): number {
    return this.air.nowUs / 1000;
  }

  /** Without the time, which is now. */
  feed(event: AirEvent extends infer E ? (E extends AirEvent ? Omit<E, "at"> : never) : never): void {
    this.step({ ...event, at: millis(this.now) } as AirEvent);
  }

  step(event: AirEvent): void {
    const effects: AirEffect[] = [];
    step(this.air, event, effects);
    this.effects.push(...effects);
    for (const effect of effects) for (const hear of this.each) hear(effect, this.now);
  }

  /** `before` is called ahead of each step. */
  until(ms: number, before?: () => void): void {
    for (;;) {
      before?.();
      const next = nextDeadline(this.air);
      const at = Math.min(ms, next ?? ms);
      this.step({ type: "tick", at: millis(at) });
      if (at === ms) return;
    }
  }

  /** A link that is up, with the longest MTU of both; its number. */
  link(client: number, server: number, wish: LinkWish): number {
    const before = this.effects.length;
    this.feed({ type: "advertise", node: server, data: new Uint8Array(31), intervalMs: 20 });
    this.feed({ type: "connect", node: client, to: this.air.nodes[server]!.address, wish });
    for (const end = this.now + 5000; this.now < end; ) {
      this.until(this.now + 10);
      const up = this.effects.slice(before).find((effect) => effect.type === "connected");
      if (up?.type !== "connected") continue;
      this.feed({ type: "exchangeMtu", node: client, link: up.link, mtu: 512 });
      this.until(this.now + 10 * up.intervalMs);
      return up.link;
    }
    throw new Error("no link came up");
  }
}

export interface Carried {
  readonly facts?: BleFacts;
  readonly phy?: Phy;
  readonly intervalMs: number;
  readonly links?: number;
  readonly encrypted?: boolean;
  readonly bursts?: BurstRules;
  readonly bothWays?: boolean;
  readonly seconds?: number;
}

/** Bytes a second of one link and direction, the mean of all, with every queue kept full. */
export function carried(load: Carried): number {
  const { facts = FREE, phy = "1M", intervalMs, links = 1, encrypted = false, seconds = 4 } = load;
  const servers = Array.from({ length: links }, () => facts);
  const run = new Run({
    radios: radiosOf(facts, ...servers),
    ...(load.bursts === undefined ? {} : { bursts: load.bursts }),
  });
  const ids = servers.map((_, place) => run.link(0, place + 1, { intervalMs, phy, encrypted, supervisionMs: 4000 }));
  const value = new Uint8Array(244);
  const fill = (node: number, id: number) => {
    while (queuedAt(run.air, node, id) < facts.stackQueue) run.feed({ type: "value", node, link: id, bytes: value });
  };
  const fillAll = () => {
    ids.forEach((id, place) => {
      fill(0, id);
      if (load.bothWays) fill(place + 1, id);
    });
  };
  let bytes = 0;
  run.until(run.now + 1000, fillAll);
  run.effects.length = 0;
  run.each.push((effect) => {
    if (effect.type === "value" && effect.node !== 0) bytes += effect.bytes.length;
    run.effects.length = 0;
  });
  run.until(run.now + seconds * 1000, fillAll);
  return bytes / seconds / links;
}

/** From the beginning of a scan at any moment to the first advert of one peer, in the mean of so many scans. The scanner's
 * windows are short beside the standard's random delay, so that one try says nothing of the next. */
export function discovered(intervalMs: number, duty: number, advertisers: number, scans: number, scanMs = 5): number {
  const run = new Run({ seed: 5, radios: radiosOf(FREE, ...Array.from({ length: advertisers }, () => FREE)) });
  const random = chance(6);
  for (let node = 1; node <= advertisers; node++)
    run.feed({ type: "advertise", node, data: new Uint8Array(31), intervalMs });
  let found: number | undefined;
  run.each.push((effect, atMs) => {
    if (effect.type === "discovered" && effect.address === "b") found ??= atMs;
    run.effects.length = 0;
  });
  let sum = 0;
  for (let scan = 0; scan < scans; scan++) {
    // Anywhere in a period: the end of the last scan was an advert.
    run.until(run.now + (intervalMs + 5) * (2 + 4 * draw(random)));
    const since = run.now;
    found = undefined;
    run.feed({ type: "scan", node: 0, intervalMs: scanMs, windowMs: scanMs * duty });
    while (found === undefined) run.step({ type: "tick", at: nextDeadline(run.air)! });
    sum += found - since;
    run.feed({ type: "scan", node: 0, intervalMs: 0, windowMs: 0 });
  }
  return sum / scans;
}

/** Links lost by supervision in an hour of link time; a link that is lost is made again. */
export function dropsPerHour(bursts: BurstRules, intervalMs: number, supervisionMs: number, hours: number): number {
  const run = new Run({ seed: 9, radios: radiosOf(FREE, FREE), bursts });
  let up = 0;
  let linkedMs = 0;
  let drops = 0;
  run.each.push((effect, atMs) => {
    if (effect.type === "connected" && effect.node === 0) up = atMs;
    if (effect.type === "disconnected" && effect.node === 0) {
      linkedMs += atMs - up;
      if (effect.reason === "supervision") drops += 1;
      up = 0;
    }
    if (effect.type === "disconnected" && effect.node === 1) {
      run.feed({ type: "advertise", node: 1, data: new Uint8Array(31), intervalMs: 20 });
      run.feed({ type: "connect", node: 0, to: "b", wish: { intervalMs, supervisionMs } });
    }
    run.effects.length = 0;
  });
  run.feed({ type: "advertise", node: 1, data: new Uint8Array(31), intervalMs: 20 });
  run.feed({ type: "connect", node: 0, to: "b", wish: { intervalMs, supervisionMs } });
  while (linkedMs + (up === 0 ? 0 : run.now - up) < hours * 3_600_000) run.until(run.now + 60_000);
  return drops / hours;
}

/** What loss adds to the way of one value, in the mean: each is sent when the last has arrived, just after an event. */
export function addedDelay(loss: number, intervalMs: number, values: number): number {
  const run = new Run({ seed: 3, radios: radiosOf(NRF52_BLE, NRF52_BLE), bursts: independent(loss) });
  const link = run.link(0, 1, { intervalMs, supervisionMs: 32_000 });
  let arrived = 0;
  run.each.push((effect) => {
    if (effect.type === "value") arrived += 1;
    run.effects.length = 0;
  });
  let sum = 0;
  for (let value = 1; value <= values; value++) {
    const since = run.now;
    run.feed({ type: "value", node: 0, link, bytes: new Uint8Array(20) });
    while (arrived < value) run.step({ type: "tick", at: nextDeadline(run.air)! });
    // The next event is not added.
    sum += (Math.round((run.now - since) / intervalMs) - 1) * intervalMs;
    // The acknowledgement may be late: the stack's queue of one is full until then.
    while (queuedAt(run.air, 0, link) > 0) run.step({ type: "tick", at: nextDeadline(run.air)! });
  }
  return sum / values;
}
