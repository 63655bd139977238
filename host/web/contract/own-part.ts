/** The seats of this kiosk: who sits there, and with what. What may be bet follows from the table (`actions.ts`). */
import { z } from "zod";
import { place } from "./craps-part.ts";
import { chips, count, many, orNull, record, whyNot } from "./forms.ts";
import { OWN_SEATS_MAX } from "./limits.ts";

export const ownSeat = z
  .int()
  .min(0)
  .max(OWN_SEATS_MAX - 1);

export const OwnSeat = record({
  /** From 0: what orders name. */
  seat: ownSeat,
  /** At the table; null while nobody sits. */
  place: orNull(place),
  /** To play with, in bets, and all. What a player has is kept while nobody sits. */
  free: chips,
  locked: chips,
  worth: chips,
  rebuysLeft: count,
  whyNoSit: whyNot,
  whyNoLeave: whyNot,
  whyNoRebuy: whyNot,
  /** Orders of this seat that nobody has answered yet. */
  underWay: count,
});
export type OwnSeat = z.output<typeof OwnSeat>;

export const OwnPart = many(OwnSeat, OWN_SEATS_MAX);
export type OwnPart = z.output<typeof OwnPart>;
