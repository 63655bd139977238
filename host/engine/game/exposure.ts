/** What the bank risks. The exact worst of the next chance is found by settling every outcome on a copy. */
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { Game, Settlement } from "./game.ts";
import { TRIAL_CHIPS } from "./limits.ts";

type AnyAction = { readonly type: string };

/** The most that the bank pays net at the next chance, over all outcomes. */
export function exposure<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, config: C, state: S): number {
  const bytes = encode(game.layouts.state, state);
  let worst = 0;
  for (const { outcome } of game.law(config, state)) {
    worst = Math.max(worst, -bankGain(game.settle(config, copyOf(game, bytes), outcome, TRIAL_CHIPS)));
  }
  return worst;
}

/** What the bank must have before the game may go on: the game's own word, or the worst of the next chance. */
export const reserveOf = <C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, config: C, state: S): number =>
  game.reserve === undefined ? exposure(game, config, state) : game.reserve(config, state);

/** What a settlement brings to the bank, below zero where it pays. */
export function bankGain(settlement: Settlement): number {
  let gain = 0;
  for (const { lost, won } of settlement.seats) gain += lost - won;
  return gain;
}

/** A state of its own, from bytes that came of one. */
export function copyOf<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, bytes: Uint8Array): S {
  const decoded = decode(game.layouts.state, bytes);
  assert(decoded.ok, "what was encoded decodes");
  return decoded.value;
}
