/**
 * What a member can become. A step depends on nothing but the member's own state and what happens to it, so the real engine
 * takes each step once, however many states of the whole table it is part of.
 */

import type { Effect, Event } from "../../host/engine/consensus/events.ts";
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { SignedNewView } from "../../protocol/agreement/certificate.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { assert } from "../../protocol/core/assert.ts";
import { memberIndex, millis } from "../../protocol/core/units.ts";
import { imageOf, SAME, unknownParts } from "./coarse.ts";
import { copy } from "./copy.ts";
import { type Entered, type Faces, faceOf, faces } from "./faces.ts";
import { type Blank, blankOf, bringBack, leaveOut } from "./leave-out.ts";
import { ballotSaid, bodyIn, type Move, type Moves, moves, newViewSaid, wishNamed, wishSaid } from "./moves.ts";
import { brokenRule } from "./rules.ts";
import { firstStates, type Member, NOW, operationOf, type Table } from "./setting.ts";
import { spotOf } from "./spots.ts";

export interface Local {
  readonly replica: Member;
  readonly face: number;
}

/** What no honest member may do, done by its step. */
export interface Fault {
  readonly local: number;
  readonly move: number;
  readonly why: string;
}

export interface Model {
  readonly table: Table;
  readonly moves: Moves;
  readonly faces: Faces;
  readonly locals: Local[];
  readonly numbers: Map<string, number>;
  /** By member. */
  readonly blanks: Blank[];
  /** Where a move leads from a state, by both their numbers. */
  readonly results: Map<number, number>[];
  readonly faults: Fault[];
  /** Asked of the engine. */
  steps: number;
  /** Told of a state that counts as one that was there before. */
  onMerge: ((kept: Member, other: Member) => void) | undefined;
}

export interface Beginning {
  readonly model: Model;
  readonly first: readonly number[];
}

export function modelOf(table: Table): Beginning {
  const states = firstStates(table);
  for (const state of states) {
    assert(unknownParts(state).length === 0, `every part of a state is known: ${unknownParts(state)}`);
  }
  const blanks: Blank[] = [];
  for (const state of states) blanks[state.me] = blankOf(state);
  const model: Model = {
    ...{ table, moves: moves(), faces: faces(), locals: [], numbers: new Map(), blanks },
    ...{ results: [], faults: [], steps: 0, onMerge: undefined },
  };
  return { model, first: states.map((state) => enter(model, state, [], undefined)) };
}

/** The state that it leads to; the same where it changes nothing; below zero −1 − the number of a fault. */
export function take(of: Model, local: number, move: number): number {
  const known = of.results[local].get(move);
  if (known !== undefined) return known;
  const result = compute(of, local, move);
  of.results[local].set(move, result);
  return result;
}

function compute(of: Model, local: number, number: number): number {
  const { replica: before, face } = of.locals[local];
  const replica = copy(before);
  bringBack(replica, of.blanks[replica.me]);
  const effects: Effect[] = [];
  of.steps += 1;
  try {
    perform(of, replica, of.moves.all[number], effects);
  } catch (error) {
    return faulty(of, local, number, `${error instanceof Error ? error.message : error}`);
  }
  const { said, entered } = of.faces.all[face];
  const spoken = effects.length === 0 ? said : hear(of, effects, said);
  const why = brokenRule(of.table, of.moves, { before, after: replica, effects, said, spoken });
  if (why === undefined) {
    if (isRefused(of.moves.all[number], before, replica, effects)) return local;
    // A vote that cannot be counted for want of a history is one that comes later: who says the same twice says it once.
    if (replica.votes.waiting.some((line) => line.length > 0)) return local;
  }
  const begun = replica.view > before.view ? beginningOf(replica) : entered;
  if (why !== undefined) return faulty(of, local, number, why);
  return enter(of, replica, spoken, begun);
}

/** Then it may as well not have come. A new view that is not entered with all it rests on is refused. */
function isRefused(move: Move, before: Member, after: Member, effects: readonly Effect[]): boolean {
  if (effects.some((effect) => effect.type === "say") || after.executed > before.executed) return false;
  if (move.type === "hear" && move.meaning.type === "newView") return after.view === before.view;
  return effects.some((effect) => effect.type === "malformed");
}

function faulty(of: Model, local: number, move: number, why: string): number {
  of.faults.push({ local, move, why });
  return -of.faults.length;
}

function perform(of: Model, replica: Member, move: Move, effects: Effect[]): void {
  const { engine, worlds } = of.table;
  const world = worlds[replica.me];
  const feed = (event: Event): void => engine.step(replica, event, effects, world);
  const hearSaid = (said: Said): void => feed({ type: "said", at: NOW, said });
  switch (move.type) {
    case "hear":
      // A new view comes with what it rests on: a part of that alone is what nobody sees.
      if (move.meaning.type === "newView") for (const wish of wishesOf(of, move.meaning.signed)) hearSaid(wish);
      hearSaid(move.said);
      return;
    case "fetch": {
      // What it wants it asks for with every step; from whom, does not matter to it.
      feed({ type: "tick", at: NOW });
      const step = { type: "chunk", object: move.name, index: 0, path: [], bytes: move.bytes } as const;
      const from = memberIndex(of.table.setting.byzantine);
      feed({ type: "heard", at: NOW, from, message: { type: "stateSync", step } });
      return;
    }
    case "wait":
      if (move.deadline === "batch") replica.timing.batchAt = NOW;
      else if (move.deadline === "commit") replica.timing.commitAt = NOW;
      else replica.timing.openAt = ALWAYS;
      feed({ type: "tick", at: NOW });
      return;
    case "submit":
      feed({ type: "submit", at: NOW, seat: 0, operation: operationOf(replica.me) });
      return;
  }
}

function wishesOf({ moves }: Model, signed: SignedNewView): Said[] {
  return signed.newView.viewChanges.map((change) => {
    const move = moves.all[wishNamed(moves, change) ?? -1];
    assert(move?.type === "hear", "a new view names what was said");
    return move.said;
  });
}

/** All that it has said, ascending. */
function hear(of: Model, effects: readonly Effect[], before: readonly number[]): readonly number[] {
  const said = new Set(before);
  let signed: SignedBallot | undefined;
  for (const effect of effects) {
    // Kept whole before it is said with histories left out.
    if (effect.type === "persist" && effect.record.type === "voted") signed = effect.record.ballot;
    if (effect.type !== "say") continue;
    const what = effect.said;
    if (what.type === "ballot" && signed !== undefined) said.add(ballotSaid(of.moves, what, signed));
    else if (what.type === "viewChange") said.add(wishSaid(of.moves, what.change, bodyIn(what.body)));
    else if (what.type === "newView") said.add(newViewSaid(of.moves, { ...what }));
  }
  return said.size === before.length ? before : [...said].sort((left, right) => left - right);
}

function beginningOf(replica: Member): Entered {
  const start = spotOf(replica.start);
  return { start, result: replica.newView === undefined ? start : spotOf(replica.newView.newView.result) };
}

function enter(of: Model, replica: Member, said: readonly number[], entered: Entered | undefined): number {
  leaveOut(replica, of.blanks[replica.me]);
  const face = faceOf(of.faces, of.moves, replica, said, entered);
  const key = imageOf(replica, [face], SAME);
  const known = of.numbers.get(key);
  if (known !== undefined) {
    of.onMerge?.(of.locals[known].replica, replica);
    return known;
  }
  const number = of.locals.length;
  of.numbers.set(key, number);
  of.locals.push({ replica, face });
  of.results.push(new Map());
  return number;
}

const ALWAYS = millis(Number.NEGATIVE_INFINITY);
