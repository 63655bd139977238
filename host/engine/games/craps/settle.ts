/** What a roll means for every bet. All of them are decided by the table as the dice found it: the puck moves last. */
import { assert, unreachable } from "../../../../protocol/core/assert.ts";
import type { BetEvent, SeatChips, Settlement } from "../../game/game.ts";
import type { CrapsConfig } from "./config.ts";
import { isPoint, type Roll, totalOf } from "./dice.ts";
import { reserveOf } from "./reserve.ts";
import { ruleOf } from "./rules.ts";
import { type Spot, spotOf } from "./spots.ts";
import { type Before, type Bet, betOn, type CrapsState, dropBet, putBet } from "./state.ts";

/** What one seat's bets come to, while it is worked out. */
interface Ledge {
  readonly seat: number;
  readonly chips: SeatChips;
  readonly events: BetEvent[];
  /** Bets that won and stay up. */
  readonly stayed: number[];
  readonly left: Bet[];
  readonly travelled: Bet[];
}

export function settleRoll(config: CrapsConfig, state: CrapsState, roll: Roll, bank: number): Settlement {
  assert(state.rolling, "the bets are locked before the dice are known");
  const before: Before = { point: state.point, shooter: state.shooter };
  const events: BetEvent[] = [];
  let left = bank;
  const ledges = state.seats.map((bets, seat) => {
    const ledge = settleSeat(config, seat, bets, roll, before, events);
    left += ledge.chips.lost - ledge.chips.won;
    return ledge;
  });
  movePuck(state, totalOf(roll));
  if (reserveOf(config, state) > left) for (const ledge of ledges) takeDown(state, ledge);
  return { seats: ledges.map(({ chips }) => chips), events };
}

function settleSeat(
  config: CrapsConfig,
  seat: number,
  bets: Bet[],
  roll: Roll,
  before: Before,
  events: BetEvent[],
): Ledge {
  const chips = { lost: 0, won: 0, returned: 0 };
  const ledge: Ledge = { seat, chips, events, stayed: [], left: [], travelled: [] };
  for (const bet of bets) settleBet(config, ledge, bet, roll, before);
  bets.splice(0, bets.length, ...ledge.left);
  for (const bet of ledge.travelled) {
    assert(betOn(bets, bet.code) === undefined, "what lay on a number is decided when another bet travels there");
    putBet(bets, bet);
  }
  return ledge;
}

function settleBet(config: CrapsConfig, ledge: Ledge, bet: Bet, roll: Roll, before: Before): void {
  const resolution = ruleOf(bet.code).resolve(spotOf(bet.code) as Spot, bet, roll, before, config);
  switch (resolution.type) {
    case "stand":
      ledge.left.push(bet);
      return;
    case "progress":
      bet.progress = resolution.progress;
      ledge.left.push(bet);
      return;
    case "win":
      onWin(ledge, bet, resolution.amount, resolution.stays);
      return;
    case "lose":
      ledge.chips.lost += bet.stake + bet.fee;
      say(ledge, bet, "lost", -bet.stake - bet.fee);
      return;
    case "push":
      say(ledge, bet, "pushed", 0);
      ledge.left.push(bet);
      return;
    case "return":
      ledge.chips.returned += bet.stake + bet.fee;
      say(ledge, bet, "returned", 0);
      return;
    case "travel":
      say(ledge, bet, "travelled", 0);
      ledge.travelled.push({ ...bet, code: resolution.code });
      return;
    default:
      unreachable(resolution);
  }
}

/** A fee that was paid with the stake is earned when the bet is decided, whichever way. */
function onWin(ledge: Ledge, bet: Bet, amount: number, stays: boolean): void {
  assert(!stays || bet.fee === 0, "a bet whose fee is used up comes down");
  ledge.chips.won += amount;
  ledge.chips.lost += bet.fee;
  say(ledge, bet, "won", amount - bet.fee);
  if (stays) {
    ledge.stayed.push(bet.code);
    ledge.left.push(bet);
  } else ledge.chips.returned += bet.stake;
}

/** The bank could not pay them a second time. What it paid them now covers what the others may still win. */
function takeDown(state: CrapsState, ledge: Ledge): void {
  const bets = state.seats[ledge.seat];
  for (const code of ledge.stayed) {
    const bet = betOn(bets, code);
    if (bet === undefined) continue;
    ledge.chips.returned += bet.stake;
    say(ledge, bet, "returned", 0);
    dropBet(bets, code);
  }
}

function say({ seat, events }: Ledge, { code, stake }: Bet, type: BetEvent["type"], net: number): void {
  events.push({ seat, bet: code, type, stake, net });
}

function movePuck(state: CrapsState, total: number): void {
  const sevenOut = state.point !== 0 && total === 7;
  if (state.point === 0 && isPoint(total)) state.point = total;
  else if (sevenOut || total === state.point) state.point = 0;
  if (sevenOut) state.shooter = (state.shooter + 1) % state.seats.length;
  state.fresh = sevenOut;
  state.afterSeven = total === 7;
  state.rolling = false;
}
