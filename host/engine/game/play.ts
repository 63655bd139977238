/** One game at one table: the state of the rules, and how long they have waited for chance. What comes from outside is
 * answered with a value; only a chance that nobody asked for, or a broken rule, is our own fault. */

import { blob } from "../../../protocol/bytes/blobs.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { list, struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import { copyOf, exposure } from "./exposure.ts";
import type { Game, Moved, Purse, Refused, Settlement } from "./game.ts";
import { MOVES_BETWEEN_CHANCES_MAX, STATE_SIZE_MAX } from "./limits.ts";

export interface Play<S> {
  state: S;
  /** Of each seat, since the last chance. */
  readonly moves: number[];
}

/** Hashes for one domain what never equals a hash for another. */
export type Digest = (domain: string, bytes: Uint8Array) => Uint8Array;

type AnyAction = { readonly type: string };

export function start<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, config: C, seats: number): Play<S> {
  assert(game.config.fault(config) === undefined, "a configuration is one that may be");
  assert(Number.isInteger(seats) && seats >= game.seats.min && seats <= game.seats.max, "the game has as many seats");
  return { state: game.setup(config, seats), moves: new Array<number>(seats).fill(0) };
}

/** Whether moves are open, or chance is due. */
export function chanceIsDue<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, play: Play<S>): boolean {
  return "chance" in game.phases[game.phase(play.state)];
}

export function act<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  play: Play<S>,
  seat: number,
  action: A,
  purse: Purse,
): Moved | Refused {
  const phase = game.phases[game.phase(play.state)];
  if (!("moves" in phase) || !phase.moves.includes(action.type)) return NOT_NOW;
  // Whatever number a seat is said to be: only a place at the table has moves.
  if (play.moves[seat] === undefined) return NO_SUCH_SEAT;
  if (play.moves[seat] >= MOVES_BETWEEN_CHANCES_MAX) return TOO_MANY_MOVES;
  // A game that knows its reserve looks after the purse itself; for the others a move is tried and, if it must be, undone.
  const before = game.reserve === undefined ? encode(game.layouts.state, play.state) : undefined;
  const move = game.moves[action.type as A["type"]];
  const moved = move(config, play.state, seat, action as Extract<A, { readonly type: A["type"] }>, purse);
  if (!moved.ok) return moved;
  if (before !== undefined) {
    const why = overdrawn(game, config, play.state, moved, purse);
    if (why !== undefined) {
      play.state = copyOf(game, before);
      return why;
    }
  }
  play.moves[seat] += 1;
  return moved;
}

function overdrawn<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  state: S,
  { staked, returned }: Moved,
  purse: Purse,
): Refused | undefined {
  if (staked > purse.free + returned) return NOT_ENOUGH;
  return staked > 0 && exposure(game, config, state) > purse.bank ? NOT_COVERED : undefined;
}

/** The time to move is over. A word for what the table did, undefined where it waits on. */
export function overdue<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  play: Play<S>,
): string | undefined {
  return chanceIsDue(game, play) ? undefined : game.overdue(config, play.state);
}

/** What chance is about to say is still said to whoever asked for it. */
export function keepTurn<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  play: Play<S>,
  isTaken: (seat: number) => boolean,
): void {
  if (!chanceIsDue(game, play)) game.keepTurn?.(play.state, isTaken);
}

export function settle<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  play: Play<S>,
  outcome: O,
  bank: number,
): Settlement {
  assert(chanceIsDue(game, play), "chance speaks when it is due");
  play.moves.fill(0);
  return game.settle(config, play.state, outcome, bank);
}

const Identity = struct("GameIdentity", { name: blob(64), version: varint(0xffff), config: blob(1024) });

/** What tells one game from another: two tables whose rules differ in one figure have different ids. */
export function gameId<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, config: C, digest: Digest): Uint8Array {
  const name = new Uint8Array(game.name.length);
  for (let at = 0; at < name.length; at++) name[at] = game.name.charCodeAt(at);
  const identity = { name, version: game.version, config: encode(game.config.layout, config) };
  return digest("hardway game", encode(Identity, identity));
}

const Snapshot = struct("PlaySnapshot", {
  moves: list(varint(MOVES_BETWEEN_CHANCES_MAX), SEATS_MAX),
  state: blob(STATE_SIZE_MAX),
});

/** One play, one encoding. */
export function snapshot<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, play: Play<S>): Uint8Array {
  return encode(Snapshot, { moves: play.moves, state: encode(game.layouts.state, play.state) });
}

/** Undefined where the bytes are none of this game's. */
export function restore<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  bytes: Uint8Array,
): Play<S> | undefined {
  const outer = decode(Snapshot, bytes);
  if (!outer.ok) return undefined;
  const inner = decode(game.layouts.state, outer.value.state);
  if (!inner.ok || game.fault?.(config, inner.value) !== undefined) return undefined;
  return { state: inner.value, moves: [...outer.value.moves] };
}

/** What replicas compare. */
export const playHash = <C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  play: Play<S>,
  digest: Digest,
): Uint8Array => digest("hardway play", snapshot(game, play));

const NOT_NOW: Refused = Object.freeze({ ok: false, why: "not now" });
const NOT_ENOUGH: Refused = Object.freeze({ ok: false, why: "not enough chips" });
const NOT_COVERED: Refused = Object.freeze({ ok: false, why: "bank cannot cover" });
const NO_SUCH_SEAT: Refused = Object.freeze({ ok: false, why: "no such seat" });
const TOO_MANY_MOVES: Refused = Object.freeze({ ok: false, why: "too many moves" });
