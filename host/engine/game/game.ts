/** What a game is: its rules as one value. The rules say what may be done and what it pays; chips are moved by whoever
 * holds the ledger, by the amounts answered here. Everything is a function of its arguments. */
import type { Codec } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import { OUTCOMES_MAX, STATE_SIZE_MAX } from "./limits.ts";

/** What a move may spend, and what the bank may be made to owe. */
export interface Purse {
  /** Chips of the seat that moves, beside those on the table. */
  readonly free: number;
  readonly bank: number;
}

/** What a move did with the mover's chips: onto the table, and back from it. */
export interface Moved {
  readonly ok: true;
  readonly staked: number;
  readonly returned: number;
}

/** Nothing has changed. The reason is one of the game's own words, for which it has a sentence in each language. */
export interface Refused {
  readonly ok: false;
  readonly why: string;
}

/** What became of one bet, for the screen and for the proofs; the chips are told beside it. */
export interface BetEvent {
  readonly seat: number;
  /** The game's number of the bet. */
  readonly bet: number;
  readonly type: "won" | "lost" | "pushed" | "returned" | "travelled";
  readonly stake: number;
  /** What the seat gained, fees taken off. */
  readonly net: number;
}

/** Of what lay on the table: `lost` goes to the bank, `returned` to the seat; the bank pays `won`. */
export interface SeatChips {
  lost: number;
  won: number;
  returned: number;
}

export interface Settlement {
  readonly seats: readonly SeatChips[];
  readonly events: readonly BetEvent[];
}

export interface Weighted<O> {
  readonly outcome: O;
  /** Of the sum of all weights. */
  readonly weight: number;
}

/** One thing that happened at a table. */
export type Step<A, O> =
  | { readonly type: "act"; readonly seat: number; readonly action: A }
  | { readonly type: "chance"; readonly outcome: O }
  | { readonly type: "overdue" };

/** A line of a scenario: something happens, or something is so. `net` counts from the scenario's beginning. */
export type Line<A, O> =
  | Step<A, O>
  | { readonly type: "refused"; readonly seat: number; readonly action: A; readonly why: string }
  | { readonly type: "net"; readonly seat: number; readonly is: number; readonly bet?: number };

export interface Golden<C, A, O> {
  readonly name: string;
  readonly config?: Partial<C>;
  readonly lines: readonly Line<A, O>[];
}

/** A bet whose edge is worked out from the settlement: how it comes to be made by seat 0, which bets are it, and what the
 * bettor does on the way. */
export interface Wager<C, S, A, O> {
  readonly name: string;
  readonly config?: Partial<C>;
  readonly begin: readonly Step<A, O>[];
  readonly watch: (bet: number) => boolean;
  /** What seat 0 does next while moves are open. */
  readonly plan?: (config: C, state: S) => A | undefined;
  /** Plays on when the bet is pushed and stands. */
  readonly throughPushes?: boolean;
}

/** What happens in a phase: seats make the moves named, or chance speaks and the bets are settled. */
export type Phase = { readonly moves: readonly string[] } | { readonly chance: true };

export interface Texts {
  readonly [key: string]: string;
}

export interface Rules<C, S, A extends { readonly type: string }, O> {
  readonly name: string;
  readonly version: number;
  readonly seats: { readonly min: number; readonly max: number };
  /** Hashed into the game's id with name and version: tables with different rules are different games. */
  readonly config: { readonly layout: Codec<C>; readonly usual: C; readonly fault: (config: C) => string | undefined };
  readonly layouts: { readonly state: Codec<S>; readonly action: Codec<A>; readonly outcome: Codec<O> };
  setup(config: C, seats: number): S;
  readonly phases: { readonly [phase: string]: Phase };
  phase(state: S): string;
  /** One for each type of action. Changes the state or refuses; never both, never an exception. The seat is one of the
   * table's; whatever else the action says is for the move to doubt. */
  readonly moves: {
    readonly [T in A["type"]]: (
      config: C,
      state: S,
      seat: number,
      action: Extract<A, { readonly type: T }>,
      purse: Purse,
    ) => Moved | Refused;
  };
  /** Moves that are open to the seat, each with the least it can be made with: for bots, trials and buttons. */
  legalActions(config: C, state: S, seat: number, purse: Purse): readonly A[];
  /** What the table does when the time to move is over: a word for it, or undefined where it waits on. */
  overdue(config: C, state: S): string | undefined;
  /** Players come and go: a turn that would be an empty place's goes on to the next that is taken, where any is. Left out by a game
   * without turns. */
  keepTurn?(state: S, isTaken: (seat: number) => boolean): void;
  /** The exact law of the chance that is due. */
  law(config: C, state: S): readonly Weighted<O>[];
  /** What chance means for every bet. `bank` is what the bank has: no bet stays up that it could not pay again. */
  settle(config: C, state: S, outcome: O, bank: number): Settlement;
  /** Chips of the seat that lie on the table. */
  held(state: S, seat: number): number;
  /** The most that the bank can come to pay for what is on the table. Left out, the worst of the next chance. */
  reserve?(config: C, state: S): number;
  /** What must be so whenever it is anybody's turn: a sentence on what is not. */
  fault?(config: C, state: S): string | undefined;
  /** What the seat, or a spectator, is shown: plain data. */
  view(config: C, state: S, seat: number | undefined): unknown;
  readonly strings: { readonly [language: string]: Texts };
  readonly golden: readonly Golden<C, A, O>[];
  wagers(config: C): readonly Wager<C, S, A, O>[];
}

export type Game<C, S, A extends { readonly type: string }, O> = Rules<C, S, A, O>;

/** A game that says all it must. What is wrong with one is its author's fault and ends the program. */
export function defineGame<C, S, A extends { readonly type: string }, O>(rules: Rules<C, S, A, O>): Game<C, S, A, O> {
  const { seats, config, layouts, phases, strings } = rules;
  assert(/^[a-z][a-z0-9-]*$/.test(rules.name), "a game's name is in kebab-case");
  assert(Number.isInteger(rules.version) && rules.version >= 1, "a game has a version");
  assert(seats.min >= 1 && seats.min <= seats.max && seats.max <= SEATS_MAX, "a game has seats for a table");
  assert(config.fault(config.usual) === undefined, "the usual configuration is one that may be");
  assert(layouts.state.sizeMax <= STATE_SIZE_MAX, "a state fits where states are kept");
  for (const name of Object.keys(phases)) {
    const phase = phases[name];
    if ("moves" in phase) for (const move of phase.moves) assert(move in rules.moves, "a phase names moves that exist");
  }
  const languages = Object.keys(strings);
  for (const key of ["title", ...Object.keys(phases), ...FRAMEWORK_REASONS]) {
    assert(strings.en?.[key] !== undefined, "a game has words for its title, its phases and every refusal");
  }
  assert(languages.includes("en"), "a game speaks English, and others if it likes");
  const keys = Object.keys(strings.en).sort().join();
  for (const language of languages) {
    assert(Object.keys(strings[language]).sort().join() === keys, "every language says the same things");
  }
  return Object.freeze(rules);
}

/** What the framework refuses by itself. */
const FRAMEWORK_REASONS: readonly string[] = Object.freeze([
  ...["not now", "no such seat", "too many moves", "not enough chips", "bank cannot cover"],
]);

/** The usual configuration with what a scenario changes. */
export function configOf<C, S, A extends { readonly type: string }, O>(
  game: Game<C, S, A, O>,
  changes: Partial<C> | undefined,
): C {
  const config = { ...game.config.usual, ...changes };
  assert(game.config.fault(config) === undefined, "a configuration is one that may be");
  return config;
}

/** All weights together. */
export function totalOf<O>(law: readonly Weighted<O>[]): number {
  let total = 0;
  for (const { weight } of law) {
    assert(Number.isInteger(weight) && weight > 0, "an outcome has a whole weight");
    total += weight;
  }
  assert(law.length >= 1 && law.length <= OUTCOMES_MAX, "a law has outcomes, and not too many");
  return total;
}
