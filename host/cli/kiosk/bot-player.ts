/**
 * A bot at a kiosk where people may sit down. It leaves a place free for them; and while one plays at its own kiosk it bets no more,
 * and leaves the table when nothing of its lies there.
 */
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { copyOf } from "../../engine/game/exposure.ts";
import { CrapsAction } from "../../engine/games/craps/moves.ts";
import { bankOf } from "../../engine/table/money.ts";
import { TableOperation } from "../../engine/table/operation.ts";
import { accountOf, ownerOf, placeOfPlayer } from "../../engine/table/players.ts";
import { BOT_SEAT, type Bot, nextWish } from "../../node/bot.ts";
import type { CrapsRules, CrapsTable } from "../../node/craps-table.ts";

/** The engine's seat of whoever plays at the page. */
export const PERSON_SEAT = 1;

export interface BotPlayer {
  readonly bot: Bot;
  /** When it asked last to leave, or for something back. */
  askedAt: number;
}

/** What nobody has answered is asked again after this: the table does it once. */
const ASK_AGAIN_MS = 1_000;
/** Places that bots leave free. */
const FREE_MIN_COUNT = 1;

export const botPlayer = (bot: Bot): BotPlayer => ({ bot, askedAt: Number.NEGATIVE_INFINITY });

export interface BotSight {
  readonly rules: CrapsRules;
  readonly key: Uint8Array;
  readonly state: CrapsTable;
}

/** The next that it asks of the table, if anything. */
export function wishOf(of: BotPlayer, sight: BotSight, now: number): Uint8Array | undefined {
  const { state } = sight;
  const place = placeAt(sight, BOT_SEAT);
  if (isPersonHere(sight)) return place < 0 ? undefined : leave(of, sight, place, now);
  if (place >= 0) return nextWish(of.bot, sight, now);
  const free = state.places.filter((each) => each === undefined).length;
  return free <= FREE_MIN_COUNT + botsBefore(sight) ? undefined : nextWish(of.bot, sight, now);
}

/** Of members before this one, bots that have no place yet: all that see the same free places must not take them at once. */
function botsBefore({ rules, key, state }: BotSight): number {
  const me = state.dice.members.findIndex((member) => bytesEqual(member.key, key));
  return state.dice.members.filter((member, at) => at < me && placeAt({ rules, key: member.key, state }, BOT_SEAT) < 0)
    .length;
}

/** What may come down comes down; what must stay is played to its end, by whoever throws. Then it goes. */
function leave(of: BotPlayer, sight: BotSight, place: number, now: number): Uint8Array | undefined {
  const { state } = sight;
  const wanted = now < of.askedAt + ASK_AGAIN_MS ? undefined : leavingOf(sight, place);
  if (wanted !== undefined) {
    of.askedAt = now;
    return encode(TableOperation, wanted).slice();
  }
  // It throws itself where that is its turn, and bets nothing.
  of.bot.lastRoll = state.dice.lastRoll;
  of.bot.betsLeft = 0;
  return state.play.state.shooter === place ? nextWish(of.bot, sight, now) : undefined;
}

function leavingOf({ rules, state }: BotSight, place: number): TableOperation | undefined {
  const index = state.places[place];
  const account = index === undefined ? undefined : state.ledger.accounts[index];
  if (account === undefined || account.locked === 0) return { type: "stand" };
  if (state.dice.roll !== undefined) return undefined;
  const { game, config } = rules;
  const purse = { free: account.free, bank: bankOf(state) };
  for (const { code, stake } of state.play.state.seats[place] ?? []) {
    const action: CrapsAction = { type: "take", code, chips: stake };
    const table = copyOf(game, encode(game.layouts.state, state.play.state).slice());
    if (!game.moves.take(config, table, place, action, purse).ok) continue;
    return { type: "act", counter: account.nextCounter, action: encode(CrapsAction, action).slice() };
  }
  return undefined;
}

const isPersonHere = (sight: BotSight): boolean => placeAt(sight, PERSON_SEAT) >= 0;

const placeAt = ({ rules, key, state }: BotSight, seat: number): number =>
  placeOfPlayer(state, accountOf(state, ownerOf(rules, key, seat)));
