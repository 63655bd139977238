/** Many tables one after another, each with its own seats, bank and rules, until so many steps were made. */
import { chance, draw32, drawBelow } from "../../../protocol/core/chance.ts";
import { configOf, type Game } from "./game.ts";
import type { Digest } from "./play.ts";
import { trial } from "./trial.ts";

export interface LongTrialOptions<C> {
  readonly operations: number;
  readonly seed: number;
  /** Rules to choose from, beside the usual ones. */
  readonly variants?: readonly Partial<C>[];
  /** Steps at one table. */
  readonly tableOperations?: number;
}

export interface LongTrialResult {
  readonly fault: string | undefined;
  readonly tables: number;
  readonly operations: number;
  readonly done: number;
  readonly refused: number;
  readonly chances: number;
}

type AnyAction = { readonly type: string };

export function longTrial<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  { operations, seed, variants = [], tableOperations = 2_000 }: LongTrialOptions<C>,
  digest: Digest,
): LongTrialResult {
  const from = chance(seed);
  const sum = { tables: 0, operations: 0, done: 0, refused: 0, chances: 0 };
  while (sum.operations < operations) {
    const config = configOf(game, variants[drawBelow(from, variants.length + 1)]);
    const seats = game.seats.min + drawBelow(from, game.seats.max - game.seats.min + 1);
    const stacks = { seats, chips: STACKS[drawBelow(from, STACKS.length)], bank: BANKS[drawBelow(from, BANKS.length)] };
    const steps = Math.min(tableOperations, operations - sum.operations);
    const found = trial(game, config, { stacks, operations: steps, seed: draw32(from) }, digest);
    sum.tables += 1;
    sum.operations += found.operations;
    sum.done += found.done;
    sum.refused += found.refused;
    sum.chances += found.chances;
    if (found.fault !== undefined) return { fault: `table ${sum.tables}: ${found.fault}`, ...sum };
  }
  return { fault: undefined, ...sum };
}

/** Poor and rich, so that both ends of a purse are met. */
const STACKS: readonly number[] = Object.freeze([200, 5_000, 1_000_000]);
const BANKS: readonly number[] = Object.freeze([500, 20_000, 1_000_000, 1_000_000_000]);
