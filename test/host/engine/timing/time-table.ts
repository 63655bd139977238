/** A table that agrees on nothing but times: as little of the protocol as the clocks need, with liars who hear everything, say
 * whatever they like to each, and vote or not as it harms most. */
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import {
  type AgreedClock,
  agreedClock,
  decidedTime,
  estimate,
  heardClock,
  judgeTime,
  ownClaim,
  proposeTime,
  readWall,
  viewFailed,
} from "../../../../host/engine/timing/agreed-clock.ts";
import { type BackOff, backedOffMs, backOff, failed, succeeded } from "../../../../host/engine/timing/back-off.ts";
import { AGREED_TIME_TOLERANCE_MS } from "../../../../host/engine/timing/limits.ts";
import { type Chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { type AgreedMillis, agreedMillis, type Millis, memberIndex, millis } from "../../../../protocol/core/units.ts";

export interface Kiosk {
  /** Undefined of a liar. */
  clock: AgreedClock | undefined;
  /** When its process began, in true time. */
  startedAt: number;
  /** What its wall clock shows beyond true time. */
  skewMs: number;
}

export interface TimeTable {
  readonly kiosks: readonly Kiosk[];
  readonly chance: Chance;
  readonly liesAre: Lies;
  readonly patience: BackOff;
  now: number;
  view: number;
  last: AgreedMillis;
  /** In true time. */
  decidedAt: number;
  /** The fastest clock of an honest kiosk so far, beyond true time. */
  fastestMs: number;
  decided: number;
  failedInARow: number;
  failedMost: number;
  failedViews: number;
}

export interface Lies {
  /** What a liar proposes, or nothing at all. */
  readonly proposes: "nothing" | "future" | "past" | "anything";
  /** Whether liars help what honest primaries propose. */
  readonly helps: boolean;
  readonly claims: "none" | "future" | "past" | "what splits";
}

/** 2026-01-01. */
export const TRUE_START = Date.UTC(2026, 0, 1);
export const YEAR_MS = 365 * 86_400_000;
const HEARTBEAT_MS = 5_000;
const VIEW_MS = 30_000;
const TIMEOUT_MS = 4_000;
const MOMENT_MS = 50;

export function timeTable(
  skewsMs: readonly (number | "liar")[],
  last: number,
  chance: Chance,
  liesAre: Lies = { proposes: "nothing", helps: false, claims: "none" },
): TimeTable {
  const honest = skewsMs.filter((skew) => skew !== "liar");
  const table: TimeTable = {
    kiosks: skewsMs.map((skew) => ({ clock: undefined, startedAt: TRUE_START, skewMs: skew === "liar" ? 0 : skew })),
    chance,
    liesAre,
    patience: backOff(),
    now: TRUE_START,
    view: 0,
    last: agreedMillis(last),
    decidedAt: TRUE_START,
    fastestMs: Math.max(last - TRUE_START, ...honest),
    decided: 0,
    failedInARow: 0,
    failedMost: 0,
    failedViews: 0,
  };
  table.kiosks.forEach((kiosk, index) => {
    if (skewsMs[index] !== "liar") start(table, kiosk);
  });
  return table;
}

/** Where its process stands. */
const momentOn = (table: TimeTable, kiosk: Kiosk): Millis => millis(table.now - kiosk.startedAt);

/** Anew, with what its journal holds. */
export function start(table: TimeTable, kiosk: Kiosk): void {
  kiosk.startedAt = table.now;
  kiosk.clock = agreedClock(table.kiosks.length, table.last, table.now + kiosk.skewMs, millis(0));
  // What the table had agreed on was at most half a minute ahead; who starts without a clock takes it as it is.
  table.fastestMs = Math.max(table.fastestMs, table.last - table.now);
  // It has not seen what failed before, so that the table begins to find out anew.
  table.failedInARow = 0;
}

export function setWall(table: TimeTable, kiosk: Kiosk, skewMs: number): void {
  kiosk.skewMs = skewMs;
  table.fastestMs = Math.max(table.fastestMs, skewMs);
  readWall(kiosk.clock!, table.now + skewMs, momentOn(table, kiosk));
}

/** Views come and go until `ms` have passed. */
export function play(table: TimeTable, ms: number): void {
  const end = table.now + ms;
  while (table.now < end) playView(table, end);
}

function playView(table: TimeTable, end: number): void {
  const viewEnd = Math.min(end, table.now + VIEW_MS);
  while (table.now < viewEnd) {
    wait(table, 20 + drawBelow(table.chance, drawBelow(table.chance, 4) === 0 ? 5_000 : 200));
    if (tryBatch(table)) continue;
    wait(table, backedOffMs(TIMEOUT_MS, table.patience.doublings));
    for (const kiosk of honestOf(table)) viewFailed(kiosk.clock!, momentOn(table, kiosk));
    failed(table.patience);
    table.failedViews += 1;
    table.failedInARow += 1;
    table.failedMost = Math.max(table.failedMost, table.failedInARow);
    break;
  }
  table.view += 1;
}

export const honestOf = (table: TimeTable): readonly Kiosk[] =>
  table.kiosks.filter((kiosk) => kiosk.clock !== undefined);

export const primaryOf = (table: TimeTable): Kiosk => table.kiosks[table.view % table.kiosks.length];

/** One proposal of this view's primary, and the votes it gets. */
function tryBatch(table: TimeTable): boolean {
  const primary = primaryOf(table);
  const isLiar = primary.clock === undefined;
  const time = isLiar ? lie(table) : proposeTime(primary.clock!, table.last, momentOn(table, primary));
  if (time === undefined) return false;
  const liars = isLiar || table.liesAre.helps ? table.kiosks.length - honestOf(table).length : 0;
  const needed = quorum(table.kiosks.length) - liars;
  if (votesOf(table, time) < needed) {
    // A time that was too far ahead may be right a moment later.
    wait(table, MOMENT_MS);
    if (votesOf(table, time) < needed) return false;
  }
  table.last = time;
  table.decidedAt = table.now;
  table.decided += 1;
  table.failedInARow = 0;
  succeeded(table.patience);
  for (const kiosk of honestOf(table)) decidedTime(kiosk.clock!, time, momentOn(table, kiosk));
  return true;
}

/** Of honest kiosks; the primary's own is its proposal. */
function votesOf(table: TimeTable, time: AgreedMillis): number {
  return honestOf(table).filter(
    (kiosk) => kiosk === primaryOf(table) || judgeTime(kiosk.clock!, time, table.last, momentOn(table, kiosk)).ok,
  ).length;
}

/** The liars know every clock, and so the last time that is still decided. */
function lie(table: TimeTable): AgreedMillis | undefined {
  const { proposes } = table.liesAre;
  const kind = proposes === "anything" ? ["nothing", "future", "past"][drawBelow(table.chance, 3)] : proposes;
  if (kind === "nothing") return undefined;
  if (kind === "past") return agreedMillis(table.last + 1);
  const needed = quorum(table.kiosks.length) - faultsMax(table.kiosks.length);
  const estimates = honestOf(table).map((kiosk) => estimate(kiosk.clock!, momentOn(table, kiosk)));
  const highest = estimates.sort((left, right) => right - left)[needed - 1] + AGREED_TIME_TOLERANCE_MS;
  return agreedMillis(Math.max(highest, table.last + 1));
}

function wait(table: TimeTable, ms: number): void {
  const until = table.now + ms;
  for (;;) {
    const beat = (Math.floor(table.now / HEARTBEAT_MS) + 1) * HEARTBEAT_MS;
    if (beat > until) break;
    table.now = beat;
    heartbeats(table);
  }
  table.now = until;
}

/** Everyone hears everyone, and each liar says to each what it likes. */
export function heartbeats(table: TimeTable): void {
  const honest = honestOf(table);
  const shown = table.kiosks.map((kiosk) =>
    kiosk.clock === undefined ? undefined : ownClaim(kiosk.clock, momentOn(table, kiosk)),
  );
  for (const kiosk of honest) {
    table.kiosks.forEach((other, index) => {
      const claim = other.clock === undefined ? lieAbout(table, kiosk) : shown[index];
      if (other === kiosk || claim === undefined) return;
      heardClock(kiosk.clock!, memberIndex(index), claim, momentOn(table, kiosk));
    });
  }
}

function lieAbout(table: TimeTable, to: Kiosk): number | undefined {
  switch (table.liesAre.claims) {
    case "none":
      return undefined;
    case "future":
      return table.now + 12 * YEAR_MS;
    case "past":
      return 0;
    case "what splits": {
      // To one that its own clock is right, to the next that time stands still, to a third that it is long past.
      const lies = [table.now + to.skewMs, table.last, table.now + 12 * YEAR_MS, 0];
      return lies[drawBelow(table.chance, lies.length)];
    }
  }
}
