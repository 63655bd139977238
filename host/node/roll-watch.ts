/** Looks on while the table's machine executes, and tells of each roll that ends: what lay there, what fell, who gained what. The
 * machine that it answers does what the other does, on every replica alike. */
import { decode, encode } from "../../protocol/bytes/codec.ts";
import type { RollProof } from "../engine/dice/roll-proof.ts";
import type { RollKeys } from "../engine/dice/verify-roll.ts";
import { copyOf } from "../engine/game/exposure.ts";
import type { BetEvent } from "../engine/game/game.ts";
import { spotOf } from "../engine/games/craps/spots.ts";
import { worthOf } from "../engine/ledger/ledger.ts";
import type { Machine, Operation } from "../engine/machine.ts";
import { TableAnswer } from "../engine/table/answer.ts";
import { bankOf } from "../engine/table/money.ts";
import type { CrapsRules, CrapsTable } from "./craps-table.ts";
import { type PlayersBook, playersBook } from "./players-book.ts";

export interface SeatAtRoll {
  readonly place: number;
  /** The kiosk's place among the members; undefined of a player whose kiosk has left. */
  readonly member: number | undefined;
  readonly bets: readonly BetAtRoll[];
  /** Chips gained, or lost. */
  readonly net: number;
}

export interface BetAtRoll {
  /** The game's number of it. */
  readonly code: number;
  readonly name: string;
  /** With its fee. */
  readonly chips: number;
  readonly stake: number;
  /** What became of it, and what the player gained by that; a bet that was not resolved stood. */
  readonly type: BetEvent["type"] | "stood";
  readonly net: number;
}

export interface SeenRoll {
  readonly roll: number;
  /** As they fell; undefined where they never did and every bet went back. */
  readonly fell:
    | { readonly first: number; readonly second: number; readonly proof: RollProof; readonly keys: RollKeys }
    | undefined;
  /** 0 where it was a come-out. */
  readonly point: number;
  readonly shooter: number | undefined;
  /** Of those who had bets. */
  readonly seats: readonly SeatAtRoll[];
}

export function watchRolls(
  machine: Machine<CrapsTable>,
  rules: CrapsRules,
  on: (roll: SeenRoll) => void,
): Machine<CrapsTable> {
  const playerOf = playersBook(rules);
  return {
    ...machine,
    execute(state: CrapsTable, operation: Operation) {
      const { roll } = state.dice;
      if (roll === undefined) return machine.execute(state, operation);
      const before = lookAtSeats(playerOf, state);
      // With the key that served: the next may do so from now on.
      const { table, epoch, members, key } = state.dice;
      const keys: RollKeys = { table, epoch, members: members.map((member) => member.key), key: key?.key };
      const { point, shooter } = state.play.state;
      const lying = encode(rules.game.layouts.state, state.play.state).slice();
      const bank = bankOf(state);
      const result = machine.execute(state, operation);
      if (state.dice.roll !== undefined) return result;
      const answer = decode(TableAnswer, result);
      const proof = state.rolls.at(-1);
      const fell =
        answer.ok && answer.value.type === "rolled" && proof !== undefined
          ? { first: answer.value.first, second: answer.value.second, proof, keys }
          : undefined;
      const events = fell === undefined ? undefined : eventsOf(rules, copyOf(rules.game, lying), fell, bank);
      const seats = before.flatMap(({ place, member, bets, worth }) => {
        const net = worthAt(state, place) - worth;
        if (bets.length === 0 && net === 0) return [];
        return [{ place, member, bets: bets.map((bet) => became(bet, place, events)), net }];
      });
      on({ roll: roll.lock.roll, fell, point, shooter: before[shooter]?.member, seats });
      return result;
    },
  };
}

interface SeatBefore extends Omit<SeatAtRoll, "net" | "bets"> {
  readonly bets: readonly BetBefore[];
  readonly worth: number;
}

type BetBefore = Omit<BetAtRoll, "type" | "net">;

/** As the game tells them; the state is the caller's to spoil. */
const eventsOf = (
  { game, config }: CrapsRules,
  state: CrapsTable["play"]["state"],
  { first, second }: { readonly first: number; readonly second: number },
  bank: number,
): readonly BetEvent[] => game.settle(config, state, { first, second }, bank).events;

/** Without events nothing fell, and every bet went back. */
function became(bet: BetBefore, place: number, events: readonly BetEvent[] | undefined): BetAtRoll {
  const event = events?.find((each) => each.seat === place && each.bet === bet.code);
  if (event !== undefined) return { ...bet, type: event.type, net: event.net };
  return { ...bet, type: events === undefined ? "returned" : "stood", net: 0 };
}

function lookAtSeats(playerOf: PlayersBook, state: CrapsTable): SeatBefore[] {
  return state.places.map((account, place) => {
    const owner = account === undefined ? undefined : state.ledger.accounts[account]?.owner;
    const member = owner === undefined ? undefined : playerOf(owner, state.dice.members)?.member;
    const bets = (state.play.state.seats[place] ?? []).map(({ code, stake, fee }) => ({
      ...{ code, name: spotOf(code)?.name ?? `bet ${code}`, chips: stake + fee, stake },
    }));
    return { place, member, bets, worth: worthAt(state, place) };
  });
}

function worthAt({ places, ledger }: CrapsTable, place: number): number {
  const account = places[place];
  const held = account === undefined ? undefined : ledger.accounts[account];
  return held === undefined ? 0 : worthOf(held);
}
