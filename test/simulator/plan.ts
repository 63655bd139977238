/** One seed decides everything: the table, its air, its load, what fails when, and who attacks how. */
import type { Options } from "../../host/engine/consensus/options.ts";
import { faultsMax } from "../../host/engine/consensus/quorum.ts";
import { type Chance, chance, draw, drawBelow } from "../../protocol/core/chance.ts";
import { type Air, airOf } from "./air.ts";
import { ATTACKS, type Attack, BAD_DISKS, type BadDisk, DICE_ATTACKS, type DiceAttack } from "./kinds.ts";
import { type Mishap, mishaps } from "./mishaps.ts";
import { optionsOf, sizeOf } from "./table-options.ts";

export interface Wish {
  /** Members at the beginning. */
  readonly n?: number | undefined;
  /** Attackers beyond those that the table bears. */
  readonly extra?: number | undefined;
  /** Kinds of faults and attacks that are left out. */
  readonly without?: readonly string[] | undefined;
  /** Nothing fails from then on. */
  readonly quietFromMs?: number | undefined;
  readonly submitsMax?: number | undefined;
  readonly real?: boolean | undefined;
  /** What the table agrees about: keys and values, where nothing is said. */
  readonly app?: "craps" | undefined;
}

export interface Faulty {
  readonly kiosk: number;
  readonly kind: Attack | BadDisk;
}

export interface Plan {
  readonly seed: number;
  readonly app: "craps" | undefined;
  readonly n: number;
  /** With a key each, founders and those who join later. */
  readonly kiosks: number;
  readonly founders: readonly number[];
  readonly joiners: readonly number[];
  readonly options: Options;
  /** Ed25519, SHA-256, and every message and record through its layout. */
  readonly real: boolean;
  readonly air: Air;
  readonly durationMs: number;
  readonly submits: number;
  /** At a time at most so many come at once: slots fill side by side. */
  readonly burst: number;
  readonly faulty: readonly Faulty[];
  /** What nobody does to the dice. */
  readonly virtues: readonly DiceAttack[];
  /** What an attacker does is done in so many of the chances to do it. */
  readonly zeal: number;
  /** Evidence is ordered, and removes. */
  readonly accuses: boolean;
  readonly mishaps: readonly Mishap[];
  /** Power is lost just when it hurts most. */
  readonly strikes: boolean;
  /** In the last phase attackers go on. */
  readonly attackersStay: boolean;
}

const REAL_EVERY = 200;
const BURST_MAX = 12;

/** Streams that do not disturb each other: what is left out of one does not move another. */
export const STREAMS = {
  table: 1,
  air: 2,
  faulty: 3,
  mishaps: 4,
  network: 5,
  load: 6,
  disk: 7,
  attack: 8,
  keys: 9,
  heal: 10,
  strike: 11,
  craps: 12,
  vices: 13,
};
export const stream = (seed: number, of: number): Chance => chance(seed * 64 + of);

export function planOf(seed: number, wish: Wish = {}): Plan {
  const table = stream(seed, STREAMS.table);
  const n = sizeOf(table, wish.n);
  const { options, calm } = optionsOf(table);
  const { app } = wish;
  const without = new Set(wish.without ?? []);
  const real = wish.real ?? seed % REAL_EVERY === REAL_EVERY - 1;
  const air = airOf(stream(seed, STREAMS.air), options.profile, calm, without);
  const submits = Math.min(60 + drawBelow(table, 40), wish.submitsMax ?? Number.POSITIVE_INFINITY);
  const burst = 1 + drawBelow(table, BURST_MAX);
  const gapMs = options.profile.roundTripMs * (0.4 + 1.6 * draw(table)) + 2 * air.delayMs;
  const durationMs = app === "craps" ? eveningMs(stream(seed, STREAMS.craps)) : (120 * gapMs) / (1 + burst);
  const joins = !calm && draw(table) < 0.12 ? 1 + drawBelow(table, 2) : 0;
  const kiosks = Math.min(10, n + joins);
  const joiners: number[] = [];
  while (joiners.length < kiosks - n) {
    const one = drawBelow(table, kiosks);
    if (!joiners.includes(one)) joiners.push(one);
  }
  if (without.has("join")) joiners.length = 0;
  const founders: number[] = [];
  for (let each = 0; each < kiosks; each++) {
    if (!joiners.includes(each) && founders.length < n) founders.push(each);
  }
  const faulty = faultyOf(stream(seed, STREAMS.faulty), founders, calm && wish.extra === undefined, wish.extra ?? 0);
  const kept = faulty.filter(({ kind }) => !without.has(kind));
  return {
    ...{ seed, app, n, kiosks, founders, joiners, options, real, air, durationMs, submits },
    burst,
    faulty: kept,
    virtues: DICE_ATTACKS.filter((kind) => without.has(kind)),
    zeal: 0.05 + 0.95 * draw(table) ** 2,
    accuses: draw(table) < 0.4,
    mishaps: mishaps(stream(seed, STREAMS.mishaps), { n, founders, joiners, faulty: kept, durationMs, calm }).filter(
      ({ kind, at }) => !without.has(kind) && at < (wish.quietFromMs ?? Number.POSITIVE_INFINITY),
    ),
    attackersStay: draw(table) < 0.6,
    strikes: !calm && options.fastPath && !without.has("strike") && seed % 4 === 1,
  };
}

/** Dice have a pace of their own: a roll that nobody settles is given up after half a minute. */
const eveningMs = (from: Chance): number => 20_000 + 100_000 * draw(from) ** 2;

/** At most as many as the table bears, whatever it is that they do; now and then fewer. */
function faultyOf(from: Chance, founders: readonly number[], calm: boolean, extra: number): Faulty[] {
  if (calm) return [];
  const most = faultsMax(founders.length) + extra;
  const faulty: Faulty[] = [];
  // A conspiracy equivocates and votes for everything.
  const conspire = extra > 0 || draw(from) < 0.15;
  for (let place = 0; place < most; place++) {
    const fate = draw(from);
    const attack = ATTACKS[drawBelow(from, ATTACKS.length)];
    const disk = BAD_DISKS[drawBelow(from, BAD_DISKS.length)];
    const kiosk = founders[drawBelow(from, founders.length)];
    if (faulty.some((each) => each.kiosk === kiosk)) {
      if (extra > 0) place -= 1;
      continue;
    }
    if (conspire) faulty.push({ kiosk, kind: place === 0 ? "equivocation" : "doubleVote" });
    else if (fate < 0.65) faulty.push({ kiosk, kind: attack });
    else if (fate < 0.9) faulty.push({ kiosk, kind: disk });
  }
  return faulty;
}
