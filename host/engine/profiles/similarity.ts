/**
 * Whether two peers' answers come early and late together beyond what the round and the way explain. A kiosk alone cannot look
 * guilty here: perfect regularity is what a heartbeat is for, and zero variance has no correlation. For people; never punishing.
 */
import { lagOne } from "../judge/patterns.ts";
import { median } from "../judge/robust.ts";
import { ANSWERS_MIN, CROWD_MIN, TIMING_SAMPLES_MIN } from "./limits.ts";
import type { BehaviouralProfile } from "./profile.ts";

/** Each interval resembling the one before; nothing where too few were seen or none differs. To be so is no guilt by itself. */
export function rhythm({ intervalsMs }: BehaviouralProfile): number | undefined {
  return intervalsMs.length < TIMING_SAMPLES_MIN ? undefined : lagOne(intervalsMs);
}

/** One round: how much later than usual each answered, by member. */
export type RoundRow = readonly (Deviation | undefined)[];

interface Deviation {
  readonly byMs: number;
  readonly path: number;
}

/** Each answer against its own peer's middle: distances are no plan, and a crowd of unlike middles would jump between them. */
export function roundsOf(peers: readonly BehaviouralProfile[]): RoundRow[] {
  const places: { [round: number]: number } = {};
  const rows: (Deviation | undefined)[][] = [];
  for (const [member, { answers }] of peers.entries()) {
    if (answers.length < ANSWERS_MIN) continue;
    const middle = median(answers.map(({ spanMs }) => spanMs));
    for (const { round, spanMs, path } of answers) {
      const place = (places[round] ??= rows.push(new Array<undefined>(peers.length).fill(undefined)) - 1);
      rows[place][member] = { byMs: spanMs - middle, path };
    }
  }
  return rows;
}

/** By ranks, so that one late round that both shared is one round. Undefined where too little can be compared. */
export function similarity(rows: readonly RoundRow[], left: number, right: number): number | undefined {
  const mine: number[] = [];
  const theirs: number[] = [];
  for (const row of rows) {
    const [one, other] = [row[left], row[right]];
    // What came the same way was held up together, by a radio and not by a plan.
    if (one === undefined || other === undefined || one.path === other.path) continue;
    const crowd = crowdOf(row, left, right);
    if (crowd === undefined) continue;
    mine.push(one.byMs - crowd);
    theirs.push(other.byMs - crowd);
  }
  return mine.length < TIMING_SAMPLES_MIN ? undefined : correlation(ranks(mine), ranks(theirs));
}

/** Pairs that are alike, and more so than each of the two is to the rest: a plan of three moves the crowd for everybody, and must
 * not make the honest ones look like each other. */
export function timedAlike(peers: readonly BehaviouralProfile[]): (readonly [left: number, right: number])[] {
  const rows = roundsOf(peers);
  const found = peers.map((_, left) =>
    peers.map((_peer, right) => (left < right ? similarity(rows, left, right) : undefined)),
  );
  const between = (one: number, other: number): number | undefined => found[Math.min(one, other)][Math.max(one, other)];
  const exceeds = (one: number, other: number, alike: number): boolean => {
    const rest = peers.flatMap((_, third) => {
      const usual = third === one || third === other ? undefined : between(one, third);
      return usual === undefined ? [] : [usual];
    });
    return rest.length >= REST_MIN && stretched(alike) - stretched(median(rest)) > MARGIN_MIN;
  };
  const pairs: (readonly [number, number])[] = [];
  for (const [left, row] of found.entries()) {
    for (const [right, alike] of row.entries()) {
      if (alike === undefined || alike <= SIMILAR_MIN) continue;
      if (exceeds(left, right, alike) && exceeds(right, left, alike)) pairs.push([left, right]);
    }
  }
  return pairs;
}

/** Fisher's: in it chance makes all correlations vary alike. */
const stretched = (correlation: number): number => Math.atanh(Math.min(0.999, Math.max(-0.999, correlation)));

/** Correlations above this are told … */
export const SIMILAR_MIN = 0.7;
/** … if they are so far from the usual ones: four deviations of fifty rounds. */
const MARGIN_MIN = 0.6;
/** Others that a peer is compared with for it. In a ring there are but two ways, and few that come by the other. */
const REST_MIN = 2;

/** The middle of the others. Whoever is compared is left out, so that nobody is held against itself. */
function crowdOf(row: RoundRow, left: number, right: number): number | undefined {
  const others: number[] = [];
  for (const [member, deviation] of row.entries()) {
    if (deviation !== undefined && member !== left && member !== right) others.push(deviation.byMs);
  }
  return others.length < CROWD_MIN ? undefined : median(others);
}

/** Places in order; equal values share theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, at) => ({ value, at })).sort((one, other) => one.value - other.value);
  const places = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && order[to + 1].value === order[from].value) to += 1;
    for (let at = from; at <= to; at++) places[order[at].at] = (from + to) / 2;
    from = to + 1;
  }
  return places;
}

/** Undefined where one of them does not vary. */
function correlation(left: readonly number[], right: readonly number[]): number | undefined {
  const mean = (left.length - 1) / 2;
  let both = 0;
  let ofLeft = 0;
  let ofRight = 0;
  for (const [at, rank] of left.entries()) {
    both += (rank - mean) * (right[at] - mean);
    ofLeft += (rank - mean) ** 2;
    ofRight += (right[at] - mean) ** 2;
  }
  return ofLeft === 0 || ofRight === 0 ? undefined : both / Math.sqrt(ofLeft * ofRight);
}
