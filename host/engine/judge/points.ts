/** Points of reputation: whole numbers that follow from what was ordered, the same on every replica. They are shown, and decide
 * nothing: a seat is lost by proof alone. Points come back to where they began, so that one bad evening is no name for life. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { DAY_MS } from "../stakes/limits.ts";
import { PLAY_POINTS_MIN, POINTS_MAX, POINTS_MIN, STANDINGS_MAX, VOTE_POINTS_MIN } from "./limits.ts";

export type Deed =
  | "game"
  | "commitMissed"
  | "revealMissed"
  | "badSignature"
  | "cheat"
  | "disputeWon"
  | "disputeLost"
  | "falseAccusation"
  | "timeout";

export const POINTS: { readonly [Each in Deed]: number } = Object.freeze({
  game: 5,
  commitMissed: -20,
  revealMissed: -30,
  badSignature: -50,
  cheat: -100,
  disputeWon: 20,
  disputeLost: -40,
  falseAccusation: -60,
  timeout: -15,
});

export const POINTS_START = 100;
/** Each day brings them so much nearer to that, from either side. */
const POINTS_PER_DAY = 10;

export interface PointsRow {
  readonly key: Uint8Array;
  points: number;
  /** Whole days are counted from here. */
  at: AgreedMillis;
}

/** By key, in the order in which they came. */
export interface Points {
  readonly rows: PointsRow[];
}

export const noPoints = (): Points => ({ rows: [] });

export function credit(points: Points, key: Uint8Array, deed: Deed, time: AgreedMillis): void {
  const row = rowOf(points, key, time);
  recover(row, time);
  row.points = Math.min(POINTS_MAX, Math.max(POINTS_MIN, row.points + POINTS[deed]));
}

export function pointsOf({ rows }: Points, key: Uint8Array, time: AgreedMillis): number {
  const found = rows.find((row) => bytesEqual(row.key, key));
  if (found === undefined) return POINTS_START;
  const row = { ...found };
  recover(row, time);
  return row.points;
}

/** What the page says of somebody: not more than that. */
export const seemsPlayable = (points: number): boolean => points >= PLAY_POINTS_MIN;
export const seemsVotable = (points: number): boolean => points >= VOTE_POINTS_MIN;

function recover(row: PointsRow, time: AgreedMillis): void {
  const days = Math.floor((time - row.at) / DAY_MS);
  if (days <= 0) return;
  const back = days * POINTS_PER_DAY;
  const off = row.points - POINTS_START;
  row.points = POINTS_START + Math.sign(off) * Math.max(0, Math.abs(off) - back);
  row.at = (row.at + days * DAY_MS) as AgreedMillis;
}

/** Room for another is made by whoever says least: nothing is known against it, and it was seen longest ago. */
function rowOf(points: Points, key: Uint8Array, time: AgreedMillis): PointsRow {
  const { rows } = points;
  const known = rows.find((row) => bytesEqual(row.key, key));
  if (known !== undefined) return known;
  if (rows.length === STANDINGS_MAX) {
    let least = 0;
    for (let at = 1; at < rows.length; at++) if (saysLess(rows[at], rows[least])) least = at;
    rows.splice(least, 1);
  }
  const row = { key: new Uint8Array(key), points: POINTS_START, at: time };
  rows.push(row);
  return row;
}

const saysLess = (left: PointsRow, right: PointsRow): boolean => {
  const [leftBlamed, rightBlamed] = [left.points < POINTS_START, right.points < POINTS_START];
  return leftBlamed === rightBlamed ? left.at < right.at : rightBlamed;
};
