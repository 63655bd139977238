/** Why an operation on money moved nothing. The same words on every replica and on the screen. */

export type LedgerRefusal =
  /** A fraction, an infinity, or no number. */
  | "not whole"
  /** Zero or less where something must move, or more chips than can be. */
  | "out of range"
  /** The place has fewer chips than that, beyond what it has promised. */
  | "not enough"
  | "unknown account"
  | "account exists"
  /** There is room for no further account, or for no further line. */
  | "full"
  /** An owner or identity that is no digest. */
  | "wrong size"
  | "same place"
  /** Burned chips stay burned. */
  | "burned"
  /** The counter was spent already: of two conflicting operations this is the second. */
  | "stale counter"
  /** An operation is missing before this one. */
  | "counter ahead"
  | "counters used up"
  /** More than the bank takes in one bet. */
  | "bet too high"
  /** The bank cannot promise, or give, that much and keep its reserve. */
  | "bank short"
  /** The bank would pay what it never promised. */
  | "not reserved"
  | "already granted"
  /** Another account had the grant of this identity. */
  | "identity used"
  | "not granted"
  | "re-buys used up"
  /** Still has chips to play with. */
  | "has chips"
  | "bets stand"
  | "no winner"
  | "unsound rules";

export interface Refused<Why extends string = LedgerRefusal> {
  readonly ok: false;
  readonly why: Why;
}

export interface Done {
  readonly ok: true;
}

export const refused = <Why extends string>(why: Why): Refused<Why> => ({ ok: false, why });
export const DONE: Done = Object.freeze({ ok: true });
