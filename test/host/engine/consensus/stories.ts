/** What stories about a table are told with: a calm beginning, words in anybody's name, and what came of it. */
import { expect } from "vitest";
import type { Done, Effect } from "../../../../host/engine/consensus/events.ts";
import { nextHistory } from "../../../../host/engine/consensus/log.ts";
import type { Options } from "../../../../host/engine/consensus/options.ts";
import { batchName } from "../../../../host/engine/consensus/proposals.ts";
import { signBallot } from "../../../../host/engine/consensus/statements.ts";
import { encodeTable } from "../../../../host/engine/consensus/table.ts";
import { KeyValueOperation, KeyValueResult } from "../../../../host/engine/keyvalue/operation.ts";
import { takeSnapshot } from "../../../../host/engine/keyvalue/snapshot.ts";
import type { Ballot, BallotSaid, SignedBallot } from "../../../../protocol/agreement/ballot.ts";
import type { Batch } from "../../../../protocol/agreement/request.ts";
import type { Said } from "../../../../protocol/agreement/said.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { utf8Encode } from "../../../../protocol/bytes/utf8.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { agreedMillis, memberIndex, millis, sequence, view } from "../../../../protocol/core/units.ts";
import type { ObjectName, Place } from "../../../../protocol/message/fields.ts";
import type { Message } from "../../../../protocol/message/kinds.ts";
import { feed, type Kiosk, type Rig, rig, run, type Sent, WALL_MS } from "../../../simulator/rig.ts";

export type SaidOf<T extends Said["type"]> = Extract<Said, { readonly type: T }>;

/** A table at which everyone has learned that nothing was forgotten, so that votes may be signed. */
export function calm(n: number, options: Partial<Options> = {}, spare = 0): Rig {
  const of = rig(n, options, spare);
  run(of, 100);
  of.log.length = 0;
  return of;
}

export const set = (key: string, value: string): Uint8Array =>
  encode(KeyValueOperation, { type: "set", key: utf8Encode(key), value: utf8Encode(value) });
export const get = (key: string): Uint8Array => encode(KeyValueOperation, { type: "get", key: utf8Encode(key) });

/** An answer in words. */
export function answer(result: Uint8Array): string {
  const decoded = decode(KeyValueResult, result);
  assert(decoded.ok, "a machine answers in its layout");
  return decoded.value.type === "value" ? Buffer.from(decoded.value.value).toString() : decoded.value.type;
}

// --- what came of it ---

const toldOf = <T extends Effect["type"]>(kiosk: Kiosk, type: T): Extract<Effect, { readonly type: T }>[] =>
  kiosk.told.filter((each): each is Extract<Effect, { readonly type: T }> => each.type === type);

export const executions = (of: Rig, index: number) => toldOf(of.kiosks[index], "executed");
export const answers = (of: Rig, index: number) => toldOf(of.kiosks[index], "answered");
export const accusations = (of: Rig, index: number) =>
  toldOf(of.kiosks[index], "evidence").map(({ evidence }) => evidence);
export const entered = (of: Rig, index: number): number[] =>
  toldOf(of.kiosks[index], "entered").map((each) => each.view);
export const only = <T extends Effect["type"]>(effects: readonly Effect[], type: T) =>
  effects.filter((each): each is Extract<Effect, { readonly type: T }> => each.type === type);
export const complaints = (effects: readonly Effect[]): string[] => only(effects, "malformed").map(({ why }) => why);

/** The requests that did something, in their order: member and number. */
export const done = (of: Rig, index: number): string[] =>
  executions(of, index).flatMap((each) => each.done.filter(({ repeated }) => !repeated).map(nameOf));
const everyone = (of: Rig): number[] => of.kiosks.map((_, index) => index);
const nameOf = ({ request }: Done): string => `${request.sender}/${request.request.number}`;

export const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

/** All that a checkpoint would cover. */
export function stateOf(of: Rig, index: number): string {
  const { state } = of.kiosks[index].replica;
  return hex(encodeTable(state.table, takeSnapshot(state.machine)));
}

/** One history: whoever executed a sequence executed there what the others did, and nobody executed anything twice. */
export function expectOneHistory(of: Rig, among: readonly number[] = everyone(of)): void {
  const at: (string | undefined)[] = [];
  for (const index of among) {
    // In another epoch another member may have that place.
    const names = of.kiosks[index].replica.epoch === 0 ? nameOf : ({ request }: Done) => hex(request.signature);
    const requests = executions(of, index).flatMap((each) => each.done.filter(({ repeated }) => !repeated).map(names));
    expect(new Set(requests).size, `kiosk ${index} executes each request once`).toBe(requests.length);
    for (const each of executions(of, index)) {
      const what = `${each.time}: ${each.done.map((one) => `${nameOf(one)}=${hex(one.result)}`).join(" ")}`;
      at[each.sequence] ??= what;
      expect(what, `sequence ${each.sequence} at kiosk ${index}`).toBe(at[each.sequence]);
    }
  }
}

/** All of them stand at the same place with the same state. */
export function expectTogether(of: Rig, among: readonly number[] = everyone(of)): void {
  expectOneHistory(of, among);
  const [first] = among;
  for (const index of among) {
    const { state } = of.kiosks[index].replica;
    expect([index, state.sequence, hex(state.history)]).toEqual([
      index,
      of.kiosks[first].replica.state.sequence,
      hex(of.kiosks[first].replica.state.history),
    ]);
    expect(stateOf(of, index)).toBe(stateOf(of, first));
  }
}

// --- words ---

export const tell = (of: Rig, to: number, said: Said): Effect[] =>
  feed(of, to, { type: "said", at: millis(of.now), said });
export const hear = (of: Rig, to: number, from: number, message: Message): Effect[] =>
  feed(of, to, { type: "heard", at: millis(of.now), from: memberIndex(from), message });

/** On its way like all else, whatever is being dropped. */
export function pass(of: Rig, from: number, to: number, what: Said | Message, afterMs = of.delayMs): void {
  of.order += 1;
  const said = SAID.includes(what.type) ? (what as Said) : undefined;
  const message = said === undefined ? (what as Message) : undefined;
  of.queue.push({ at: of.now + afterMs, order: of.order, sent: { from, to, said, message } });
}
const SAID: readonly string[] = ["requests", "ballot", "viewChange", "newView", "certificate", "checkpoint"];

/** By the key of `who`, whatever it says: how a liar speaks. Every history is whole. */
export function ballotBy(of: Rig, who: number, what: Partial<Ballot>): SignedBallot {
  const { replica, world } = of.kiosks[who];
  const nothing = { proposed: undefined, prepared: undefined, committed: undefined, checkpoint: undefined };
  return signBallot(replica, world.ports, who, { view: view(replica.view), ...nothing, ...what });
}

export const saying = (ballot: SignedBallot, proposals?: BallotSaid["proposals"]): SaidOf<"ballot"> => ({
  type: "ballot",
  ballot,
  hint: new Uint8Array(4),
  proposals,
});

export interface Proposing {
  readonly said: SaidOf<"ballot">;
  /** After each of the batches. */
  readonly places: readonly Place[];
  readonly names: readonly ObjectName[];
}

/** Batches above a place, proposed by outline or by name. */
export function proposing(
  of: Rig,
  who: number,
  batches: readonly Batch[],
  { base = of.kiosks[who].replica.start, inView = 0, by = "outline" as "outline" | "name" } = {},
): Proposing {
  const { world } = of.kiosks[who];
  const names = batches.map((batch) => batchName(world, batch));
  const places = placesAfter(of, base, names);
  const slots = batches.map((batch, i) =>
    by === "name"
      ? ({ type: "name", name: names[i] } as const)
      : ({ type: "outline", time: batch.time, barrier: batch.barrier, runs: runs(batch) } as const),
  );
  const ballot = ballotBy(of, who, { view: view(inView), proposed: places.at(-1) });
  return { said: saying(ballot, { first: sequence(base.sequence + 1), slots }), places, names };
}

const runs = ({ requests }: Batch) =>
  requests.map(({ sender, request }) => ({ sender, first: request.number, count: 1 }));

export function placesAfter(of: Rig, base: Place, names: readonly ObjectName[]): Place[] {
  const places: Place[] = [];
  let history = base.digest;
  for (const [i, name] of names.entries()) {
    const at = base.sequence + i + 1;
    history = nextHistory(of.kiosks[0].world.ports, history, at, name);
    places.push({ sequence: sequence(at), digest: history });
  }
  return places;
}

/** Nothing but a time, in milliseconds after the table was made. */
export const empty = (afterMs: number): Batch => ({
  time: agreedMillis(WALL_MS + afterMs),
  barrier: undefined,
  requests: [],
});

/** What a member says of itself that has nothing, and claims to be in those views. */
export const boast = (of: Rig, view: number, changing: number): Message => ({
  type: "stateSync",
  step: {
    ...{ type: "status", epoch: 0, view, changing, stable: 0, executed: of.kiosks[0].replica.epochStart },
    ...{ known: 0, prepared: 0, committed: 0, attempt: 0, time: 0, recall: false },
  } as never,
});

/** All that is said from now on, and when. */
export function watch(of: Rig): (Sent & { readonly at: number })[] {
  const heard: (Sent & { readonly at: number })[] = [];
  const drop = of.drop;
  of.drop = (sent) => {
    heard.push({ at: of.now, ...sent });
    return drop(sent);
  };
  return heard;
}
