/** A history of steps played again comes to the same state, byte for byte. */
import type { Game, Step } from "./game.ts";
import { chanceIsDue, type Digest, playHash } from "./play.ts";
import { happen, type Sitting, type Stacks, sit } from "./sitting.ts";

type AnyAction = { readonly type: string };

export interface Replayed<S> {
  /** Steps that could be followed: fewer than there are where chance spoke unasked. */
  readonly followed: number;
  readonly sitting: Sitting<S>;
  readonly hash: Uint8Array;
}

export function replay<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  stacks: Stacks,
  steps: readonly Step<A, O>[],
  digest: Digest,
): Replayed<S> {
  const sitting = sit(game, config, stacks);
  let followed = 0;
  for (const step of steps) {
    if (step.type === "chance" && !chanceIsDue(game, sitting.play)) break;
    happen(game, config, sitting, step);
    followed += 1;
  }
  return { followed, sitting, hash: playHash(game, sitting.play, digest) };
}
