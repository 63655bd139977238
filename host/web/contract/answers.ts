/** What comes of an order. A reason is a word that programs compare: one of the game's, of the ledger's or of the table's, which have
 * their sentences there, or one of these. */
import { z } from "zod";
import { count, label, orNull, record, word, words } from "./forms.ts";

export const REFUSALS = Object.freeze({
  "not now": "That cannot be done now.",
  "no table": "This kiosk sits at no table.",
  "does not sit": "Nobody sits there: take a seat first.",
  "no free place": "Every place at the table is taken.",
  "no such seat": "This kiosk has no such seat.",
  "no such kiosk": "There is no such kiosk.",
  "no such roll": "This kiosk has no proof of that roll any more, or never had.",
  "no such radio": "This kiosk has no such radio.",
  "no such setting": "There is no such setting.",
  "no such page": "There is nothing at this address.",
  "no such way": "This address is not asked in that way.",
  paused: "This kiosk is paused.",
  muted: "This kiosk signs nothing until it knows what it signed before.",
  busy: "Too much is under way already: wait for the answers.",
  "no answer yet": "The table has not answered in time. It may still do it.",
  "real radios": "Faults can be made where radios are virtual alone.",
  "not an order": "That is no order.",
  "not JSON": "That is no JSON.",
  "too long": "That is longer than any order.",
  "too fast": "Too much was asked in too short a time.",
  "too many connections": "Too many connections are open to this kiosk.",
  "other site": "Another site's page asked for this, and is not answered.",
  "other host": "This kiosk is not called so.",
  "PIN wanted": "An operator's PIN is wanted first.",
  "no PIN": "No PIN is set at this kiosk, so that nobody is its operator.",
  "wrong PIN": "That is not the PIN.",
  "PIN locked": "Wrong PINs were tried: nobody is asked for one until some time has passed.",
  failed: "It went wrong. The log says more.",
});
export type Refusal = keyof typeof REFUSALS;

export const Done = record({
  ok: z.literal(true),
  /** From this revision on the view shows it. */
  revision: count,
  /** What there is to say beside, such as a backup's name. */
  words,
});
export type Done = z.output<typeof Done>;

export const Refused = record({
  ok: z.literal(false),
  why: word,
  words,
  /** What to try next; null where nothing helps. */
  next: orNull(words),
});
export type Refused = z.output<typeof Refused>;

export const Answer = z.union([Done, Refused]);
export type Answer = Done | Refused;

export const refused = (why: Refusal, next: string | null = null): Refused => ({
  ...{ ok: false, why, words: REFUSALS[why], next },
});

/** Whether whoever asks is an operator, and may become one. */
export const Session = record({
  isOperator: z.boolean(),
  /** Without one nobody becomes an operator. */
  hasPin: z.boolean(),
  /** Of milliseconds without an order; null for whoever is none. */
  endsInMs: orNull(count),
});
export type Session = z.output<typeof Session>;

export const PinGiven = record({ pin: label });
export type PinGiven = z.output<typeof PinGiven>;

/** Several kiosks may be shown by one address; `kiosk` is what `?kiosk=` says, and without it the first. */
export const KioskName = record({ kiosk: count, name: label });
export type KioskName = z.output<typeof KioskName>;
