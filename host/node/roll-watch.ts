/** Looks on while the table's machine executes, and tells of each roll that ends: what lay there, what fell, who gained what. The
 * machine that it answers does what the other does, on every replica alike. */
import { decode } from "../../protocol/bytes/codec.ts";
import type { RollProof } from "../engine/dice/roll-proof.ts";
import type { RollKeys } from "../engine/dice/verify-roll.ts";
import { spotOf } from "../engine/games/craps/spots.ts";
import { worthOf } from "../engine/ledger/ledger.ts";
import type { Machine, Operation } from "../engine/machine.ts";
import { TableAnswer } from "../engine/table/answer.ts";
import { ownerOf } from "../engine/table/players.ts";
import type { CrapsRules, CrapsTable } from "./craps-table.ts";

export interface SeatAtRoll {
  /** The kiosk's place among the members; undefined of a player whose kiosk has left. */
  readonly member: number | undefined;
  readonly bets: readonly { readonly name: string; readonly chips: number }[];
  /** Chips gained, or lost. */
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
  return {
    ...machine,
    execute(state: CrapsTable, operation: Operation) {
      const { roll } = state.dice;
      if (roll === undefined) return machine.execute(state, operation);
      const before = lookAtSeats(rules, state);
      // With the key that served: the next may do so from now on.
      const { table, epoch, members, key } = state.dice;
      const keys: RollKeys = { table, epoch, members: members.map((member) => member.key), key: key?.key };
      const { point, shooter } = state.play.state;
      const result = machine.execute(state, operation);
      if (state.dice.roll !== undefined) return result;
      const answer = decode(TableAnswer, result);
      const proof = state.rolls.at(-1);
      const fell =
        answer.ok && answer.value.type === "rolled" && proof !== undefined
          ? { first: answer.value.first, second: answer.value.second, proof, keys }
          : undefined;
      const seats = before.flatMap(({ place, member, bets, worth }) => {
        const net = worthAt(state, place) - worth;
        return bets.length === 0 && net === 0 ? [] : [{ member, bets, net }];
      });
      on({ roll: roll.lock.roll, fell, point, shooter: before[shooter]?.member, seats });
      return result;
    },
  };
}

interface SeatBefore extends Omit<SeatAtRoll, "net"> {
  readonly place: number;
  readonly worth: number;
}

function lookAtSeats(rules: CrapsRules, state: CrapsTable): SeatBefore[] {
  const owners = state.dice.members.map(({ key }) => Buffer.from(ownerOf(rules, key, 0)).toString("hex"));
  return state.places.map((account, place) => {
    const owner = account === undefined ? undefined : state.ledger.accounts[account]?.owner;
    const member = owner === undefined ? -1 : owners.indexOf(Buffer.from(owner).toString("hex"));
    const bets = (state.play.state.seats[place] ?? []).map(({ code, stake, fee }) => ({
      name: spotOf(code)?.name ?? `bet ${code}`,
      chips: stake + fee,
    }));
    return { place, member: member < 0 ? undefined : member, bets, worth: worthAt(state, place) };
  });
}

function worthAt({ places, ledger }: CrapsTable, place: number): number {
  const account = places[place];
  const held = account === undefined ? undefined : ledger.accounts[account];
  return held === undefined ? 0 : worthOf(held);
}
