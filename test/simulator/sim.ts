/** All that a run knows: kiosks, what is on its way between them, and what is to happen. */
import type { Effect } from "../../host/engine/consensus/events.ts";
import type { Replica, World } from "../../host/engine/consensus/state.ts";
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Chance } from "../../protocol/core/chance.ts";
import type { App } from "./app.ts";
import type { Attacker } from "./attackers/role.ts";
import type { Identity } from "./crypto.ts";
import type { Disk } from "./disk.ts";
import type { Timed } from "./heap.ts";
import type { Histories } from "./histories.ts";
import type { Checker } from "./invariants/seen.ts";
import type { BadDisk, Counts } from "./kinds.ts";
import type { Mishap } from "./mishaps.ts";
import type { Network } from "./network.ts";
import type { Packet } from "./packet.ts";
import type { Plan } from "./plan.ts";

export interface Happening extends Timed {
  readonly kind: "arrives" | "wakes" | "flushed" | "submits" | "mishap" | "restarts" | "ends";
  readonly kiosk: number;
  /** Of a process that has died since, nothing happens any more. */
  readonly boot: number;
  readonly packet: Packet | undefined;
  readonly what: Mishap | (() => void) | undefined;
}

/** An effect that waits for a flush, with what was known when it was made. */
export interface Outgoing {
  readonly effect: Effect;
  readonly note: Note;
}

export interface Note {
  readonly epoch: number;
  readonly members: readonly Uint8Array[];
  /** Of a decided sequence: the history there. */
  readonly history: number | undefined;
}

/** One process at one kiosk. Twins are two of them with one key. */
export interface Kiosk {
  readonly id: number;
  /** The process that the others take it for: its own, or its elder twin's. */
  readonly identity: Identity;
  /** By identity, in the order of keys. */
  readonly place: number;
  readonly disk: Disk;
  readonly world: World<unknown>;
  replica: Replica<unknown> | undefined;
  boot: number;
  /** Its monotonic clock: what it showed at the start, when that was, and how fast it goes. */
  startAt: number;
  startedAt: number;
  rate: number;
  /** What its wall clock shows beyond the truth. */
  offsetMs: number;
  wakesAt: number;
  pausedUntil: number;
  /** Not started yet, or gone for good. */
  absent: boolean;
  /** Dies after so many more effects. */
  dyingAfter: number | undefined;
  dyingDownMs: number;
  readonly effects: Effect[];
  outbox: Outgoing[];
  /** Records when the flush that is going on began. */
  flushing: number | undefined;
  /** Own ballots by signature, whole, with the epoch in which each was signed. */
  readonly voted: Map<number, { readonly ballot: SignedBallot; readonly epoch: number }>;
  signEpoch: number;
  attacker: Attacker | undefined;
  readonly badDisk: BadDisk | undefined;
  /** Damage that the next start will find. */
  damage: string | undefined;
  steps: number;
}

export interface Sim {
  readonly plan: Plan;
  now: number;
  order: number;
  readonly heap: Happening[];
  readonly kiosks: Kiosk[];
  readonly identities: readonly Identity[];
  readonly histories: Histories;
  readonly network: Network;
  readonly checker: Checker;
  /** Where the table agrees about more than keys and values. */
  readonly app: App<Sim, Kiosk> | undefined;
  readonly chances: { readonly disk: Chance; readonly load: Chance; readonly attack: Chance; readonly strike: Chance };
  readonly counts: Counts;
  readonly attacks: Counts;
  /** Of everything that happened, in order. */
  trace: number;
  events: number;
  submitted: number;
  struck: number;
  /** Faults are over. */
  healed: boolean;
  /** Where somebody wants to read it. */
  readonly story: string[] | undefined;
}

export const isHonest = (kiosk: Kiosk): boolean => kiosk.attacker === undefined && kiosk.badDisk === undefined;

export const count = (sim: Sim, kind: string, times = 1): void => {
  sim.counts[kind] = (sim.counts[kind] ?? 0) + times;
};

export function mixTrace(sim: Sim, value: number): void {
  sim.trace = (Math.imul(sim.trace ^ value, 0x9e3779b1) + 0x7f4a7c15) | 0;
  sim.trace ^= sim.trace >>> 15;
}
