/**
 * The same nights through agreement: eight whole kiosks play craps, and what one of them hears of the others is judged. Every packet
 * goes along the ring as the air lets it; what the simulator looks at after each step holds here too: nobody finds anything against
 * anybody, and no chip is lost.
 */

import { rolled } from "../../../../host/engine/judge/dice-monitor.ts";
import { observe } from "../../../../host/engine/profiles/profile.ts";
import { BLE } from "../../../../host/engine/timing/profiles.ts";
import type { Said } from "../../../../protocol/agreement/said.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { stateAt } from "../../../simulator/craps/table.ts";
import { onHappening } from "../../../simulator/happenings.ts";
import { takeEarliest } from "../../../simulator/heap.ts";
import { endLater } from "../../../simulator/later.ts";
import { submit } from "../../../simulator/load.ts";
import type { Packet } from "../../../simulator/packet.ts";
import { type Plan, planOf } from "../../../simulator/plan.ts";
import { simOf } from "../../../simulator/setting.ts";
import type { Happening, Kiosk, Sim } from "../../../simulator/sim.ts";
import {
  type Accusations,
  accusationsIn,
  answered,
  endNight,
  KIOSKS,
  look,
  type Night,
  neighbourOf,
  noAccusations,
  openNight,
  ROLL_MS,
  travelMs,
  voted,
  watchAborts,
} from "./nights.ts";
import { many } from "./thrown.ts";

export interface AgreedNights {
  readonly found: Accusations;
  rolls: number;
  voids: number;
  decided: number;
  views: number;
  /** Who had something to lose, and what was lost; what the table knows against anybody, and partials that were called forged. */
  stakers: number;
  slashes: number;
  offences: number;
  forged: number;
}

/** When one kiosk was asked by a lock, and how it went on there. */
interface Asked {
  readonly roll: number;
  readonly sequence: number;
  /** By kiosk: when it had executed the lock, and when the roll's end. */
  readonly lockedAt: (number | undefined)[];
  readonly endedAt: (number | undefined)[];
}

interface Watch {
  readonly sim: Sim;
  readonly night: Night;
  readonly sums: AgreedNights;
  /** By member: how far its votes reached, and when they were heard at kiosk 0; the last of them. */
  readonly reached: { readonly sequence: number; readonly at: number }[][];
  asked: Asked | undefined;
  rounds: number;
  readonly forger: number | undefined;
}

const START_UP_MS = 5_000;
/** Heard in so long it was in time, where people are asked whether it was. */
const IN_TIME_MS = 450;
const CONTESTED_EVERY = 7;
const REACHED_LENGTH_MAX = 64;
const LOOK_EVERY = 50;

/** `forger`: the one whose partials arrive with a bit that is wrong. */
export function agreedNights(count: number, rolls: number, seed: number, forger?: number): AgreedNights {
  const sums: AgreedNights = {
    found: noAccusations(),
    ...{ rolls: 0, voids: 0, decided: 0, views: 0, stakers: 0, slashes: 0, offences: 0, forged: 0 },
  };
  for (let night = 0; night < count; night++) oneAgreedNight(seed * 1_000_003 + night, rolls, forger, sums);
  return sums;
}

/** Neither the table, nor any kiosk's engine, nor what one of them keeps of the others. */
export const accusesNobody = ({ found, slashes, offences, forged }: AgreedNights): boolean =>
  accusationsIn(found) + slashes + offences + forged === 0;

function oneAgreedNight(seed: number, rolls: number, forger: number | undefined, sums: AgreedNights): void {
  const night = openNight(seed);
  const sim = simOf(calmPlan(seed), false);
  sim.network.travelMs = (from, to, at) => travelMs(night, from, to, at);
  const watch: Watch = { sim, night, sums, reached: many(KIOSKS, () => []), asked: undefined, rounds: 0, forger };
  for (let roll = 0; roll < rolls; roll++) players(watch, START_UP_MS + roll * ROLL_MS);
  run(watch, START_UP_MS + rolls * ROLL_MS + 2 * ROLL_MS);
  judged(watch);
  endNight(night, sums.found);
  const tally = sim.app?.tally ?? {};
  sums.rolls += tally["rolls"] ?? 0;
  sums.forged += tally["forged"] ?? 0;
  sums.voids += tally["voids"] ?? 0;
  sums.decided += sim.checker.ledger.entries.length;
  sums.views += sim.checker.views.entered.length;
  for (const kiosk of sim.kiosks) {
    const state = stateAt(kiosk);
    assert(state !== undefined, "an honest night ends as it began");
    sums.slashes += state.stakes.stakers.reduce((all, { slashes }) => all + slashes.length, 0);
    sums.offences += state.judge.book.entries.length + state.judge.disputes.open.length + state.outcasts.length;
    sums.stakers += state.stakes.stakers.length;
  }
}

/** Eight founders on an air without faults but those of the model, as tables are founded on radios. */
function calmPlan(seed: number): Plan {
  const plan = planOf(2 * seed, { app: "craps", n: KIOSKS, real: false });
  return {
    ...plan,
    ...{
      kiosks: KIOSKS,
      founders: many(KIOSKS, (place) => place),
      joiners: [],
      faulty: [],
      mishaps: [],
      strikes: false,
    },
    ...{ submits: 1, burst: 1, durationMs: START_UP_MS },
    air: { ...plan.air, loss: 0, duplication: 0, corruption: 0, truncation: 0, reordering: false, flushMs: 0 },
    options: {
      ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50, fastPath: true, bundles: true, lazy: true },
      ...{ rules: [1], profile: BLE },
    },
  };
}

/** They tap when they like, and the table rolls when the time for it has come. */
function players({ sim, night }: Watch, fromMs: number): void {
  for (const kiosk of sim.kiosks) {
    for (let taps = drawBelow(night.from, 3); taps > 0; taps--) {
      endLater(sim, fromMs + 15_000 * draw(night.from), () => {
        const bytes = sim.app?.operation(sim, kiosk, 0);
        if (bytes !== undefined) submit(sim, kiosk, 0, bytes);
      });
    }
  }
}

function run(watch: Watch, untilMs: number): void {
  const { sim } = watch;
  const { heap } = sim;
  while (heap.length > 0 && heap[0].at <= untilMs) {
    const next = spoilt(watch, takeEarliest(heap));
    sim.now = next.at;
    sim.events += 1;
    if (next.kind === "arrives" && next.kiosk === 0 && next.packet !== undefined) overhear(watch, next.packet);
    onHappening(sim, next);
    const kiosk = sim.kiosks[next.kiosk];
    notice(watch, kiosk);
  }
  sim.now = untilMs;
}

function spoilt({ forger }: Watch, next: Happening): Happening {
  const message = next.packet?.message;
  if (next.packet?.from !== forger || message?.type !== "randomnessReveal" || message.content.type !== "partial") {
    return next;
  }
  const proof = message.content.proof.slice();
  proof[40]! ^= 1;
  const content = { ...message.content, proof };
  return { ...next, packet: { ...next.packet!, message: { ...message, content } } };
}

/** What kiosk 0 is told, as it comes. */
function overhear(watch: Watch, { from, said }: Packet): void {
  if (said?.type === "requests" && said.requests.some(({ sender }) => sender === from)) {
    observe(watch.night.profiles, { type: "acted", member: from, at: millis(watch.sim.now), scheduled: false });
  }
  if (said?.type === "ballot") reach(watch, from, said);
}

function reach({ reached, sim }: Watch, member: number, { ballot }: Extract<Said, { type: "ballot" }>): void {
  const sequence = Math.max(ballot.proposed?.sequence ?? 0, ballot.prepared?.sequence ?? 0);
  const line = reached[member]!;
  if (sequence <= (line.at(-1)?.sequence ?? 0)) return;
  if (line.length === REACHED_LENGTH_MAX) line.shift();
  line.push({ sequence, at: sim.now });
}

/** Where a roll begins at one kiosk, and where it ends. */
function notice(watch: Watch, kiosk: Kiosk): void {
  const state = stateAt(kiosk);
  const { sim } = watch;
  if (state === undefined || kiosk.replica === undefined) return;
  const { roll, lastRoll } = state.dice;
  if (roll !== undefined && roll.lock.roll !== watch.asked?.roll && kiosk.place === 0) {
    judged(watch);
    const { executed } = kiosk.replica;
    watch.asked = {
      ...{ roll: roll.lock.roll, sequence: executed },
      ...{ lockedAt: new Array(KIOSKS).fill(undefined), endedAt: new Array(KIOSKS).fill(undefined) },
    };
  }
  const { asked } = watch;
  if (asked === undefined || lastRoll !== asked.roll) return;
  asked.lockedAt[kiosk.place] ??= sim.now;
  if (roll === undefined) asked.endedAt[kiosk.place] ??= sim.now;
}

/** The last roll, when all that there was to be heard of it has come. */
function judged(watch: Watch): void {
  const { asked, night, sums, sim } = watch;
  if (asked === undefined) return;
  watch.asked = undefined;
  watch.rounds += 1;
  const heardAt = watch.reached.map((line) => line.find(({ sequence }) => sequence >= asked.sequence)?.at);
  const first = Math.min(...heardAt.map((at) => at ?? Number.POSITIVE_INFINITY));
  const spans = heardAt.map((at) => ({ spanMs: at === undefined ? 0 : at - first }));
  for (let member = 1; member < KIOSKS; member++) {
    const { spanMs } = spans[member]!;
    // Whoever proposes asks, and is not asked.
    if (heardAt[member] === undefined || spanMs === 0) continue;
    answered(night, member, watch.rounds, sim.now, { spanMs, path: neighbourOf(member) }, sums.found);
  }
  watchAborts(night, spans);
  const last = stateAt(sim.kiosks[0]!)?.rolls.at(-1);
  if (last?.lock.roll === asked.roll) rolled(night.monitor, last.first, last.second);
  if (watch.rounds % CONTESTED_EVERY === 0) {
    // Did it take too long? Each by what it saw.
    const took = asked.lockedAt.map((at, place) => (asked.endedAt[place] ?? Number.NaN) - (at ?? Number.NaN));
    const votes = took.map((ms) => (Number.isNaN(ms) ? undefined : ms < IN_TIME_MS));
    voted(night, votes, sums.found);
  } else voted(night, new Array(KIOSKS).fill(true), sums.found);
  if (watch.rounds % LOOK_EVERY === 0) look(night, sums.found);
}
