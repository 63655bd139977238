/** Random players at one table, some of whom try what may not be. After every step the chips are counted and the state is
 * looked at; now and then the table is put away as bytes and taken up again; at the end the whole history is played once
 * more, and must come to the same hash, and the table must empty. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { type Chance, chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { emptied } from "./empty.ts";
import { exposure, reserveOf } from "./exposure.ts";
import { type Game, type Step, totalOf } from "./game.ts";
import { outcomeAt } from "./law.ts";
import { chanceIsDue, type Digest, playHash, restore, snapshot } from "./play.ts";
import { replay } from "./replay.ts";
import { audit, happen, type Sitting, type Stacks, sit } from "./sitting.ts";
import { wildAction } from "./wild.ts";

export interface TrialOptions {
  readonly stacks: Stacks;
  readonly operations: number;
  readonly seed: number;
}

export interface TrialResult {
  /** What was wrong, and at which step; undefined where nothing was. */
  readonly fault: string | undefined;
  readonly operations: number;
  readonly done: number;
  readonly refused: number;
  readonly chances: number;
  readonly hash: Uint8Array;
}

type AnyAction = { readonly type: string };

export function trial<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  { stacks, operations, seed }: TrialOptions,
  digest: Digest,
): TrialResult {
  const from = chance(seed);
  const sitting = sit(game, config, stacks);
  const steps: Step<A, O>[] = [];
  const counts = { done: 0, refused: 0, chances: 0 };
  let fault: string | undefined;
  for (let at = 0; at < operations && fault === undefined; at++) {
    const step = nextStep(game, config, sitting, from);
    fault = step.wild ? wrongMove(game, config, sitting, step.step, steps) : undefined;
    if (!step.wild) {
      steps.push(step.step);
      if (happen(game, config, sitting, step.step).ok) counts.done += 1;
      else counts.refused += 1;
      if (step.step.type === "chance") counts.chances += 1;
    } else counts.refused += 1;
    fault ??= audit(game, config, sitting);
    if (at % RISK_EVERY === 0) fault ??= riskFault(game, config, sitting);
    if (at % RESTART_EVERY === 0) fault ??= restart(game, config, sitting);
    if (fault !== undefined) fault = `step ${at + 1} of seed ${seed}: ${fault}`;
  }
  const hash = playHash(game, sitting.play, digest);
  if (fault === undefined) {
    const again = replay(game, config, stacks, steps, digest);
    if (again.followed !== steps.length || !bytesEqual(again.hash, hash))
      fault = `seed ${seed}: played again it comes to another state`;
  }
  fault ??= emptied(game, config, sitting, from);
  return { fault, operations, ...counts, hash };
}

interface NextStep<A, O> {
  readonly step: Step<A, O>;
  readonly wild: boolean;
}

function nextStep<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  { play, free, bank }: Sitting<S>,
  from: Chance,
): NextStep<A, O> {
  if (chanceIsDue(game, play)) return { step: chanceStep(game, config, play.state, from), wild: false };
  if (draw(from) < OVERDUE_SHARE) return { step: { type: "overdue" }, wild: false };
  const seat = drawBelow(from, free.length);
  const actions = game.legalActions(config, play.state, seat, { free: free[seat], bank });
  if (actions.length === 0) return { step: { type: "overdue" }, wild: false };
  const action = actions[drawBelow(from, actions.length)];
  if (draw(from) >= WILD_SHARE) return { step: { type: "act", seat, action }, wild: false };
  return { step: { type: "act", seat: seat + drawBelow(from, 2), action: wildAction(action, from) }, wild: true };
}

export function chanceStep<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  state: S,
  from: Chance,
): Step<A, O> {
  const law = game.law(config, state);
  return { type: "chance", outcome: outcomeAt(law, drawBelow(from, totalOf(law))) };
}

/** What should not be is refused and changes nothing, or it was legal after all and is part of the history. */
function wrongMove<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  sitting: Sitting<S>,
  step: Step<A, O>,
  steps: Step<A, O>[],
): string | undefined {
  const before = snapshot(game, sitting.play);
  const { ok, why } = happen(game, config, sitting, step);
  if (!ok && game.strings.en[why ?? ""] === undefined) return `no sentence for the refusal "${why}"`;
  if (ok) steps.push(step);
  else if (!bytesEqual(before, snapshot(game, sitting.play))) return `refused (${why}), and yet changed`;
  return undefined;
}

/** The game's own word on what the bank may owe is no less than the worst of the next chance. */
function riskFault<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  { play }: Sitting<S>,
): string | undefined {
  if (game.reserve === undefined || !chanceIsDue(game, play)) return undefined;
  const [risk, reserve] = [exposure(game, config, play.state), reserveOf(game, config, play.state)];
  return risk > reserve ? `the bank may lose ${risk} and reserves ${reserve}` : undefined;
}

function restart<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  sitting: Sitting<S>,
): string | undefined {
  const bytes = snapshot(game, sitting.play);
  const restored = restore(game, config, bytes);
  if (restored === undefined) return "its own bytes are not taken up again";
  if (!bytesEqual(bytes, snapshot(game, restored))) return "taken up again it has other bytes";
  sitting.play = restored;
  return undefined;
}

/** Of steps: the time to move is over; somebody tries what may not be. */
const OVERDUE_SHARE = 0.12;
const WILD_SHARE = 0.08;
const RESTART_EVERY = 37;
const RISK_EVERY = 5;
