/** What people at a table of craps want: to sit, to bet, to roll, and sometimes what may not be. */
import type { DiceOperation } from "../../../host/engine/dice/operation.ts";
import { DiceOperation as DiceLayout } from "../../../host/engine/dice/operation.ts";
import { wildAction } from "../../../host/engine/game/wild.ts";
import { CrapsAction } from "../../../host/engine/games/craps/moves.ts";
import { PASS } from "../../../host/engine/games/craps/spots.ts";
import { findAccount } from "../../../host/engine/ledger/accounts.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { type Chance, draw, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { type Counter, chips, counter } from "../../../protocol/core/units.ts";
import { submit } from "../load.ts";
import type { Kiosk, Sim } from "../sim.ts";
import { type CrapsTable, type Player, type State, stateAt } from "./table.ts";

const BET_CHIPS = 10;

/** Every third time it is whom the dice are with. */
export function press(sim: Sim, of: CrapsTable): void {
  const from = sim.chances.load;
  const anybody = of.players[drawBelow(from, of.players.length)];
  const eager = draw(from) < 0.35;
  const state = stateAt(sim.kiosks[anybody.place]);
  const shooter = eager && state !== undefined ? shooterIn(of, state) : undefined;
  const { place, seat } = shooter ?? anybody;
  submit(sim, sim.kiosks[place], seat, wish(from, of, sim.kiosks[place], seat, shooter !== undefined));
}

export function shooterIn(of: CrapsTable, { play, places, ledger }: State): Player | undefined {
  const account = places[play.state.shooter];
  const owner = account === undefined ? undefined : ledger.accounts[account].owner;
  return owner === undefined ? undefined : of.players.find((player) => bytesEqual(player.owner, owner));
}

/** By what its kiosk knows, which others may be ahead of. */
export function wish(from: Chance, of: CrapsTable, kiosk: Kiosk, seat: number, eager: boolean): Uint8Array {
  const state = stateAt(kiosk);
  const player = of.players.find((each) => each.place === kiosk.place && each.seat === seat);
  const fate = draw(from);
  if (state === undefined || player === undefined || fate < 0.04) return drawBytes(from, drawBelow(from, 12));
  const account = findAccount(state.ledger, player.owner);
  const place = account === undefined ? -1 : state.places.indexOf(account);
  if (account === undefined || place < 0) return encode(TableOperation, { type: fate < 0.95 ? "sit" : "stand" });
  const { free, locked, nextCounter } = state.ledger.accounts[account];
  // Now and then the same once more, or too early.
  const spend = counter(fate < 0.08 ? Math.max(0, nextCounter + drawBelow(from, 3) - 1) : nextCounter);
  if (!eager && fate < 0.2) return encode(TableOperation, aside(from, of, spend));
  if (free + locked < BET_CHIPS) return encode(TableOperation, { type: "rebuy", counter: spend });
  return act(spend, action(from, of, state, place, eager));
}

const act = (spend: Counter, move: CrapsAction): Uint8Array =>
  encode(TableOperation, { type: "act", counter: spend, action: encode(CrapsAction, move) });

function action(from: Chance, { rules }: CrapsTable, state: State, place: number, eager: boolean): CrapsAction {
  const { ledger, places, play } = state;
  const account = places[place];
  const free = account === undefined ? 0 : ledger.accounts[account].free;
  const legal = rules.game.legalActions(rules.config, play.state, place, { free, bank: ledger.bank });
  const roll = legal.find(({ type }) => type === "roll");
  if (eager) return roll ?? { type: "bet", code: PASS, chips: BET_CHIPS };
  if (legal.length === 0) return { type: "roll" };
  const chosen = legal[drawBelow(from, legal.length)];
  if (draw(from) < 0.1) return sayable(wildAction(chosen, from)) ?? chosen;
  return chosen.type === "bet" ? { ...chosen, chips: chosen.chips * (1 + drawBelow(from, 4)) } : chosen;
}

/** What the layout cannot say nobody can ask. */
function sayable(move: CrapsAction): CrapsAction | undefined {
  try {
    encode(CrapsAction, move);
    return move;
  } catch {
    return undefined;
  }
}

/** Beside the game. */
function aside(from: Chance, of: CrapsTable, spend: Counter): TableOperation {
  const amount = chips(drawBelow(from, 250));
  switch (drawBelow(from, 7)) {
    case 0:
      return { type: "sit" };
    case 1:
      return { type: "stand" };
    case 2:
      return { type: "rebuy", counter: spend };
    case 3:
      return { type: "stake", counter: spend, amount };
    case 4:
      return { type: "unstake", counter: spend, amount };
    case 5:
      return { type: "withdraw", counter: spend };
    default:
      return { type: "dice", operation: encode(DiceLayout, untimely(from, of)) };
  }
}

/** No person orders dice; whoever does is refused. */
function untimely(from: Chance, { ends }: CrapsTable): DiceOperation {
  const roll = Math.max(0, ends.size + drawBelow(from, 3) - 1);
  if (draw(from) < 0.5) return { type: "giveUp", roll };
  return { type: "settle", roll, output: drawBytes(from, 32), partials: [] };
}
