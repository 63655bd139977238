/**
 * What one kiosk keeps of its own part in the dice, beside what is agreed. Only the secret outlives the process, and not here:
 * everything else the same state and the same secret bring back.
 */
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { DiceOperation } from "./operation.ts";
import type { HeldPartial, Partial, PartialSaid } from "./partial.ts";
import type { DicePorts } from "./ports.ts";

export interface OwnPorts<E = unknown> extends DicePorts<E> {
  /** By this kiosk's own key. */
  sign(signed: Uint8Array): Uint8Array;
}

export type OwnEvent =
  /** The agreed state may be another: decided batches were executed. */
  | { readonly type: "decided"; readonly at: Millis }
  /** Out of an envelope signed by the key `from`: a place among the members may be another's in the next epoch. */
  | { readonly type: "heard"; readonly at: Millis; readonly from: Uint8Array; readonly said: PartialSaid }
  | { readonly type: "tick"; readonly at: Millis };

export type OwnEffect =
  /** To all, as it is: whoever has it can check it. */
  | { readonly type: "say"; readonly said: PartialSaid }
  | { readonly type: "order"; readonly operation: DiceOperation }
  /** A partial that no honest member says, in an envelope that this key signed. */
  | { readonly type: "forged"; readonly from: Uint8Array; readonly said: PartialSaid };

export interface OwnDice {
  now: Millis;
  /** A number below the group's order; never shown, never logged. */
  readonly secret: Uint8Array;
  /** The secret times the base: the place among the members is found by it. */
  readonly diceKey: Uint8Array;
  /** The last of each member, of the next roll: others may be a batch ahead. */
  early: HeardPartial[];
  /** Checked, of the open roll; ascending by holder. */
  partials: HeldPartial[];
  /** The digest of the bets that those are of. */
  lock: Uint8Array | undefined;
  /** Its own, computed once. */
  partial: Partial | undefined;
  saidAt: Millis | undefined;
  saidCount: number;
  /** What was ordered and when, by what it is about. */
  ordered: Note[];
  /** When something was first seen here: patience goes by one's own clock, never by the agreed one. */
  seen: Note[];
  shares: FoundShare[];
  /** Members whose partial of this roll was none: one bit each. */
  forgers: number;
  /** A tick then, at the latest. */
  wakeAt: Millis | undefined;
}

export interface HeardPartial {
  readonly from: Uint8Array;
  readonly said: PartialSaid;
}

export interface Note {
  readonly about: string;
  readonly at: Millis;
}

/** Of a key's dealings, by number and dealers: the share, or all who gave a wrong part of it. */
export interface FoundShare {
  readonly number: number;
  readonly dealers: number;
  readonly share: Uint8Array | undefined;
  readonly liars: readonly number[];
}

export const ownDice = (secret: Uint8Array, diceKey: Uint8Array, at: Millis): OwnDice => ({
  now: at,
  secret,
  diceKey,
  early: [],
  partials: [],
  lock: undefined,
  partial: undefined,
  saidAt: undefined,
  saidCount: 0,
  ordered: [],
  seen: [],
  shares: [],
  forgers: 0,
  wakeAt: undefined,
});

/** When this was first seen. */
export function seenAt(own: OwnDice, about: string): Millis {
  let note = own.seen.find((each) => each.about === about);
  if (note === undefined) {
    note = { about, at: own.now };
    own.seen.push(note);
  }
  return note.at;
}

/** What is no longer so begins anew when it is so again. */
export function forgetOthers(own: OwnDice, abouts: readonly string[]): void {
  own.seen = own.seen.filter(({ about }) => abouts.includes(about));
}

/** Moments are computed from what they follow, never from now: a driver that wakes at one of them finds it come, whatever the last
 * bit of a difference is. */
export const later = (at: Millis, ms: number): Millis => millis(at + ms);
