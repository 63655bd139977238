/** What this kiosk is doing, and what everybody waits for, in words that a page has a sentence for. */
import { z } from "zod";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { count, many, member, orNull, record, timeMs, word, words } from "./forms.ts";
import { ALERTS_SHOWN_MAX, WAITS_SHOWN_MAX } from "./limits.ts";

/** - starting: keys, journal, radios. - alone: no other kiosk is reached, and there is no table. - joining. - recovering: it
 * knows less than the others, and learns it. - playing. - partitioned: too few are reached to agree. - muted: it follows and
 * signs nothing. - paused. - ending. - away: its process is gone, and what is shown of it is the last that it showed. */
export const KIOSK_STATES = Object.freeze([
  ...(["starting", "alone", "joining", "recovering", "playing", "partitioned", "muted", "paused"] as const),
  ...(["ending", "away"] as const),
]);

/** - bets: everybody may bet until `closesAt`. - shooter: who has the dice has not rolled. - dice: parts of `members` are not here
 * yet. - votes: of `members`, or of anybody. - leader: a new one. - members: too few are reached; `members` are not. - radio: none
 * of this kiosk's is up. - table: nobody to play with was found. - key: the table's dice key is being made. - snapshot:
 * of the others' state. - operator: paused. */
export const WAITS = Object.freeze([
  ...([
    "bets",
    "shooter",
    "dice",
    "votes",
    "leader",
    "members",
    "radio",
    "table",
    "key",
    "snapshot",
    "operator",
  ] as const),
]);

export const Wait = record({
  for: z.enum(WAITS),
  /** Who keeps everybody waiting, where that is known. */
  members: many(member, MEMBERS_MAX),
  since: timeMs,
  /** When it is over whatever happens; null where nobody knows. */
  until: orNull(timeMs),
});
export type Wait = z.output<typeof Wait>;

export const RecoveryPart = record({
  state: z.enum(KIOSK_STATES),
  /** The same for an operator, with what to try. */
  words,
  waits: many(Wait, WAITS_SHOWN_MAX),
  /** What its journal held when it began, and in which state that was. */
  journal: record({ records: count, verdict: word, sequence: count }),
  /** While it learns from others: how far it is, and how far they are. */
  behind: orNull(record({ from: count, to: count })),
});
export type RecoveryPart = z.output<typeof RecoveryPart>;

export const Alert = record({
  alert: word,
  severity: z.enum(["warning", "critical"]),
  words,
  since: timeMs,
});
export type Alert = z.output<typeof Alert>;

export const AlertsPart = many(Alert, ALERTS_SHOWN_MAX);
export type AlertsPart = z.output<typeof AlertsPart>;
