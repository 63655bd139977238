/** The figures of a wager, worked out from the game's own settlement: what the house keeps of a chip, how often it wins, and
 * how many chances it takes. */
import { chainOf, type Measure } from "./chain.ts";
import type { Game, Wager } from "./game.ts";
import { lump } from "./lump.ts";
import { divide, negate, type Ratio } from "./ratio.ts";
import { solve } from "./solve.ts";

export interface Figures {
  /** Expected loss over chips put at risk. */
  readonly edge: Ratio;
  readonly net: Ratio;
  readonly staked: Ratio;
  /** Chances until it is resolved. */
  readonly chances: Ratio;
  readonly won: Ratio;
  readonly lost: Ratio;
  readonly pushed: Ratio;
  /** Of the caller's own counts. */
  readonly measured: readonly Ratio[];
  /** States that it runs through, and how many of them differ. */
  readonly states: number;
  readonly classes: number;
}

type AnyAction = { readonly type: string };

export function figuresOf<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  wager: Wager<C, S, A, O>,
  measure?: Measure<S, O>,
): Figures {
  const chain = chainOf(game, wager, measure);
  const small = lump(chain);
  const [net, staked, chances, won, lost, pushed, ...measured] = solve(small);
  const figures = { edge: divide(negate(net), staked), net, staked, chances, won, lost, pushed };
  return { ...figures, measured, states: chain.states.length, classes: small.states.length };
}
