/**
 * Nights at honest tables: eight kiosks in a ring of radios, three hundred rolls, everything that one of them hears of the others,
 * fed to all that judges. The air is the virtual one's model of loss, in bursts: on a connection loss is delay, and what shares a
 * link is late together.
 */

import { type BurstRules, type Bursts, bursts, lossAt } from "../../../../hardware/virtual/air/bursts.ts";
import { type AbortMeter, aborted, abortMeter } from "../../../../host/engine/judge/abort-meter.ts";
import { assess } from "../../../../host/engine/judge/assessment.ts";
import {
  type Conducts,
  conductOf,
  noConducts,
  observe as observeConduct,
  participated,
} from "../../../../host/engine/judge/conduct.ts";
import { type DiceMonitor, diceMonitor, rolled } from "../../../../host/engine/judge/dice-monitor.ts";
import { type Latencies, latencies, measuredLatency } from "../../../../host/engine/judge/latency.ts";
import { ACCUSING_EVIDENCE } from "../../../../host/engine/judge/limits.ts";
import { observe, type Profiles, profiles } from "../../../../host/engine/profiles/profile.ts";
import { suspicionsOf } from "../../../../host/engine/profiles/suspicion.ts";
import { AIR_NORM } from "../../../../host/engine/profiles/transports.ts";
import { type Cast, roundVoted } from "../../../../host/engine/profiles/votes.ts";
import { type Chance, chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { agreedMillis, millis } from "../../../../protocol/core/units.ts";
import { fairFace, many } from "./thrown.ts";

export const KIOSKS = 8;
export const ROLLS = 300;
export const ROLL_MS = 25_000;
const INTERVAL_MS = 20;
/** A tenth is lost, in bad times of half a second. */
const AIR: BurstRules = { goodMs: 4_000, badMs: 500, lossGood: 0.01, lossBad: 0.8 };
const START_MS = 1_767_225_600_000;

/** What was said against anybody, by whom it was said. */
export interface Accusations {
  timedAlike: number;
  votedAlike: number;
  mechanical: number;
  suspicious: number;
  byzantine: number;
  aborts: number;
  dice: number;
  /** Latencies out of the ordinary: told to operators, and no accusation. */
  slow: number;
  contested: number;
  worstScore: number;
}

export const noAccusations = (): Accusations => ({
  ...{ timedAlike: 0, votedAlike: 0, mechanical: 0, suspicious: 0, byzantine: 0, aborts: 0, dice: 0 },
  ...{ slow: 0, contested: 0, worstScore: 0 },
});

export const accusationsIn = (of: Accusations): number =>
  of.timedAlike + of.votedAlike + of.mechanical + of.suspicious + of.byzantine + of.aborts + of.dice;

/** Above it a page shows somebody as suspicious. */
const SHOWN_SCORE = 0.5;

export interface Night {
  readonly from: Chance;
  /** Between each kiosk of the ring and the next. */
  readonly links: readonly Bursts[];
  readonly monitor: DiceMonitor;
  readonly profiles: Profiles;
  readonly aborts: readonly AbortMeter[];
  readonly conducts: Conducts;
  readonly paces: readonly Latencies[];
  readonly keys: readonly Uint8Array[];
  /** Who answers and votes by one plan: nobody, on an honest night. */
  readonly plot: readonly number[];
}

/** So many, each with its own luck. */
export function nights(count: number, seed: number, plot: readonly number[] = []): Accusations {
  const found = noAccusations();
  for (let night = 0; night < count; night++) oneNight(seed * 1_000_003 + night, plot, found);
  return found;
}

/** One table's life: what is known of its kiosks is kept from night to night. */
export function life(count: number, seed: number): Accusations {
  const found = noAccusations();
  const kept = profiles(KIOSKS);
  for (let night = 0; night < count; night++) oneNight(seed * 1_000_003 + night, [], found, kept);
  return found;
}

export function openNight(seed: number, plot: readonly number[] = [], kept = profiles(KIOSKS)): Night {
  const from = chance(seed);
  return {
    from,
    links: many(KIOSKS, () => bursts(AIR, 0, from)),
    monitor: diceMonitor(),
    profiles: kept,
    aborts: many(KIOSKS, () => abortMeter()),
    conducts: noConducts(),
    paces: many(KIOSKS, () => latencies()),
    keys: many(KIOSKS, (member) => new Uint8Array(32).fill(member + 1)),
    plot,
  };
}

function oneNight(seed: number, plot: readonly number[], found: Accusations, kept?: Profiles): void {
  const night = openNight(seed, plot, kept);
  const { from } = night;
  for (let roll = 0; roll < ROLLS; roll++) {
    const atMs = (roll + 1) * ROLL_MS;
    const planMs = plot.length === 0 ? 0 : 400 * draw(from) ** 2;
    const heard = many(KIOSKS, (member) => answerOf(night, member, atMs, plot.includes(member) ? planMs : 0));
    for (const [member, answer] of heard.entries()) {
      if (member === 0) continue;
      answered(night, member, roll, atMs, answer, found);
      acts(night, member, atMs);
    }
    throwDice(night, heard);
    voted(night, votesOf(night, heard), found);
    // A page is looked at all night long.
    if (roll % 50 === 49) look(night, found);
  }
  endNight(night, found);
}

export function answered(
  { profiles, paces, conducts, keys }: Night,
  member: number,
  round: number,
  atMs: number,
  answer: Heard,
  found: Accusations,
): void {
  const time = agreedMillis(START_MS + atMs);
  observe(profiles, { type: "answered", member, round, ...answer });
  if (measuredLatency(paces[member]!, answer.spanMs)) found.slow += 1;
  const late = answer.spanMs > PATIENCE_MS;
  observeConduct(conducts, { type: "verified", key: keys[member]!, what: late ? "timing" : "success", at: time });
  participated(conducts, keys[member]!, !late, time);
}

export function voted({ profiles }: Night, votes: readonly Cast[], found: Accusations): void {
  if (votes.includes(true) && votes.includes(false)) found.contested += 1;
  roundVoted(profiles.pairs, votes);
}

export function endNight({ keys, conducts, monitor }: Night, found: Accusations): void {
  for (const key of keys)
    if (assess(conductOf(conducts, key, agreedMillis(START_MS))).isByzantine === true) found.byzantine += 1;
  if (monitor.alarmedAt !== undefined) found.dice += 1;
}

const PATIENCE_MS = 4_000;

export interface Heard {
  readonly spanMs: number;
  readonly path: number;
}

/** How long after everyone was asked kiosk 0 has the answer, and from which neighbour: the shorter way around the ring. */
function answerOf(night: Night, member: number, atMs: number, planMs: number): Heard {
  const spanMs = 5 + 30 * draw(night.from) ** 2 + planMs;
  return { spanMs: spanMs + travelMs(night, member, 0, atMs + spanMs), path: neighbourOf(member) };
}

/** Of kiosk 0, on the shorter way to this one. */
export const neighbourOf = (member: number): number => (member <= KIOSKS / 2 ? 1 : KIOSKS - 1);

/** Along the ring, the shorter way. What is lost is sent again at the next meeting. */
export function travelMs({ from, links }: Night, sender: number, receiver: number, atMs: number): number {
  const back = (sender + KIOSKS - receiver) % KIOSKS;
  const isDown = back <= KIOSKS / 2;
  const hops = isDown ? back : KIOSKS - back;
  let spanMs = 0;
  for (let hop = 0; hop < hops; hop++) {
    const link = links[(isDown ? sender + KIOSKS - 1 - hop : sender + hop) % KIOSKS]!;
    spanMs += INTERVAL_MS * draw(from);
    while (draw(from) < lossAt(link, Math.max(link.atUs, (atMs + spanMs) * 1_000), from)) spanMs += INTERVAL_MS;
  }
  return spanMs;
}

/** Heartbeats by the clock, and players who tap when they like. */
function acts({ from, profiles }: Night, member: number, atMs: number): void {
  for (let beat = 0; beat < 5; beat++) {
    observe(profiles, { type: "acted", member, at: millis(atMs + 5_000 * beat), scheduled: true });
  }
  const taps = many(drawBelow(from, 5), () => atMs + 15_000 * draw(from)).sort((left, right) => left - right);
  for (const at of taps) observe(profiles, { type: "acted", member, at: millis(at), scheduled: false });
}

function throwDice(night: Night, heard: readonly Heard[]): void {
  rolled(night.monitor, fairFace(night.from), fairFace(night.from));
  watchAborts(night, heard);
}

/** Whose answer did not come in time would have lost by it, or won, as chance has it. */
export function watchAborts({ from, aborts }: Night, heard: readonly { readonly spanMs: number }[]): void {
  for (const [member, { spanMs }] of heard.entries()) {
    const lossChance = [251 / 495, 0.5, 1 / 6, 5 / 6][drawBelow(from, 4)]!;
    const loses = draw(from) < lossChance;
    if (spanMs > 600 || draw(from) < 0.01) aborted(aborts[member]!, lossChance, loses);
  }
}

/** Most rounds are clear; of some, honest kiosks think what they happened to see: whether something came in time. */
function votesOf({ from, plot }: Night, heard: readonly Heard[]): Cast[] {
  const kind = draw(from);
  const against = plot.length > 0 && draw(from) < 0.3;
  return heard.map(({ spanMs }, member): Cast => {
    if (against && plot.includes(member)) return false;
    if (spanMs > PATIENCE_MS) return undefined;
    if (kind < 0.05) return draw(from) < 0.5;
    if (kind < 0.15) return spanMs < 300;
    return draw(from) >= 0.005;
  });
}

export function look({ profiles, aborts }: Night, found: Accusations): void {
  for (const { score, timedWith, votesWith, isMechanical } of suspicionsOf(profiles, AIR_NORM)) {
    found.timedAlike += timedWith.length;
    found.votedAlike += votesWith.length;
    found.mechanical += isMechanical ? 1 : 0;
    found.suspicious += score > SHOWN_SCORE ? 1 : 0;
    found.worstScore = Math.max(found.worstScore, score);
  }
  for (const { log } of aborts) if (log >= Math.log(ACCUSING_EVIDENCE)) found.aborts += 1;
}
