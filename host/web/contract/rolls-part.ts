/** What the dice have shown, and what became of the bets that lay there. */
import { z } from "zod";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import { BETS_PER_SEAT_MAX } from "../../engine/games/craps/limits.ts";
import { betCode, place } from "./craps-part.ts";
import { chips, count, gain, hex, many, member, orNull, record, timeMs, word } from "./forms.ts";
import { ROLLS_SHOWN_MAX } from "./limits.ts";

const face = z.int().min(1).max(6);

/** As the game tells it: `BetEvent`. A bet of which nothing is told stood. */
export const SettledBet = record({
  code: betCode,
  /** "place-6". */
  name: word,
  stake: chips,
  type: z.enum(["stood", "won", "lost", "pushed", "returned", "travelled"]),
  /** Chips gained, or lost, fees taken off. */
  net: gain,
});
export type SettledBet = z.output<typeof SettledBet>;

export const ShownRoll = record({
  roll: count,
  sequence: count,
  view: count,
  primary: orNull(member),
  /** When this kiosk executed it; null of what its journal brought back. */
  at: orNull(timeMs),
  /** As they fell; null where they never did and every bet went back. */
  fell: orNull(
    record({
      first: face,
      second: face,
      /** SHA-256 of the proof's bytes, as screens show it. */
      proofDigest: hex,
    }),
  ),
  /** Before the roll; 0 where it was a come-out. */
  point: count,
  /** The kiosk whose player shot; null where it has left. */
  shooter: orNull(member),
  /** Of those who had bets. */
  seats: many(
    record({ place, member: orNull(member), net: gain, bets: many(SettledBet, BETS_PER_SEAT_MAX) }),
    SEATS_MAX,
  ),
});
export type ShownRoll = z.output<typeof ShownRoll>;

/** The newest last. */
export const RollsPart = many(ShownRoll, ROLLS_SHOWN_MAX);
export type RollsPart = z.output<typeof RollsPart>;
