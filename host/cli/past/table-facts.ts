/** A table at one moment, for people and for programs: who sits there, whose chips lie where, what the dice wait for. */
import { sha256 } from "../../crypto/sha256.ts";
import { primaryOf } from "../../engine/consensus/quorums.ts";
import { audit } from "../../engine/ledger/audit.ts";
import { ownerOf } from "../../engine/table/players.ts";
import { takeTable } from "../../engine/table/snapshot.ts";
import type { CrapsRules, CrapsTable } from "../../node/craps-table.ts";
import { spotName } from "../../past/asked.ts";
import { chipsText, hex, keyText, timeText } from "../../past/text.ts";
import type { Replayed } from "./replay-journal.ts";

export interface AccountFacts {
  /** In the order in which accounts were opened. */
  readonly account: number;
  /** Digest of a kiosk's key and seat. */
  readonly owner: string;
  /** Place among the members, and seat at that kiosk; left out of a player whose kiosk has left. */
  readonly member?: number;
  readonly seat?: number;
  readonly free: number;
  readonly locked: number;
  readonly stake: number;
  readonly unbonding: number;
}

export interface SeatFacts extends AccountFacts {
  readonly place: number;
  readonly bets: readonly { readonly name: string; readonly chips: number }[];
}

export interface GameFacts {
  readonly seats: readonly SeatFacts[];
  readonly bank: number;
  readonly reserved: number;
  readonly pool: number;
  readonly burned: number;
  readonly minted: number;
  /** Every chip that was made is in one place. */
  readonly isBalanced: boolean;
  /** 0 where the next roll is a come-out. */
  readonly point: number;
  /** Place in the game. */
  readonly shooter: number;
  readonly isRolling: boolean;
  readonly rolls: number;
  readonly lastRoll?: { readonly roll: number; readonly first: number; readonly second: number };
}

export interface TableFacts extends GameFacts {
  readonly table: string;
  readonly sequence: number;
  readonly time: number;
  readonly epoch: number;
  readonly members: readonly string[];
  readonly view: number;
  readonly primary: number;
  readonly rules: number;
  readonly history: string;
  /** Of history and application: alike where the sequence is. */
  readonly digest: string;
}

export function tableFacts({ replica, rules }: Replayed): TableFacts {
  const { state, view } = replica;
  const { members } = state.table;
  return {
    ...{ table: hex(replica.table), sequence: state.sequence, time: state.time, epoch: state.table.epoch },
    ...{ members: members.map(hex), view, primary: primaryOf({ members }, view), rules: state.table.rules },
    ...gameFacts(rules, state.machine),
    history: hex(state.history),
    digest: hex(sha256(state.history, takeTable(rules, state.machine))),
  };
}

export function gameFacts(rules: CrapsRules, state: CrapsTable): GameFacts {
  const { ledger, dice, play, places, rolls } = state;
  const accounts = accountFacts(rules, state);
  const seats = places.flatMap((account, place): SeatFacts[] => {
    if (account === undefined) return [];
    const bets = (play.state.seats[place] ?? []).map(({ code, stake, fee }) => ({
      name: spotName(code),
      chips: stake + fee,
    }));
    return [{ ...accounts[account], place, bets }];
  });
  const last = rolls.at(-1);
  return {
    ...{ seats, bank: ledger.bank, reserved: ledger.reserved, pool: ledger.pool, burned: ledger.burned },
    ...{ minted: ledger.minted, isBalanced: audit(ledger).ok },
    ...{
      point: play.state.point,
      shooter: play.state.shooter,
      isRolling: dice.roll !== undefined,
      rolls: dice.lastRoll,
    },
    ...(last === undefined ? {} : { lastRoll: { roll: last.lock.roll, first: last.first, second: last.second } }),
  };
}

export function accountFacts(rules: CrapsRules, { ledger, dice }: CrapsTable): AccountFacts[] {
  const owners = new Map<string, { readonly member: number; readonly seat: number }>();
  for (const [member, { key }] of dice.members.entries()) {
    for (let seat = 0; seat < SEATS_COUNT; seat++) owners.set(hex(ownerOf(rules, key, seat)), { member, seat });
  }
  return ledger.accounts.map(({ owner, free, locked, stake, unbonding }, account) => ({
    ...{ account, owner: hex(owner), ...owners.get(hex(owner)), free, locked, stake, unbonding },
  }));
}

const SEATS_COUNT = 8;

export function tableLines(facts: TableFacts): string[] {
  const { members, view, primary, epoch, rules } = facts;
  return [
    `table ${facts.table} after sequence ${facts.sequence}, ${timeText(facts.time)}`,
    `epoch ${epoch}: ${members.map((key, member) => `member ${member} ${keyText(key)}`).join(", ")}`,
    `view ${view}, in which member ${primary} leads; rules ${rules}`,
    ...gameLines(facts),
    `history ${facts.history}`,
    `state ${facts.digest}`,
  ];
}

function gameLines(facts: GameFacts): string[] {
  const { bank, reserved, pool, burned, minted, lastRoll } = facts;
  const puck = facts.point === 0 ? "the puck is off" : `the puck is on ${facts.point}`;
  const dice = facts.isRolling ? "the dice are on their way" : "the dice rest";
  const last = lastRoll === undefined ? "" : `; roll ${lastRoll.roll} was ${lastRoll.first} and ${lastRoll.second}`;
  return [
    `${puck}, place ${facts.shooter} shoots, ${dice}${last}`,
    ...facts.seats.map(seatLine),
    `the bank has ${chipsText(bank)}, of which it may owe ${reserved}; the pool ${pool}; burned ${burned}`,
    facts.isBalanced ? `all ${chipsText(minted)} are there` : `NOT all of the ${chipsText(minted)} are there`,
  ];
}

function seatLine(seat: SeatFacts): string {
  const held = [`${chipsText(seat.free)} free`, `${seat.locked} on the table`, `${seat.stake + seat.unbonding} staked`];
  const bets = seat.bets.map(({ name, chips }) => `${name} ${chips}`).join(", ");
  return `place ${seat.place}, ${whose(seat)}: ${held.join(", ")}${bets === "" ? "" : ` · ${bets}`}`;
}

export const whose = ({ member, seat }: Pick<AccountFacts, "member" | "seat">): string =>
  member === undefined
    ? "a player whose kiosk has left"
    : seat === 0
      ? `member ${member}`
      : `member ${member}, seat ${seat}`;
