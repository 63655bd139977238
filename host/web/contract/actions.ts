/** What a seat may do now, with the reason for whatever it may not: worked out from the view by the game's own rules, for whoever
 * has not got these. */
import type { z } from "zod";
import { craps } from "../../engine/games/craps/craps.ts";
import { leastOn } from "../../engine/games/craps/legal.ts";
import { BETS_PER_SEAT_MAX } from "../../engine/games/craps/limits.ts";
import type { CrapsAction } from "../../engine/games/craps/moves.ts";
import { ruleOf } from "../../engine/games/craps/rules.ts";
import { SPOTS, TRAVELLED } from "../../engine/games/craps/spots.ts";
import type { CrapsState } from "../../engine/games/craps/state.ts";
import { betCode, type CrapsPart } from "./craps-part.ts";
import { chips, count, many, record, whyNot, word } from "./forms.ts";
import { OFFERS_SHOWN_MAX } from "./limits.ts";
import { type OwnSeat, ownSeat } from "./own-part.ts";

/** Each reason is null where it may be done. */
export const Actions = record({
  seat: ownSeat,
  /** By bet of the layout: the fewest chips that may be put there, beside what lies there. */
  bets: many(record({ code: betCode, name: word, least: chips, whyNot }), OFFERS_SHOWN_MAX),
  /** By bet that lies there: why the whole of it may not come down, and why it may not be called on or off. */
  own: many(
    record({ code: betCode, name: word, stake: chips, whyNoTake: whyNot, whyNoCall: whyNot }),
    BETS_PER_SEAT_MAX,
  ),
  whyNoRoll: whyNot,
  whyNoPassDice: whyNot,
  whyNoSit: whyNot,
  whyNoLeave: whyNot,
  whyNoRebuy: whyNot,
  rebuysLeft: count,
});
export type Actions = z.output<typeof Actions>;

export function actionsOf({ config, state, bank }: CrapsPart, own: OwnSeat): Actions {
  const { seat, place, free, rebuysLeft, whyNoSit, whyNoLeave, whyNoRebuy } = own;
  const why = (action: CrapsAction): string | null => {
    if (place === null) return "does not sit";
    if (state.rolling) return "not now";
    const moved = moveOf(action)(config, copyOf(state, place), place, action as never, { free, bank });
    return moved.ok ? null : moved.why;
  };
  const name = (code: number): string => SPOTS.find((spot) => spot.code === code)?.name ?? `bet-${code}`;
  const layout = SPOTS.filter(({ code }) => code < TRAVELLED && isOnLayout(code, config.bets));
  const lying = place === null ? [] : state.seats[place];
  return {
    ...{ seat, rebuysLeft, whyNoSit, whyNoLeave, whyNoRebuy },
    bets: layout.map((spot) => {
      const least = leastOn(config, state, spot);
      return { code: spot.code, name: spot.name, least, whyNot: why({ type: "bet", code: spot.code, chips: least }) };
    }),
    own: lying.map(({ code, stake }) => ({
      ...{ code, name: name(code), stake },
      whyNoTake: why({ type: "take", code, chips: stake }),
      whyNoCall: why({ type: "call", code, working: "on" }),
    })),
    whyNoRoll: why({ type: "roll" }),
    whyNoPassDice: why({ type: "passDice" }),
  };
}

const LAYOUTS = Object.freeze({ beginner: 0, full: 1, everything: 2 });

const isOnLayout = (code: number, bets: keyof typeof LAYOUTS): boolean => LAYOUTS[ruleOf(code).layout] <= LAYOUTS[bets];

const moveOf = ({ type }: CrapsAction): (typeof craps.moves)["bet"] => craps.moves[type] as never;

/** A move that is done changes the mover's bets, and whether the dice are due. */
const copyOf = (state: CrapsState, place: number): CrapsState => ({
  ...state,
  seats: state.seats.map((bets, at) => (at === place ? bets.map((bet) => ({ ...bet })) : bets)),
});
