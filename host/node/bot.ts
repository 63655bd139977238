/** A player who never tires: sits down, bets what chance says among what is legal, rolls when it is its turn. One wish is under
 * way at a time, and its time is taken. */

import { encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { type Chance, chance, drawBelow } from "../../protocol/core/chance.ts";
import type { Counter } from "../../protocol/core/units.ts";
import { CrapsAction } from "../engine/games/craps/moves.ts";
import { DONT_PASS, PASS } from "../engine/games/craps/spots.ts";
import { rebuyBelow } from "../engine/ledger/grants.ts";
import type { Account } from "../engine/ledger/ledger.ts";
import { worthOf } from "../engine/ledger/ledger.ts";
import { bankOf } from "../engine/table/money.ts";
import { TableOperation } from "../engine/table/operation.ts";
import { accountOf, ownerOf, placeOfPlayer } from "../engine/table/players.ts";
import type { CrapsRules, CrapsTable } from "./craps-table.ts";

export interface Bot {
  readonly source: Chance;
  /** What nobody has answered yet. */
  wish: Wish | undefined;
  /** The last roll that it knows of, what it still wants to bet before the next one, and when it is ready for that. */
  lastRoll: number;
  betsLeft: number;
  readyAt: number;
  /** Since that roll. Where nobody has chips for the line, dice that are passed on and on are a request each, for ever. */
  hasPassed: boolean;
  /** Of wishes answered since somebody asked, in milliseconds. */
  readonly latencies: number[];
}

interface Wish {
  readonly operation: Uint8Array;
  readonly since: number;
  /** Once it has one. */
  number: Counter | undefined;
}

/** The place at its kiosk. */
export const BOT_SEAT = 0;
/** Between two rolls, for people to read what fell. */
const READY_AFTER_MS = 2000;
/** That nobody has answered for so long is forgotten here; the table forgets nothing. */
const FORGOTTEN_MS = 30_000;
const LATENCIES_MAX = 1000;
const BETS_MAX = 3;
/** Of the least that a bet takes. */
const TIMES: readonly number[] = Object.freeze([1, 2, 5, 10]);
/** A bet is at most this part of what is free. */
const FREE_PARTS = 4;

export const bot = (seed: number): Bot => ({
  ...{ source: chance(seed), wish: undefined, lastRoll: -1, betsLeft: 0, readyAt: 0, hasPassed: false },
  latencies: [],
});

/** The next of its wishes, if it has one. */
export function nextWish(
  of: Bot,
  { rules, key, state }: { readonly rules: CrapsRules; readonly key: Uint8Array; readonly state: CrapsTable },
  now: number,
): Uint8Array | undefined {
  if (of.wish !== undefined && now - of.wish.since > FORGOTTEN_MS) of.wish = undefined;
  if (of.wish !== undefined) return undefined;
  const wanted = wantedNow(of, rules, key, state, now);
  if (wanted === undefined) return undefined;
  const operation = encode(TableOperation, wanted).slice();
  of.wish = { operation, since: now, number: undefined };
  return operation;
}

function wantedNow(
  of: Bot,
  rules: CrapsRules,
  key: Uint8Array,
  state: CrapsTable,
  now: number,
): TableOperation | undefined {
  const index = accountOf(state, ownerOf(rules, key, BOT_SEAT));
  const place = placeOfPlayer(state, index);
  const account = index === undefined ? undefined : state.ledger.accounts[index];
  if (account === undefined || place < 0) return state.places.includes(undefined) ? { type: "sit" } : undefined;
  if (state.dice.roll !== undefined) return undefined;
  if (of.lastRoll !== state.dice.lastRoll) {
    of.lastRoll = state.dice.lastRoll;
    of.betsLeft = 1 + drawBelow(of.source, BETS_MAX);
    of.readyAt = now + READY_AFTER_MS;
    of.hasPassed = false;
  }
  const counter = account.nextCounter;
  const { rebuysMax } = rules.ledger;
  if (worthOf(account) < rebuyBelow(state.ledger) && account.rebuys < rebuysMax) return { type: "rebuy", counter };
  const action = actionOf(of, rules, state, place, account, now);
  return action === undefined ? undefined : { type: "act", counter, action: encode(CrapsAction, action).slice() };
}

function actionOf(
  of: Bot,
  { game, config }: CrapsRules,
  state: CrapsTable,
  place: number,
  { free }: Account,
  now: number,
): CrapsAction | undefined {
  const legal = game.legalActions(config, state.play.state, place, { free, bank: bankOf(state) });
  const pick = (actions: readonly CrapsAction[]): CrapsAction | undefined =>
    actions.length === 0 ? undefined : larger(of, actions[drawBelow(of.source, actions.length)], free);
  if (of.betsLeft > 0) {
    of.betsLeft -= 1;
    const bet = pick(legal.filter(({ type }) => type !== "roll" && type !== "passDice"));
    if (bet !== undefined) return bet;
  }
  const isShooter = state.play.state.shooter === place;
  // The first roll waits for the table's key, where it is to have one.
  const hasKey = state.dice.key !== undefined || state.dice.deal === undefined;
  if (!isShooter || now < of.readyAt || !hasKey) return undefined;
  const roll = legal.find(({ type }) => type === "roll");
  if (roll !== undefined) return roll;
  const line = legal.filter((each) => each.type === "bet" && (each.code === PASS || each.code === DONT_PASS));
  const bet = pick(line);
  if (bet !== undefined || of.hasPassed) return bet;
  of.hasPassed = true;
  return legal.find(({ type }) => type === "passDice");
}

function larger(of: Bot, action: CrapsAction, free: number): CrapsAction {
  if (action.type !== "bet") return action;
  const chips = action.chips * TIMES[drawBelow(of.source, TIMES.length)];
  return chips * FREE_PARTS <= free ? { ...action, chips } : action;
}

/** A request of this kiosk has its number. */
export function onNumbered(of: Bot, number: Counter, operation: Uint8Array): void {
  if (of.wish !== undefined && of.wish.number === undefined && bytesEqual(of.wish.operation, operation)) {
    of.wish.number = number;
  }
}

/** There was no room for it, or this kiosk may not ask for anything yet. */
export function onRefused(of: Bot): void {
  if (of.wish?.number === undefined) of.wish = undefined;
}

export function onAnswered(of: Bot, number: Counter, now: number): void {
  if (of.wish === undefined || of.wish.number !== number) return;
  if (of.latencies.length < LATENCIES_MAX) of.latencies.push(now - of.wish.since);
  of.wish = undefined;
}
