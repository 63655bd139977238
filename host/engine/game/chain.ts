/** The chain of states that one wager runs through, found by settling every outcome of every state it can reach. Nothing in
 * it comes from a table of odds: it is what the settlement does. */
import { encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { copyOf } from "./exposure.ts";
import { type BetEvent, configOf, type Game, totalOf, type Wager } from "./game.ts";
import { CHAIN_STATES_MAX, PLAN_MOVES_MAX, TRIAL_CHIPS } from "./limits.ts";
import { happen, type Sitting, sit, untilChance } from "./sitting.ts";

/** Where the wager has come to its end. */
export const END = -1;

export interface Arrow {
  readonly to: number;
  /** Of `total`. */
  readonly weight: number;
  readonly total: number;
  /** What is counted on the way: net, staked, chances, won, lost, pushed, and then the caller's own. */
  readonly counts: readonly number[];
}

export interface Chain {
  readonly states: readonly (readonly Arrow[])[];
  readonly start: number;
  /** What was counted before the first chance. */
  readonly counts: readonly number[];
}

/** Counts of the caller's own; always as many. */
export interface Measure<S, O> {
  readonly count: number;
  readonly of: (before: S, outcome: O, events: readonly BetEvent[]) => readonly number[];
}

type AnyAction = { readonly type: string };

export function chainOf<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  wager: Wager<C, S, A, O>,
  measure?: Measure<S, O>,
): Chain {
  const config = configOf(game, wager.config);
  const first = begin(game, config, wager);
  const keys: Uint8Array[] = [];
  const known = new Map<string, number>();
  const reach = (bytes: Uint8Array): number => {
    const key = textOf(bytes);
    const at = known.get(key);
    if (at !== undefined) return at;
    assert(keys.length < CHAIN_STATES_MAX, "a wager runs through a bounded number of states");
    known.set(key, keys.length);
    keys.push(bytes);
    return keys.length - 1;
  };
  const start = reach(first.bytes);
  const states: Arrow[][] = [];
  for (let from = 0; from < keys.length; from++) {
    states.push(arrowsFrom(game, config, wager, keys[from], reach, measure));
  }
  const own = new Array<number>(measure?.count ?? 0).fill(0);
  return { states, start, counts: [0, first.staked, 0, 0, 0, 0, ...own] };
}

/** Makes the wager; what stands on it is what its own bets took. */
function begin<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  wager: Wager<C, S, A, O>,
): { bytes: Uint8Array; staked: number } {
  const sitting = sit(game, config, { seats: game.seats.min, bank: TRIAL_CHIPS });
  let staked = 0;
  for (const step of wager.begin) {
    if (step.type === "chance") assert(untilChance(game, config, sitting), "a wager's beginning goes on");
    const happened = happen(game, config, sitting, step);
    assert(happened.ok, `a wager can be made: ${wager.name}: ${happened.why}`);
    if (step.type === "act" && step.seat === 0 && happened.staked > 0) staked = happened.staked;
  }
  staked += follow(game, config, wager, sitting);
  return { bytes: encode(game.layouts.state, sitting.play.state), staked };
}

function arrowsFrom<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  wager: Wager<C, S, A, O>,
  key: Uint8Array,
  reach: (bytes: Uint8Array) => number,
  measure: Measure<S, O> | undefined,
): Arrow[] {
  const before = copyOf(game, key);
  const law = game.law(config, before);
  const total = totalOf(law);
  const merged = new Map<string, { to: number; weight: number; total: number; counts: readonly number[] }>();
  const arrows: Arrow[] = [];
  for (const { outcome, weight } of law) {
    const sitting = seated(game, copyOf(game, key));
    const { events } = happen(game, config, sitting, { type: "chance", outcome });
    const counts = countsOf(wager, events);
    if (measure !== undefined) counts.push(...measure.of(before, outcome, events));
    let to = END;
    if (!isOver(wager, events)) {
      counts[1] += follow(game, config, wager, sitting);
      to = reach(encode(game.layouts.state, sitting.play.state));
    }
    const name = `${to} ${counts.join()}`;
    const same = merged.get(name);
    if (same !== undefined) same.weight += weight;
    else {
      const arrow = { to, weight, total, counts };
      merged.set(name, arrow);
      arrows.push(arrow);
    }
  }
  return arrows;
}

/** The bettor's plan, and then time running out until chance is due. The chips the plan put down. */
function follow<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  wager: Wager<C, S, A, O>,
  sitting: Sitting<S>,
): number {
  let staked = 0;
  for (let moves = 0; ; moves++) {
    const action = wager.plan?.(config, sitting.play.state);
    if (action === undefined) break;
    assert(moves < PLAN_MOVES_MAX, "a plan comes to its end");
    const happened = happen(game, config, sitting, { type: "act", seat: 0, action });
    assert(happened.ok, `a plan's move is legal: ${wager.name}: ${happened.why}`);
    staked += happened.staked;
  }
  assert(untilChance(game, config, sitting), "a wager that stands comes to its chance");
  return staked;
}

function countsOf<C, S, A, O>(wager: Wager<C, S, A, O>, events: readonly BetEvent[]): number[] {
  let [net, won, lost, pushed] = [0, 0, 0, 0];
  for (const event of events) {
    if (event.seat !== 0 || !wager.watch(event.bet)) continue;
    net += event.net;
    if (event.type === "won") won = 1;
    if (event.type === "lost") lost = 1;
    if (event.type === "pushed" || (event.type === "returned" && won === 0)) pushed = 1;
  }
  return [net, 0, 1, won, lost, pushed];
}

function isOver<C, S, A, O>(wager: Wager<C, S, A, O>, events: readonly BetEvent[]): boolean {
  for (const { seat, bet, type } of events) {
    if (seat !== 0 || !wager.watch(bet) || type === "travelled") continue;
    if (type !== "pushed" || wager.throughPushes !== true) return true;
  }
  return false;
}

function seated<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, state: S): Sitting<S> {
  const free = new Array<number>(game.seats.min).fill(TRIAL_CHIPS);
  const play = { state, moves: free.map(() => 0) };
  return { play, free, held: free.map(() => 0), bank: TRIAL_CHIPS, minted: 0, lie: undefined };
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
