/** No bet is left behind: everybody takes down what may be taken down, and chance decides the rest in bounded time. */

import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { type Chance, drawBelow } from "../../../protocol/core/chance.ts";
import { type Game, totalOf } from "./game.ts";
import { outcomeAt } from "./law.ts";
import { act, chanceIsDue } from "./play.ts";
import { audit, happen, type Sitting, untilChance } from "./sitting.ts";

type AnyAction = { readonly type: string };

/** A sentence where chips remain on the table. */
export function emptied<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  sitting: Sitting<S>,
  from: Chance,
): string | undefined {
  for (let chances = 0; chances < CHANCES_MAX; chances++) {
    if (!chanceIsDue(game, sitting.play)) takeDown(game, config, sitting);
    if (sitting.held.every((chips) => chips === 0)) return audit(game, config, sitting);
    if (!untilChance(game, config, sitting)) return "chips lie on a table that waits for nobody";
    const law = game.law(config, sitting.play.state);
    const outcome = outcomeAt(law, drawBelow(from, totalOf(law)));
    happen(game, config, sitting, { type: "chance", outcome });
  }
  return `after ${CHANCES_MAX} chances chips still lie on the table`;
}

function takeDown<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, config: C, sitting: Sitting<S>): void {
  sitting.play.moves.fill(0);
  for (let seat = 0; seat < sitting.free.length; seat++) {
    for (;;) {
      const purse = { free: sitting.free[seat], bank: sitting.bank };
      const action = game
        .legalActions(config, sitting.play.state, seat, purse)
        .find((each) => givesBack(game, config, sitting, seat, each));
      if (action === undefined) break;
      happen(game, config, sitting, { type: "act", seat, action });
    }
  }
}

/** Tried on a copy. */
function givesBack<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  { play, free, bank }: Sitting<S>,
  seat: number,
  action: A,
): boolean {
  const copy = decode(game.layouts.state, encode(game.layouts.state, play.state));
  if (!copy.ok) return false;
  const answer = act(game, config, { state: copy.value, moves: free.map(() => 0) }, seat, action, {
    free: free[seat],
    bank,
  });
  return answer.ok && answer.returned > answer.staked;
}

const CHANCES_MAX = 20_000;
