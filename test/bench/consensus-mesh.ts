/**
 * Replicas that all reach each other, in virtual time, with a scale on every link: what agreement costs in messages and bytes,
 * and how fast it goes where the wire is what takes time. What is said is handed over as it is; its size is that of the
 * envelope that would carry it.
 */
import type { Effect, Event } from "../../host/engine/consensus/events.ts";
import { found } from "../../host/engine/consensus/found.ts";
import type { Options } from "../../host/engine/consensus/options.ts";
import type { Replica, World } from "../../host/engine/consensus/state.ts";
import { deadlineOf, step } from "../../host/engine/consensus/step.ts";
import { keyValueMachine } from "../../host/engine/keyvalue/key-value-machine.ts";
import type { KeyValueState } from "../../host/engine/keyvalue/state.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, chance, draw } from "../../protocol/core/chance.ts";
import { TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { memberIndex, millis } from "../../protocol/core/units.ts";
import { identities } from "../simulator/crypto.ts";
import { schedule, type Timed, takeEarliest } from "../simulator/heap.ts";
import { histories } from "../simulator/histories.ts";
import { type Scale, scale, weigh } from "./consensus-scale.ts";

export const TABLE_ID = Uint8Array.from({ length: TABLE_ID_SIZE }, (_, at) => 0x5a + 7 * at);
export const WALL_MS = 1_790_000_000_000;

export interface MeshOptions {
  readonly memberCount: number;
  readonly options: Options;
  /** One way, on every link; and by how much at most a packet is later than that. A link keeps its order. */
  readonly delayMs: number;
  readonly jitterMs?: number;
  readonly seed?: number;
}

export interface Seated {
  readonly replica: Replica<KeyValueState>;
  readonly world: World<KeyValueState>;
  /** Neither hears nor speaks. */
  isSilent: boolean;
  /** When its next tick stands in the queue. */
  tickAt: number;
  /** When what was sent last to each other arrives. */
  readonly arrivesAt: number[];
  /** Of its own requests. */
  submitted: number;
}

type Happening = Timed & { readonly to: number; readonly event: Event | undefined };

export type Sent = Extract<Effect, { type: "say" | "send" }>;

export interface Mesh {
  now: number;
  order: number;
  readonly queue: Happening[];
  readonly seats: Seated[];
  readonly scale: Scale;
  readonly random: Chance;
  readonly delayMs: number;
  readonly jitterMs: number;
  /** What leaves and does not arrive. */
  isLost: (from: number, to: number, effect: Sent) => boolean;
  /** Everything that a replica does, after it was weighed. */
  onEffect: (seat: number, effect: Effect) => void;
}

export function mesh({ memberCount, options, delayMs, jitterMs = 0, seed = 1 }: MeshOptions): Mesh {
  const random = chance(seed);
  const members = identities(memberCount, random, false, histories());
  const seats = members.map(({ key, ports }): Seated => {
    const world = { ports, machine: keyValueMachine };
    const founding = {
      ...{ options, table: TABLE_ID, members: members.map((each) => each.key), key },
      ...{ at: millis(0), wallMs: WALL_MS },
    };
    return {
      ...{ replica: found(founding, world), world },
      ...{ isSilent: false, tickAt: Number.POSITIVE_INFINITY, arrivesAt: new Array(memberCount).fill(0), submitted: 0 },
    };
  });
  const of: Mesh = {
    ...{ now: 0, order: 0, queue: [], seats, random, delayMs, jitterMs },
    ...{ scale: scale(memberCount), isLost: () => false, onEffect: () => {} },
  };
  for (let seat = 0; seat < memberCount; seat++) scheduleTick(of, seat);
  return of;
}

/** At this moment, after all that is due by now. */
export function submit(of: Mesh, seat: number, operation: Uint8Array): void {
  of.seats[seat]!.submitted += 1;
  push(of, of.now, seat, { type: "submit", at: millis(of.now), seat: 0, operation });
}

/** From silence, of which nothing is left but what time has passed. */
export function wake(of: Mesh, seat: number): void {
  const seated = of.seats[seat]!;
  seated.isSilent = false;
  seated.tickAt = Number.POSITIVE_INFINITY;
  scheduleTick(of, seat);
}

/** Until that moment, or until it is done. */
export function run(of: Mesh, untilMs: number, isDone: () => boolean = () => false): void {
  let sinceMoved = 0;
  while (!isDone()) {
    if (of.queue.length === 0 || of.queue[0]!.at > untilMs) {
      of.now = Math.max(of.now, untilMs);
      return;
    }
    const { at, to, event } = takeEarliest(of.queue);
    sinceMoved = at > of.now ? 0 : sinceMoved + 1;
    assert(sinceMoved < STANDSTILL_MAX, "time moves on");
    of.now = at;
    const seat = of.seats[to]!;
    if (seat.isSilent) continue;
    if (event !== undefined) feed(of, to, event);
    else {
      seat.tickAt = Number.POSITIVE_INFINITY;
      if (deadlineOf(seat.replica) <= at) feed(of, to, { type: "tick", at: millis(at) });
      else scheduleTick(of, to);
    }
  }
}

/** Things that happen at one moment, before they count as a circle. */
const STANDSTILL_MAX = 100_000;

function feed(of: Mesh, to: number, event: Event): void {
  const { replica, world } = of.seats[to]!;
  const effects: Effect[] = [];
  step(replica, event, effects, world);
  for (const effect of effects) {
    if (effect.type === "say" || effect.type === "send") deliver(of, to, effect);
    of.onEffect(to, effect);
  }
  scheduleTick(of, to);
}

function deliver(of: Mesh, from: number, effect: Sent): void {
  const { replica, world, arrivesAt } = of.seats[from]!;
  weigh(of.scale, from, replica.epoch, effect, world.ports);
  for (let to = 0; to < of.seats.length; to++) {
    if (to === from || (effect.to !== "all" && effect.to !== to) || of.isLost(from, to, effect)) continue;
    const late = of.jitterMs === 0 ? 0 : draw(of.random) * of.jitterMs;
    const at = millis(Math.max(of.now + of.delayMs + late, arrivesAt[to]!));
    arrivesAt[to] = at;
    if (effect.type === "say") push(of, at, to, { type: "said", at, said: effect.said });
    else push(of, at, to, { type: "heard", at, from: memberIndex(from), message: effect.message });
  }
}

/** A deadline that moves away is found out when its time comes; so the queue holds few ticks and nobody looks for them. */
function scheduleTick(of: Mesh, seat: number): void {
  const seated = of.seats[seat]!;
  const at = Math.max(of.now, deadlineOf(seated.replica));
  if (at >= seated.tickAt) return;
  seated.tickAt = at;
  push(of, at, seat, undefined);
}

function push(of: Mesh, at: number, to: number, event: Event | undefined): void {
  of.order += 1;
  schedule(of.queue, { at, order: of.order, to, event });
}
