/** Two outboxes and the air between them, in virtual time: what is lost, late, doubled or overtaken is drawn from a seed. */
import { type Chance, chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { AIR_WINDOW_MAX, REASSEMBLY_SIZE_MAX, REASSEMBLY_SLOTS } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import type { OutboxEffect, OutboxEvent, Outcome } from "../../../protocol/packet/events.ts";
import { nextDeadline, type Outbox, outbox, step } from "../../../protocol/packet/outbox.ts";

export interface AirOptions {
  readonly seed?: number;
  readonly loss?: number;
  readonly doubled?: number;
  /** Fixed, and what is drawn on top: more than the spacing of fragments means that they overtake each other. */
  readonly delayMs?: number;
  readonly jitterMs?: number;
  readonly mtu?: number;
  readonly stackQueue?: number;
  readonly intervalMs?: number;
  /** From delivery until the host has it. */
  readonly takeMs?: number;
  readonly bytesPerSecond?: number;
}

export interface Delivery {
  readonly at: number;
  readonly class: PacketClass;
  readonly bytes: Uint8Array;
}

export interface End {
  readonly outbox: Outbox;
  readonly deliveries: Delivery[];
  readonly outcomes: Map<number, Outcome[]>;
  readonly refused: Map<number, string>;
  readonly transmitted: { at: number; bytes: Uint8Array }[];
  unresponsive: number;
}

export const GENERATION = linkGeneration(1);
type Untimed = OutboxEvent extends infer E ? (E extends OutboxEvent ? Omit<E, "at"> : never) : never;

export class Air {
  readonly options: Required<AirOptions>;
  readonly ends: [End, End];
  now = 0;
  /** Nothing passes while true. */
  dead = false;
  listener: ((side: number, event: OutboxEvent) => void) | undefined;
  private readonly chance: Chance;
  private readonly coming: { at: number; order: number; run: () => void }[] = [];
  private order = 0;

  constructor(options: AirOptions = {}) {
    this.options = {
      seed: 1,
      loss: 0,
      doubled: 0,
      delayMs: 10,
      jitterMs: 0,
      mtu: 247,
      stackQueue: 4,
      intervalMs: 20,
      takeMs: 2,
      bytesPerSecond: 50_000,
      ...options,
    };
    this.chance = chance(this.options.seed);
    this.ends = [this.end(), this.end()];
    const { mtu, stackQueue, intervalMs } = this.options;
    for (const side of [0, 1]) this.feed(side, { type: "up", generation: GENERATION, mtu, stackQueue, intervalMs });
  }

  private end(): End {
    return {
      outbox: outbox(millis(0), "active", this.options.bytesPerSecond),
      deliveries: [],
      outcomes: new Map(),
      refused: new Map(),
      transmitted: [],
      unresponsive: 0,
    };
  }

  submit(side: number, packetClass: PacketClass, bytes: Uint8Array, token: number): void {
    this.feed(side, { type: "submit", generation: GENERATION, class: packetClass, bytes, token });
  }

  feed(side: number, event: Untimed): void {
    const effects: OutboxEffect[] = [];
    const end = this.ends[side];
    const timed = { ...event, at: millis(this.now) } as OutboxEvent;
    if (this.listener !== undefined) this.listener(side, structuredClone(timed));
    step(end.outbox, timed, effects);
    for (const effect of effects) this.perform(side, effect);
    const deadline = nextDeadline(end.outbox);
    if (deadline !== undefined && deadline <= this.now) throw new Error("a deadline lies ahead");
    for (const link of end.outbox.flows) {
      const { reassembler, early, untaken } = link.receiver;
      if (reassembler.slots.length > REASSEMBLY_SLOTS || reassembler.size > REASSEMBLY_SIZE_MAX)
        throw new Error("memory");
      if (early.length + untaken.length > AIR_WINDOW_MAX) throw new Error("deliveries");
      const { window } = link.sender;
      if (window.flying > window.sizeMax || window.flights.length > AIR_WINDOW_MAX) throw new Error("window");
      if (window.flying !== window.flights.filter((flight) => !flight.arrived && !flight.lost).length) {
        throw new Error("flights are counted");
      }
      if (link.sender.givenUp.length > 2 * AIR_WINDOW_MAX) throw new Error("cancellations");
    }
  }

  at(at: number, run: () => void): void {
    this.coming.push({ at, order: this.order++, run });
  }

  /** Until nothing happens any more, or `untilMs`. */
  run(untilMs: number): void {
    for (;;) {
      let next = this.coming.length === 0 ? undefined : this.coming[0];
      for (const one of this.coming) {
        if (next === undefined || one.at < next.at || (one.at === next.at && one.order < next.order)) next = one;
      }
      let at = next?.at ?? Number.POSITIVE_INFINITY;
      let side = -1;
      for (const i of [0, 1]) {
        const deadline = nextDeadline(this.ends[i].outbox);
        if (deadline === undefined || deadline >= at) continue;
        at = deadline;
        side = i;
      }
      if (at > untilMs) break;
      this.now = at;
      if (side >= 0) this.feed(side, { type: "tick" });
      else {
        this.coming.splice(this.coming.indexOf(next as never), 1);
        next?.run();
      }
    }
    this.now = Math.max(this.now, Number.isFinite(untilMs) ? untilMs : this.now);
  }

  private perform(side: number, effect: OutboxEffect): void {
    const end = this.ends[side];
    switch (effect.type) {
      case "transmit":
        end.transmitted.push({ at: this.now, bytes: effect.bytes });
        this.countQueued(end);
        this.carry(1 - side, effect.bytes);
        if (draw(this.chance) < this.options.doubled) this.carry(1 - side, effect.bytes);
        break;
      case "deliver": {
        end.deliveries.push({ at: this.now, class: effect.class, bytes: effect.bytes.slice() });
        const { token } = effect;
        this.at(this.now + this.options.takeMs, () => this.feed(side, { type: "taken", token }));
        break;
      }
      case "settled":
        end.outcomes.set(effect.token, [...(end.outcomes.get(effect.token) ?? []), effect.outcome]);
        break;
      case "refused":
        end.refused.set(effect.token, effect.why);
        break;
      case "unresponsive":
        end.unresponsive += 1;
    }
  }

  private carry(to: number, bytes: Uint8Array): void {
    if (this.dead || draw(this.chance) < this.options.loss) return;
    const { delayMs, jitterMs } = this.options;
    const at = this.now + delayMs + (jitterMs > 0 ? drawBelow(this.chance, jitterMs) : 0);
    const heard = bytes.slice();
    this.at(at, () => {
      this.feed(to, { type: "received", generation: GENERATION, bytes: heard });
      // A driver may use its buffer again.
      heard.fill(0xee);
    });
  }

  /** More in one interval than the stack's queue holds would be dropped in silence. */
  private countQueued(end: End): void {
    const { transmitted } = end;
    const { stackQueue, intervalMs } = this.options;
    const before = transmitted[transmitted.length - 1 - stackQueue];
    if (before !== undefined && this.now < before.at + intervalMs) throw new Error("the stack's queue is full");
  }
}

/** A packet that names itself: its number, then a pattern. */
export function numbered(number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = number * 31 + i * 7 + (i >> 8);
  if (size >= 2) {
    bytes[0] = number >> 8;
    bytes[1] = number;
  }
  return bytes;
}

export const numberOf = (bytes: Uint8Array): number => (bytes[0] << 8) | bytes[1];
