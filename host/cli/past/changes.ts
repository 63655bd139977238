/** What a sequence changed at the table, in words: the two states beside each other. */
import { chipsText } from "../../past/text.ts";
import { type GameFacts, type SeatFacts, whose } from "./table-facts.ts";

export function changes(before: GameFacts, after: GameFacts): string[] {
  return [...diceChanges(before, after), ...seatChanges(before, after), ...bankChanges(before, after)];
}

function diceChanges(before: GameFacts, after: GameFacts): string[] {
  const words: string[] = [];
  const { lastRoll } = after;
  if (lastRoll !== undefined && lastRoll.roll !== before.lastRoll?.roll) {
    words.push(`roll ${lastRoll.roll}: ${lastRoll.first} and ${lastRoll.second}`);
  } else if (before.isRolling && !after.isRolling) {
    words.push("the roll is void");
  }
  if (!before.isRolling && after.isRolling) words.push("the bets are locked, and the dice are due");
  if (before.point !== after.point) {
    words.push(after.point === 0 ? `the puck goes off the ${before.point}` : `the puck goes on the ${after.point}`);
  }
  if (before.shooter !== after.shooter) words.push(`place ${after.shooter} shoots`);
  return words;
}

function seatChanges(before: GameFacts, after: GameFacts): string[] {
  const words: string[] = [];
  for (const seat of after.seats) {
    const old = before.seats.find(({ place, account }) => place === seat.place && account === seat.account);
    if (old === undefined) words.push(`${whose(seat)} takes place ${seat.place}, with ${chipsText(seat.free)}`);
    else words.push(...changesOf(old, seat));
  }
  for (const old of before.seats) {
    const isThere = after.seats.some(({ place, account }) => place === old.place && account === old.account);
    if (!isThere) words.push(`${whose(old)} leaves place ${old.place}`);
  }
  return words;
}

function changesOf(old: SeatFacts, seat: SeatFacts): string[] {
  const parts: string[] = [];
  if (old.free !== seat.free) parts.push(`free ${old.free} → ${seat.free}`);
  if (old.locked !== seat.locked) parts.push(`on the table ${old.locked} → ${seat.locked}`);
  const staked = [old, seat].map(({ stake, unbonding }) => stake + unbonding);
  if (staked[0] !== staked[1]) parts.push(`staked ${staked[0]} → ${staked[1]}`);
  for (const { name, chips } of seat.bets) {
    const was = old.bets.find((bet) => bet.name === name)?.chips ?? 0;
    if (was !== chips) parts.push(`${name} ${was} → ${chips}`);
  }
  for (const { name, chips } of old.bets) {
    if (seat.bets.every((bet) => bet.name !== name)) parts.push(`${name} ${chips} → 0`);
  }
  return parts.length === 0 ? [] : [`${whose(seat)}: ${parts.join(", ")}`];
}

function bankChanges(before: GameFacts, after: GameFacts): string[] {
  const parts = (["bank", "reserved", "pool", "burned"] as const).flatMap((name) =>
    before[name] === after[name] ? [] : [`${NAMES[name]} ${before[name]} → ${after[name]}`],
  );
  return parts.length === 0 ? [] : [parts.join(", ")];
}

const NAMES = Object.freeze({ bank: "the bank", reserved: "what it may owe", pool: "the pool", burned: "burned" });
