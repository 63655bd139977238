/** A play with chips on it, for trials: seats and a bank that pay each other by what the game answers, counted after every
 * step. It is the ledger in small; the table's own has accounts and refusals of its own. */
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { reserveOf } from "./exposure.ts";
import type { BetEvent, Game, Step } from "./game.ts";
import { OVERDUE_STEPS_MAX, TRIAL_CHIPS } from "./limits.ts";
import { act, chanceIsDue, overdue, type Play, settle, start } from "./play.ts";

export interface Sitting<S> {
  play: Play<S>;
  /** Chips of each seat beside the table. */
  readonly free: number[];
  /** Chips of each seat on the table, as the answers add up. */
  readonly held: number[];
  bank: number;
  readonly minted: number;
  /** Bets were said to bring something else than the chips that went: edges are computed from what is said. */
  lie: string | undefined;
}

export interface Happened {
  readonly ok: boolean;
  /** Why not, or what the table did by itself. */
  readonly why?: string;
  readonly events: readonly BetEvent[];
  readonly staked: number;
}

export interface Stacks {
  readonly seats: number;
  readonly chips?: number;
  readonly bank?: number;
}

type AnyAction = { readonly type: string };

export function sit<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  { seats, chips = TRIAL_CHIPS, bank = TRIAL_CHIPS }: Stacks,
): Sitting<S> {
  const play = start(game, config, seats);
  const free = new Array<number>(seats).fill(chips);
  return { play, free, held: free.map(() => 0), bank, minted: seats * chips + bank, lie: undefined };
}

/** Does the step and moves its chips. */
export function happen<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  sitting: Sitting<S>,
  step: Step<A, O>,
): Happened {
  switch (step.type) {
    case "act":
      return move(game, config, sitting, step.seat, step.action);
    case "chance":
      return chance(game, config, sitting, step.outcome);
    case "overdue": {
      const why = overdue(game, config, sitting.play);
      return why === undefined ? { ...NOTHING, ok: false } : { ...NOTHING, why };
    }
    default:
      return unreachable(step);
  }
}

/** Lets the time to move run out until chance is due; false where the table would wait on. */
export function untilChance<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  sitting: Sitting<S>,
): boolean {
  for (let steps = 0; steps < OVERDUE_STEPS_MAX; steps++) {
    if (chanceIsDue(game, sitting.play)) return true;
    if (overdue(game, config, sitting.play) === undefined) return false;
  }
  return false;
}

/** A sentence on what does not add up, undefined where all does. */
export function audit<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  { play, free, held, bank, minted, lie }: Sitting<S>,
): string | undefined {
  if (lie !== undefined) return lie;
  let sum = bank;
  for (let seat = 0; seat < free.length; seat++) {
    sum += free[seat] + held[seat];
    if (!Number.isSafeInteger(free[seat]) || free[seat] < 0) return `seat ${seat} has ${free[seat]} chips`;
    const onTable = game.held(play.state, seat);
    if (onTable !== held[seat]) return `seat ${seat} put ${held[seat]} on the table, and ${onTable} lie there`;
  }
  if (sum !== minted) return `${sum} chips of ${minted}`;
  const reserve = reserveOf(game, config, play.state);
  if (reserve > bank) return `the bank has ${bank} and may owe ${reserve}`;
  return game.fault?.(config, play.state);
}

function move<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  sitting: Sitting<S>,
  seat: number,
  action: A,
): Happened {
  const purse = { free: sitting.free[seat] ?? 0, bank: sitting.bank };
  const moved = act(game, config, sitting.play, seat, action, purse);
  if (!moved.ok) return { ...NOTHING, ok: false, why: moved.why };
  const { staked, returned } = moved;
  assert(staked >= 0 && returned >= 0, "chips go by whole and positive amounts");
  sitting.free[seat] += returned - staked;
  sitting.held[seat] += staked - returned;
  return { ...NOTHING, staked: staked - returned };
}

function chance<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  sitting: Sitting<S>,
  outcome: O,
): Happened {
  const { seats, events } = settle(game, config, sitting.play, outcome, sitting.bank);
  for (let seat = 0; seat < seats.length; seat++) {
    const { lost, won, returned } = seats[seat];
    assert(lost >= 0 && won >= 0 && returned >= 0, "chips go by whole and positive amounts");
    sitting.held[seat] -= lost + returned;
    sitting.free[seat] += won + returned;
    sitting.bank += lost - won;
    const said = events.reduce((sum, event) => (event.seat === seat ? sum + event.net : sum), 0);
    if (said !== won - lost) sitting.lie ??= `seat ${seat} is told ${said}, and gets ${won - lost}`;
  }
  return { ...NOTHING, events };
}

const NOTHING: Happened = Object.freeze({ ok: true, events: Object.freeze([]), staked: 0 });
