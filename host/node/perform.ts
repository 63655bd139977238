/**
 * What the engine wants done, done in its order: nothing else in a kiosk acts.
 *
 * All records among the effects are written first, with one flush, and then everything leaves in its order. To be durable
 * sooner than it was asked for harms nobody; to be said sooner than its record is durable would.
 */
import type { SignedRequest } from "../../protocol/agreement/request.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { assert } from "../../protocol/core/assert.ts";
import { BATCH_LENGTH_MAX, ENVELOPE_SIZE_MAX } from "../../protocol/core/limits.ts";
import { epoch, type MemberIndex, memberIndex, millis } from "../../protocol/core/units.ts";
import { type Sealed, seal } from "../../protocol/envelope/seal.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Effect } from "../engine/consensus/events.ts";
import { REQUEST_OVERHEAD_SIZE, REQUESTS_SAID_SIZE_MAX } from "../engine/consensus/limits.ts";
import type { Ports } from "../engine/ports.ts";
import { blockFor, reserve, take } from "./counters.ts";
import type { Mail } from "./mail.ts";
import { engineRecord, isLong, keep, type Memory, shorten } from "./memory.ts";

export interface Hands {
  readonly memory: Memory<unknown>;
  readonly mail: Mail;
  readonly ports: Ports;
  /** Sees every effect when it is done: screens, histories, whoever measures. */
  readonly on: (effect: Effect) => void;
  readonly compactAboveSize: number;
  readonly wallMs: () => number;
  readonly tally: HandsTally;
  /** For those who only look on, after all else that the turn has brought. */
  readonly letters: OnlookerLetter[];
  /** It has no place itself, and asks what it lacks. */
  readonly looksOn: boolean;
  /** In whose words it speaks: of several events that were stepped together, the first may belong to an epoch that is over. */
  voice: Voice;
}

export type OnlookerLetter = { readonly to: Uint8Array } & ({ readonly message: Message } | { readonly said: Said });

export interface Voice {
  readonly epoch: number;
  readonly members: readonly Uint8Array[];
  readonly me: number;
}

export interface HandsTally {
  records: number;
  flushes: number;
  compactions: number;
}

/** Throws where the disk fails: the process ends then, for nobody knows what is durable. */
export async function perform(effects: readonly Effect[], of: Hands): Promise<void> {
  const letters = of.letters.splice(0);
  await setAside(effects.filter(({ type }) => type === "send").length + letters.length, of);
  const records = effects.filter((effect) => effect.type === "persist");
  if (records.length > 0) {
    for (const { record } of records) if ((await keep(of.memory, engineRecord(record))) === "covered") break;
    await of.memory.journal.flush();
    of.tally.records += records.length;
    of.tally.flushes += 1;
  }
  for (const effect of joined(effects)) act(effect, of);
  for (const letter of letters) write(letter, of);
  if (isLong(of.memory, of.compactAboveSize)) {
    await shorten(of.memory);
    of.tally.compactions += 1;
  }
}

/** Requests that wait for one flush leave in as few packets as carry them: each is one more for everyone to open. */
function joined(effects: readonly Effect[]): readonly Effect[] {
  const out: Effect[] = [];
  let requests: SignedRequest[] = [];
  let size = 0;
  for (const effect of effects) {
    if (effect.type !== "say" || effect.to !== "all" || effect.said.type !== "requests") {
      // What follows is said in the words of another epoch.
      if (effect.type === "entered") requests = [];
      out.push(effect);
      continue;
    }
    const more = effect.said.requests;
    const moreSize = more.reduce((sum, { request }) => sum + REQUEST_OVERHEAD_SIZE + request.operation.length, 0);
    const fits = size + moreSize <= REQUESTS_SAID_SIZE_MAX && requests.length + more.length <= BATCH_LENGTH_MAX;
    if (requests.length > 0 && fits) {
      requests.push(...more);
      size += moreSize;
    } else {
      requests = [...more];
      size = moreSize;
      out.push({ ...effect, said: { type: "requests", requests } });
    }
  }
  return out;
}

/** Numbers for so many sealed envelopes. */
async function setAside(count: number, { memory }: Hands): Promise<void> {
  const below = blockFor(memory.counters, count);
  if (below === undefined) return;
  await keep(memory, { type: "counters", below });
  await memory.journal.flush();
  reserve(memory.counters, below);
}

function act(effect: Effect, of: Hands): void {
  switch (effect.type) {
    case "say": {
      // What proves the end of an epoch is for those who are still in it.
      const inEpoch = effect.said.type === "checkpoint" ? effect.said.proof.epoch : epoch(of.voice.epoch);
      const to = keyOf(effect.to, of);
      if (to !== undefined) of.mail.sayOpenly(effect.said, { id: of.memory.replica.table, epoch: inEpoch }, to);
      break;
    }
    case "send": {
      const to = keyOf(effect.to, of);
      const sealed = to === undefined ? undefined : sealedBy(effect.message, of);
      if (to === undefined || sealed === undefined) break;
      of.mail.saySealed(sealed, effect.message, to);
      break;
    }
    case "entered":
      of.voice = voiceOf(of.memory);
      break;
    default:
      break;
  }
  of.on(effect);
}

function write(letter: OnlookerLetter, of: Hands): void {
  const { table } = of.memory.replica;
  if ("said" in letter) {
    const { said, to } = letter;
    const inEpoch = said.type === "checkpoint" ? said.proof.epoch : epoch(of.voice.epoch);
    of.mail.sayOpenly(said, { id: table, epoch: inEpoch }, to);
    return;
  }
  const sealed = sealedBy(letter.message, of);
  if (sealed !== undefined) of.mail.saySealed(sealed, letter.message, letter.to);
}

export const voiceOf = ({ replica: { epoch, members, me } }: Memory<unknown>): Voice => ({ epoch, members, me });

/** What is for those who share no table with us is signed by the key alone, and so is what one of them says. */
const FOR_ANYONE: readonly Message["type"][] = Object.freeze(["tableAnnouncement", "joinAccept", "joinReject"]);

/** Of those who only look on: that they are there, that they would like to go on, and what they lack. */
const ONLOOKERS_SAY: readonly Message["type"][] = Object.freeze(["heartbeat", "joinRequest", "stateSync"]);

/** Who has no place to sign from says nothing but that. */
function sealedBy(message: Message, { memory, ports, voice, looksOn, wallMs }: Hands): Sealed | undefined {
  if (voice.me < 0 && !(looksOn && ONLOOKERS_SAY.includes(message.type))) return undefined;
  if (voice.me < 0 || FOR_ANYONE.includes(message.type)) {
    const { key, table } = memory.replica;
    const time = millis(Math.max(0, Math.floor(wallMs())));
    return seal(message, { type: "stranger", key, time, counter: take(memory.counters), table }, ports);
  }
  const place = { table: memory.replica.table, epoch: epoch(voice.epoch), sender: memberIndex(voice.me) };
  const sealed = seal(message, { type: "member", ...place, counter: take(memory.counters) }, ports);
  assert(sealed.bytes.length <= ENVELOPE_SIZE_MAX, "the engine says nothing that is longer than a packet");
  return sealed;
}

/** Undefined of one who was a member when it was said. */
const keyOf = (to: MemberIndex | "all", { voice }: Hands): Uint8Array | "all" | undefined =>
  to === "all" ? "all" : voice.members[to];
