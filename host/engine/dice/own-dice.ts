/**
 * One kiosk's own part in the dice: what it says and what it wants ordered.
 *
 * The state given to each step is the one that *decided* batches have made. A bet-lock that is only proposed, or prepared, does
 * not reach it: a view change could still replace the bets after the partials have told what the dice will be.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import { holderOf, servingKey } from "./key-generation.ts";
import { ORDER_REPEAT_MS, PARTIAL_DOUBLINGS_MAX, PARTIAL_PATIENCE_MS, PARTIAL_REPEAT_MS } from "./limits.ts";
import { findShare } from "./own-share.ts";
import {
  forgetOthers,
  later,
  type OwnDice,
  type OwnEffect,
  type OwnEvent,
  type OwnPorts,
  seenAt,
} from "./own-state.ts";
import { checkPartial, makePartial, type PartialSaid, rollPoint } from "./partial.ts";
import { decodeScalar } from "./scalar.ts";
import { type DiceState, hasBit, inputOf, type OpenRoll, spanOf } from "./state.ts";
import { phaseOf, rankOf, type Wish, wishesOf } from "./wishes.ts";

export function stepOwnDice(
  own: OwnDice,
  state: DiceState,
  event: OwnEvent,
  effects: OwnEffect[],
  ports: OwnPorts,
): void {
  assert(event.at >= own.now, "time runs forward");
  own.now = event.at;
  const member = state.members.findIndex(({ diceKey }) => bytesEqual(diceKey, own.diceKey));
  enterRoll(own, state, effects, ports);
  switch (event.type) {
    case "decided":
    case "tick":
      break;
    case "heard":
      onPartial(own, state, event.from, event.said, effects, ports);
      break;
    default:
      unreachable(event);
  }
  own.wakeAt = undefined;
  if (member < 0) return;
  notePhase(own, state.roll);
  sayPartial(own, state, member, effects, ports);
  order(own, wishesOf(own, state, member, ports), state.roll, effects);
}

/** Patience with a phase begins when it is first seen here. */
function notePhase(own: OwnDice, roll: OpenRoll | undefined): void {
  if (roll === undefined) return;
  const over = later(seenAt(own, phaseOf(roll)), spanOf(roll));
  if (over > own.now) wakeAt(own, over);
}

/** What was kept for other bets is of no use for these, and what others said of these before is. */
function enterRoll(own: OwnDice, state: DiceState, effects: OwnEffect[], ports: OwnPorts): void {
  const { roll } = state;
  if (isSame(roll?.digest, own.lock)) return;
  own.lock = roll?.digest;
  own.partials = [];
  own.partial = undefined;
  own.saidAt = undefined;
  own.saidCount = 0;
  own.forgers = 0;
  const now = own.early.filter(({ said }) => said.roll === roll?.lock.roll);
  own.early = own.early.filter(({ said }) => said.roll > state.lastRoll);
  for (const { from, said } of now) check(own, state, from, said, effects, ports);
}

const isSame = (left: Uint8Array | undefined, right: Uint8Array | undefined): boolean =>
  left === undefined || right === undefined ? left === right : bytesEqual(left, right);

function onPartial(
  own: OwnDice,
  state: DiceState,
  from: Uint8Array,
  said: PartialSaid,
  effects: OwnEffect[],
  ports: OwnPorts,
): void {
  if (!state.members.some(({ key }) => bytesEqual(key, from))) return;
  if (said.roll === state.roll?.lock.roll) check(own, state, from, said, effects, ports);
  // Late ones are nobody's fault, and further ones nobody's business yet.
  else if (said.roll === state.lastRoll + 1) {
    own.early = [...own.early.filter((each) => !bytesEqual(each.from, from)), { from, said }].slice(-MEMBERS_MAX);
  }
}

function check(
  own: OwnDice,
  state: DiceState,
  from: Uint8Array,
  said: PartialSaid,
  effects: OwnEffect[],
  ports: OwnPorts,
): void {
  const { roll } = state;
  const held = servingKey(state);
  const member = state.members.findIndex(({ key }) => bytesEqual(key, from));
  if (roll?.phase !== "partials" || held === undefined || member < 0) return;
  const holder = holderOf(held.deal, state, member);
  if (holder < 0 || own.partials.some((each) => each.holder === holder)) return;
  // Who has forged one is not listened to again: to check one takes a while.
  if (hasBit(own.forgers, member)) return;
  // Enough is enough: more would change nothing.
  if (own.partials.length >= held.key.threshold) return;
  const input = inputOf(state, roll);
  const point = rollPoint(ports.group, input);
  if (checkPartial(ports.group, input, point, held.key.verifying[holder], said.partial) === undefined) {
    hold(own, holder, said);
  } else {
    own.forgers |= 1 << member;
    effects.push({ type: "forged", from, said });
  }
}

function hold(own: OwnDice, holder: number, { partial }: PartialSaid): void {
  own.partials = [...own.partials, { holder, partial }].sort((left, right) => left.holder - right.holder);
}

/** A threshold's number of members says its partial at once, another set in each roll; the others only where those do not. */
function sayPartial(own: OwnDice, state: DiceState, member: number, effects: OwnEffect[], ports: OwnPorts): void {
  const { roll } = state;
  const held = servingKey(state);
  if (roll?.phase !== "partials" || held === undefined) return;
  const holder = holderOf(held.deal, state, member);
  if (holder < 0) return;
  const { threshold } = held.key;
  const isSpare = rankOf(state, member, roll.lock.roll) >= threshold;
  // Who has heard enough settles the roll by itself in its turn: others need its partial no more, but for the first of them once.
  if ((isSpare || own.saidAt !== undefined) && own.partials.length >= threshold) return;
  const { share } = findShare(own, state, held.deal, holder, ports);
  if (share === undefined) return;
  const firstAt = later(seenAt(own, phaseOf(roll)), isSpare ? PARTIAL_PATIENCE_MS : 0);
  const againMs = PARTIAL_REPEAT_MS * 2 ** Math.min(own.saidCount - 1, PARTIAL_DOUBLINGS_MAX);
  const dueAt = own.saidAt === undefined ? firstAt : later(own.saidAt, againMs);
  wakeAt(own, dueAt > own.now ? dueAt : later(own.now, PARTIAL_REPEAT_MS));
  if (dueAt > own.now) return;
  const number = decodeScalar(share, ports.group.order);
  assert(number !== undefined, "an own share is a number");
  const input = inputOf(state, roll);
  own.partial ??= makePartial(ports.group, input, rollPoint(ports.group, input), number);
  own.saidAt = own.now;
  own.saidCount += 1;
  const said = { roll: roll.lock.roll, partial: own.partial };
  effects.push({ type: "say", said });
  if (!own.partials.some((each) => each.holder === holder)) hold(own, holder, said);
}

function order(own: OwnDice, wishes: readonly Wish[], roll: OpenRoll | undefined, effects: OwnEffect[]): void {
  const abouts = wishes.map(({ about }) => about);
  forgetOthers(own, roll === undefined ? abouts : [...abouts, phaseOf(roll)]);
  own.ordered = own.ordered.filter(({ about }) => abouts.includes(about));
  for (const { about, patienceMs, make } of wishes) {
    const last = own.ordered.find((each) => each.about === about);
    const dueAt = last === undefined ? later(seenAt(own, about), patienceMs) : later(last.at, ORDER_REPEAT_MS);
    wakeAt(own, dueAt > own.now ? dueAt : later(own.now, ORDER_REPEAT_MS));
    if (dueAt > own.now) continue;
    const operation = make();
    own.ordered = [...own.ordered.filter((each) => each !== last), { about, at: own.now }];
    if (operation !== undefined) effects.push({ type: "order", operation });
  }
}

function wakeAt(own: OwnDice, at: Millis): void {
  if (own.wakeAt === undefined || at < own.wakeAt) own.wakeAt = at;
}
