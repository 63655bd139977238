/** What founders chose of the game, out of files that nobody has checked: a table's own, and a ledger's that somebody exported. */
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import type { CrapsConfig } from "../../engine/games/craps/config.ts";
import { SEATS_MIN } from "../../engine/reception/limits.ts";
import type { FoundedGame } from "../../node/craps-table.ts";

/** The usual in place of what cannot be: a state that was signed shows whether it fits. */
export const foundedGame = (seats: unknown, bets: unknown): FoundedGame => ({
  seats: isSeats(seats) ? seats : undefined,
  bets: BETS.find((each) => each === bets),
});

const isSeats = (seats: unknown): seats is number =>
  Number.isInteger(seats) && (seats as number) >= SEATS_MIN && (seats as number) <= SEATS_MAX;

const BETS: readonly CrapsConfig["bets"][] = Object.freeze(["beginner", "full", "everything"] as const);
