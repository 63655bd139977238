/**
 * Kiosks that throw dice by real agreement over a network that loses, delays and repeats, whose primaries fall silent: views
 * change while bets are being locked. In each roll two members want to lock different bets. One seed repeats everything.
 *
 * What is watched: a partial tells its hearers what the dice of *its* bets will be, so that it must not leave before those bets
 * are committed: by a quorum's commits, or everyone's prepares, said on the network before.
 */

import type { Effect, Event } from "../../../../host/engine/consensus/events.ts";
import { found } from "../../../../host/engine/consensus/found.ts";
import { quorum } from "../../../../host/engine/consensus/quorum.ts";
import { primaryOf } from "../../../../host/engine/consensus/quorums.ts";
import type { Replica, World } from "../../../../host/engine/consensus/state.ts";
import { deadlineOf, step } from "../../../../host/engine/consensus/step.ts";
import { stepOwnDice } from "../../../../host/engine/dice/own-dice.ts";
import { type OwnDice, type OwnEffect, type OwnEvent, ownDice } from "../../../../host/engine/dice/own-state.ts";
import { lockBets } from "../../../../host/engine/dice/roll.ts";
import { type DiceState, encodeDice } from "../../../../host/engine/dice/state.ts";
import type { SignedBallot } from "../../../../protocol/agreement/ballot.ts";
import { type Chance, chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { agreedMillis, memberIndex, millis } from "../../../../protocol/core/units.ts";
import { OPTIONS, portsOf as votingPorts, WALL_MS } from "../../../simulator/rig.ts";
import { diceMachine, diceOperation, lockIn, lockOperation } from "./dice-machine.ts";
import { diceTable, type Kiosk, settleDown, TABLE } from "./kiosks.ts";
import type { World as Numbers } from "./stand-in.ts";

/** When a kiosk tells its own part of what: of what is decided, as it must be, or of what is only proposed to it. */
export type SpeaksOf = "decided" | "proposed";

export interface Outcome {
  /** Partials that left before their bets were committed, in words. */
  readonly early: readonly string[];
  /** Partials of bets that another roll of that number was then thrown for. */
  readonly betrayed: number;
  readonly rolls: number;
  readonly views: number;
}

interface Seat {
  readonly replica: Replica<DiceState>;
  readonly world: World<DiceState>;
  readonly kiosk: Kiosk;
  readonly own: OwnDice;
  /** Up to which roll it has asked for a lock. */
  asked: number;
}

type Sent = { readonly to: number; readonly from: number; readonly event: (at: number) => Event | OwnEvent };

interface Play {
  readonly source: Chance;
  readonly seats: readonly Seat[];
  readonly speaksOf: SpeaksOf;
  now: number;
  queue: { readonly at: number; readonly sent: Sent }[];
  loss: number;
  lateMs: number;
  silentUntil: number;
  silent: number;
  /** By view and member. */
  readonly prepared: Map<number, number[]>;
  readonly committed: Map<number, number[]>;
  readonly spoken: { readonly roll: number; readonly digest: string }[];
  readonly thrown: Map<number, string>;
  readonly early: string[];
}

export interface Ready {
  readonly kiosks: readonly Kiosk[];
  /** With a key that serves. */
  readonly begin: Uint8Array;
}

export function readyTable(count: number, world: Numbers = "stand-in"): Ready {
  const of = diceTable(count, { world });
  settleDown(of);
  return { kiosks: of.kiosks, begin: encodeDice(of.state) };
}

export function playSchedule({ kiosks, begin }: Ready, seed: number, rolls: number, speaksOf: SpeaksOf): Outcome {
  const source = chance(seed);
  const keys = kiosks.map((_, index) => Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? index : 7)));
  const options = { ...OPTIONS, checkpointEvery: 200, fastPath: draw(source) < 0.6, window: 1 + drawBelow(source, 8) };
  const seats = kiosks.map((kiosk, index): Seat => {
    const world = { ports: votingPorts(keys[index]!), machine: diceMachine(begin, kiosk.ports) };
    const founding = { options, table: TABLE, members: keys, key: keys[index]!, at: millis(0), wallMs: WALL_MS };
    const own = ownDice(kiosk.secret, kiosk.member.diceKey, millis(0));
    return { replica: found(founding, world), world, kiosk, own, asked: 0 };
  });
  const of: Play = {
    ...{ source, seats, speaksOf, now: 0, queue: [], loss: 0, lateMs: 1, silentUntil: 0, silent: -1 },
    ...{ prepared: new Map(), committed: new Map(), spoken: [], thrown: new Map(), early: [] },
  };
  run(of, 100, () => false);
  of.loss = draw(source) * 0.15;
  of.lateMs = 1 + drawBelow(source, 50);
  const over = (): boolean =>
    seats.every(({ replica }) => replica.state.machine.lastRoll >= rolls && replica.state.machine.roll === undefined);
  for (let turn = 0; turn < 12 && !over(); turn++) {
    // Whoever leads falls silent now and then, for longer than the others wait.
    const leader = primaryOf(seats[0]!.replica, Math.max(...seats.map(({ replica }) => replica.view)));
    of.silent = draw(source) < 0.6 ? leader : -1;
    of.silentUntil = of.now + 100 + drawBelow(source, 900);
    ask(of, rolls);
    run(of, of.now + drawBelow(source, 400), over);
  }
  of.silent = -1;
  of.loss = 0;
  for (let turn = 0; turn < 100 && !over(); turn++) {
    ask(of, rolls);
    run(of, of.now + 500, over);
  }
  return {
    early: of.early,
    betrayed: of.spoken.filter(({ roll, digest }) => of.thrown.get(roll) !== digest).length,
    rolls: Math.min(...seats.map(({ replica }) => replica.state.machine.lastRoll)),
    views: Math.max(...seats.map(({ replica }) => replica.view)),
  };
}

/** Two members want the next roll for different bets. */
function ask(of: Play, rolls: number): void {
  for (const member of [drawBelow(of.source, of.seats.length), drawBelow(of.source, of.seats.length)]) {
    const seat = of.seats[member]!;
    const { machine } = seat.replica.state;
    const next = machine.lastRoll + 1;
    if (machine.roll !== undefined || next > rolls || seat.asked >= next) continue;
    seat.asked = next;
    submit(of, member, lockOperation(next, 10 * next + member));
  }
}

function run(of: Play, untilMs: number, over: () => boolean): void {
  for (;;) {
    let [next, who, item] = [Number.POSITIVE_INFINITY, -1, -1];
    of.seats.forEach(({ replica, own }, index) => {
      const at = Math.max(of.now, Math.min(deadlineOf(replica), own.wakeAt ?? Number.POSITIVE_INFINITY));
      if (at < next) [next, who, item] = [at, index, -1];
    });
    of.queue.forEach(({ at, sent }, index) => {
      if (at < next || (at === next && item < 0)) [next, who, item] = [at, sent.to, index];
    });
    if (next > untilMs || over()) break;
    of.now = next;
    if (item >= 0) {
      const [{ sent }] = of.queue.splice(item, 1) as [Play["queue"][number]];
      feed(of, who, sent.event(of.now));
    } else {
      const { replica, own } = of.seats[who]!;
      if (own.wakeAt !== undefined && own.wakeAt <= of.now) stepOwn(of, who, { type: "tick", at: millis(of.now) });
      if (deadlineOf(replica) <= of.now) feed(of, who, { type: "tick", at: millis(of.now) } as Event);
    }
  }
  of.now = Math.max(of.now, untilMs);
}

function feed(of: Play, index: number, event: Event | OwnEvent): void {
  if (event.type === "heard" && "said" in event) {
    stepOwn(of, index, event);
    return;
  }
  const { replica, world } = of.seats[index]!;
  const effects: Effect[] = [];
  step(replica, event as Event, effects, world);
  let isNews = false;
  for (const effect of effects) {
    if (effect.type === "say") {
      const { said } = effect;
      if (said.type === "ballot") note(of, said.ballot);
      send(of, index, effect.to, (at) => ({ type: "said", at: millis(at), said }));
    } else if (effect.type === "send") {
      const { message } = effect;
      send(of, index, effect.to, (at) => ({ type: "heard", at: millis(at), from: memberIndex(index), message }));
    } else if (effect.type === "executed") isNews = true;
  }
  const { roll } = replica.state.machine;
  if (roll !== undefined) of.thrown.set(roll.lock.roll, `${roll.digest}`);
  if (isNews || of.speaksOf === "proposed") stepOwn(of, index, { type: "decided", at: millis(of.now) });
}

function stepOwn(of: Play, index: number, event: OwnEvent): void {
  const { replica, own, kiosk } = of.seats[index]!;
  const state = of.speaksOf === "decided" ? replica.state.machine : foreseen(of, index);
  const effects: OwnEffect[] = [];
  stepOwnDice(own, state, event, effects, kiosk.ports);
  for (const effect of effects) {
    if (effect.type === "order") submit(of, index, diceOperation(effect.operation));
    else if (effect.type === "say") {
      const { said } = effect;
      watch(of, index, said.roll, `${state.roll?.digest}`);
      send(of, index, "all", (at) => ({ type: "heard", at: millis(at), from: kiosk.member.key, said }));
    }
  }
}

const submit = (of: Play, index: number, operation: Uint8Array): void =>
  feed(of, index, { type: "submit", at: millis(of.now), seat: 0, operation });

/** The mistake that is looked for: as if everything that is proposed here were decided. */
function foreseen(of: Play, index: number): DiceState {
  const { replica, kiosk } = of.seats[index]!;
  const state = structuredClone(replica.state.machine);
  for (const lock of locksAbove(replica, replica.executed)) {
    lockBets(state, lock, agreedMillis(replica.state.time), kiosk.ports);
  }
  return state;
}

const locksAbove = (replica: Replica<DiceState>, sequence: number) =>
  replica.slots
    .filter((slot) => slot.sequence > sequence && slot.sequence <= replica.held)
    .flatMap((slot) => slot.batch?.requests ?? [])
    .flatMap(({ request }) => lockIn(request.operation) ?? []);

function watch(of: Play, index: number, roll: number, digest: string): void {
  of.spoken.push({ roll, digest });
  const { replica } = of.seats[index]!;
  const slot = replica.slots.find(({ batch }) =>
    batch?.requests.some(({ request }) => lockIn(request.operation)?.roll === roll),
  );
  if (slot === undefined || !isCommitted(of, slot.sequence)) of.early.push(`#${index} at ${of.now}, roll ${roll}`);
}

function note(of: Play, ballot: SignedBallot): void {
  const reached = Math.max(ballot.proposed?.sequence ?? 0, ballot.prepared?.sequence ?? 0);
  for (const [votes, sequence] of [
    [of.prepared, reached],
    [of.committed, ballot.committed?.sequence ?? 0],
  ] as const) {
    const line = votes.get(ballot.view) ?? of.seats.map(() => 0);
    line[ballot.sender] = Math.max(line[ballot.sender]!, sequence);
    votes.set(ballot.view, line);
  }
}

function isCommitted(of: Play, sequence: number): boolean {
  const count = of.seats.length;
  const backed = (votes: Map<number, number[]>, needed: number): boolean =>
    [...votes.values()].some((line) => line.filter((each) => each >= sequence).length >= needed);
  return backed(of.committed, quorum(count)) || backed(of.prepared, count);
}

function send(of: Play, from: number, to: number | "all", event: Sent["event"]): void {
  const isSilent = from === of.silent && of.now < of.silentUntil;
  for (let each = 0; each < of.seats.length; each++) {
    if (each === from || (to !== "all" && to !== each)) continue;
    if (isSilent || draw(of.source) < of.loss) continue;
    const copies = draw(of.source) < 0.05 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      of.queue.push({ at: of.now + 1 + drawBelow(of.source, of.lateMs), sent: { to: each, from, event } });
    }
  }
}
