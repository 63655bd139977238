/** Who plays at a kiosk of a hostile table: it stakes all that its kiosk is given at one seat, and then rolls as fast as it may at
 * another. */
import { CrapsAction } from "../../host/engine/games/craps/moves.ts";
import { PASS } from "../../host/engine/games/craps/spots.ts";
import { findStaker } from "../../host/engine/stakes/stakes.ts";
import { TableOperation } from "../../host/engine/table/operation.ts";
import { accountOf, ownerOf, placeOfPlayer } from "../../host/engine/table/players.ts";
import type { CrapsRules, CrapsTable } from "../../host/node/craps-table.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { type Counter, chips } from "../../protocol/core/units.ts";

export interface Sight {
  readonly rules: CrapsRules;
  readonly key: Uint8Array;
  readonly state: CrapsTable;
  /** Nobody plays before so many have staked. */
  readonly stakers: number;
  /** Nothing has been agreed on for a while: whoever has the dice does not throw them. */
  readonly isIdle: boolean;
}

export interface Wanted {
  readonly seat: number;
  readonly operation: Uint8Array;
}

const PLAY_SEAT = 0;
const STAKE_SEAT = 1;
const BET_CHIPS = 10;

export function wantedOf(sight: Sight): Wanted | undefined {
  const operation = stakeWish(sight);
  if (operation !== undefined) return wanted(STAKE_SEAT, operation);
  if (sight.state.stakes.stakers.length < sight.stakers) return undefined;
  const play = playWish(sight);
  return play === undefined ? undefined : wanted(PLAY_SEAT, play);
}

const wanted = (seat: number, operation: TableOperation): Wanted => ({
  ...{ seat, operation: encode(TableOperation, operation).slice() },
});

/** A place is given up again as soon as what came with it is staked: there are fewer places than seats. */
function stakeWish(sight: Sight): TableOperation | undefined {
  const { index, place, account } = at(sight, STAKE_SEAT);
  const { places, stakes } = sight.state;
  if (index === undefined || account === undefined) return places.includes(undefined) ? { type: "sit" } : undefined;
  if (findStaker(stakes, index) === undefined)
    return { type: "stake", counter: account.nextCounter, amount: chips(account.free) };
  return place < 0 ? undefined : { type: "stand" };
}

function playWish(sight: Sight): TableOperation | undefined {
  const { place, account } = at(sight, PLAY_SEAT);
  const { rules, state } = sight;
  if (account === undefined || place < 0) return state.places.includes(undefined) ? { type: "sit" } : undefined;
  const { play, ledger, dice } = state;
  const { free, locked, nextCounter: counter } = account;
  if (dice.roll !== undefined) return undefined;
  if (play.state.shooter !== place) {
    // Where a bet lies the table goes on by itself.
    return sight.isIdle && locked === 0 && free >= BET_CHIPS ? act(counter, bet) : undefined;
  }
  if (free + locked < BET_CHIPS) return { type: "rebuy", counter };
  const legal = rules.game.legalActions(rules.config, play.state, place, { free, bank: ledger.bank });
  return act(counter, legal.find(({ type }) => type === "roll") ?? bet);
}

const bet: CrapsAction = { type: "bet", code: PASS, chips: chips(BET_CHIPS) };
const act = (spend: Counter, move: CrapsAction): TableOperation => ({
  ...{ type: "act", counter: spend, action: encode(CrapsAction, move).slice() },
});

function at({ rules, key, state }: Sight, seat: number) {
  const index = accountOf(state, ownerOf(rules, key, seat));
  const account = index === undefined ? undefined : state.ledger.accounts[index];
  return { index, account, place: placeOfPlayer(state, index) };
}
