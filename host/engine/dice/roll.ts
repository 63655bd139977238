/** One roll from the lock to its end. Only what was ordered counts: every kiosk throws the same dice, or none. */

import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { TIME_MAX_MS } from "../../../protocol/core/limits.ts";
import { type AgreedMillis, agreedMillis, memberIndex } from "../../../protocol/core/units.ts";
import { quorum } from "../consensus/quorum.ts";
import { type DiceAnswer, NOTED, refuse } from "./answer.ts";
import { type BetLock, inputDigest, lockDigest } from "./bet-lock.ts";
import { commitmentBytes, commitmentDigest, openedSeed } from "./commitment.ts";
import { drawTwoDice } from "./draw.ts";
import { serveDealt, servingKey } from "./key-generation.ts";
import type { OperationOf } from "./operation.ts";
import { combinePartials, outputSeed } from "./output.ts";
import { checkPartial, rollPoint } from "./partial.ts";
import type { DicePorts } from "./ports.ts";
import type { Randomness } from "./roll-proof.ts";
import { countBits, type DiceState, hasBit, inputOf, type OpenRoll, spanOf } from "./state.ts";

/** From here on the roll's outcome is fixed, and nobody knows it. The game calls this when the order of operations does. */
export function lockBets(state: DiceState, lock: BetLock, time: AgreedMillis, ports: DicePorts): DiceAnswer {
  if (state.roll !== undefined) return refuse("a roll is open");
  if (lock.roll !== state.lastRoll + 1) return refuse("another roll");
  state.lastRoll = lock.roll;
  const phase = servingKey(state) === undefined ? "committing" : "partials";
  state.roll = {
    lock,
    digest: lockDigest(ports, lock),
    phase,
    deadline: after(time, spanOf({ phase })),
    late: false,
    gaveUp: 0,
    commitments: [],
    openings: [],
  };
  return NOTED;
}

/** Called first with each batch's time. */
export function advanceRoll(state: DiceState, time: AgreedMillis): void {
  const { roll } = state;
  if (roll === undefined || roll.late || time < roll.deadline) return;
  state.roll = { ...roll, late: true };
  // Some member that is honest is among them: nobody knows what comes of it.
  if (roll.phase === "committing" && roll.commitments.length >= quorum(state.members.length)) reveal(state, time);
}

/** When the time wants to be agreed upon again. */
export const rollDeadline = ({ roll }: DiceState): AgreedMillis | undefined =>
  roll === undefined || roll.late ? undefined : roll.deadline;

export function onSettle(state: DiceState, operation: OperationOf<"settle">, ports: DicePorts): DiceAnswer {
  const { roll } = state;
  if (roll === undefined || roll.lock.roll !== operation.roll) return refuse("another roll");
  const held = servingKey(state);
  if (roll.phase !== "partials" || held === undefined) return refuse("not this way");
  const { key } = held;
  const { output, partials } = operation;
  const ascending = partials.every(({ holder }, at) => at === 0 || partials[at - 1].holder < holder);
  if (partials.length !== key.threshold || !ascending) return refuse("wrong count");
  const input = inputOf(state, roll);
  const point = rollPoint(ports.group, input);
  for (const { holder, partial } of partials) {
    const verifying = key.verifying[holder];
    if (verifying === undefined) return refuse("bad partial");
    if (checkPartial(ports.group, input, point, verifying, partial) !== undefined) return refuse("bad partial");
  }
  const combined = combinePartials(ports.group, partials);
  if (combined === undefined || !bytesEqual(combined, output)) return refuse("wrong output");
  const seed = outputSeed(ports, input, output);
  return end(state, roll, seed, { type: "distributed", key: key.number, output, partials }, ports);
}

export function onCommit(
  state: DiceState,
  member: number,
  operation: OperationOf<"commit">,
  time: AgreedMillis,
  ports: DicePorts,
): DiceAnswer {
  const { roll } = state;
  if (roll === undefined || roll.lock.roll !== operation.roll) return refuse("another roll");
  if (roll.phase === "partials") return refuse("not this way");
  if (roll.phase === "revealing") return refuse("too late");
  if (roll.commitments.some((each) => each.member === member)) return refuse("committed already");
  const { commitment } = operation;
  const signed = commitmentBytes(inputOf(state, roll), member, commitment.digest);
  if (!ports.verify(state.members[member].key, signed, commitment.signature)) return refuse("bad signature");
  const commitments = ordered([...roll.commitments, { member: memberIndex(member), commitment }]);
  state.roll = { ...roll, commitments };
  const enough = roll.late ? quorum(state.members.length) : state.members.length;
  if (commitments.length >= enough) reveal(state, time);
  return NOTED;
}

export function onReveal(
  state: DiceState,
  member: number,
  operation: OperationOf<"reveal">,
  ports: DicePorts,
): DiceAnswer {
  const { roll } = state;
  if (roll === undefined || roll.lock.roll !== operation.roll) return refuse("another roll");
  if (roll.phase === "partials") return refuse("not this way");
  if (roll.phase === "committing") return refuse("too early");
  const committed = roll.commitments.find((each) => each.member === member);
  if (committed === undefined) return refuse("not committed");
  if (roll.openings.some((each) => each.member === member)) return refuse("revealed already");
  const { opening } = operation;
  const input = inputOf(state, roll);
  if (!bytesEqual(commitmentDigest(ports, input, member, opening), committed.commitment.digest)) {
    return refuse("opens nothing");
  }
  const openings = ordered([...roll.openings, { member: committed.member, opening }]);
  state.roll = { ...roll, openings };
  if (openings.length < roll.commitments.length) return NOTED;
  const secrets = roll.commitments.map((each, at) => ({ ...each, opening: openings[at].opening }));
  return end(state, state.roll, openedSeed(ports, input, openings), { type: "revealed", secrets }, ports);
}

/**
 * A roll that stands still ends by a quorum's word, after its deadline. The deadline alone would not do: whoever proposes may
 * set the agreed time half a minute ahead, and would so end every roll that it has seen and does not like.
 */
export function onGiveUp(
  state: DiceState,
  member: number,
  operation: OperationOf<"giveUp">,
  ports: DicePorts,
): DiceAnswer {
  const { roll } = state;
  if (roll === undefined || roll.lock.roll !== operation.roll) return refuse("another roll");
  if (!roll.late) return refuse("too early");
  if (hasBit(roll.gaveUp, member)) return refuse("gave up already");
  const gaveUp = roll.gaveUp | (1 << member);
  state.roll = { ...roll, gaveUp };
  const memberCount = state.members.length;
  // Of two, the one that withholds would have to agree: so either may end it, and nobody forfeits.
  if (countBits(gaveUp) < (memberCount === 2 ? 1 : quorum(memberCount))) return NOTED;
  const missing = roll.commitments
    .map((each) => each.member as number)
    .filter((each) => !roll.openings.some((opened) => opened.member === each));
  const forfeits = roll.phase === "revealing" && memberCount > 2 ? missing : [];
  close(state, ports);
  return { ok: true, change: { type: "void", roll: roll.lock.roll, forfeits } };
}

function reveal(state: DiceState, time: AgreedMillis): void {
  assert(state.roll !== undefined, "a roll is open");
  const phase = "revealing";
  state.roll = { ...state.roll, phase, deadline: after(time, spanOf({ phase })), late: false, gaveUp: 0 };
}

function end(state: DiceState, roll: OpenRoll, seed: Uint8Array, randomness: Randomness, ports: DicePorts): DiceAnswer {
  const dice = drawTwoDice(ports, seed);
  const { table, epoch } = state;
  const [first, second] = dice;
  const input = inputDigest(ports, inputOf(state, roll));
  const proof = { table, epoch, lock: roll.lock, input, randomness, first, second };
  close(state, ports);
  return { ok: true, change: { type: "rolled", roll: roll.lock.roll, dice, seed, proof } };
}

function close(state: DiceState, ports: DicePorts): void {
  state.roll = undefined;
  serveDealt(state, ports);
}

const after = (time: AgreedMillis, ms: number): AgreedMillis => agreedMillis(Math.min(time + ms, TIME_MAX_MS));

const ordered = <T extends { readonly member: number }>(each: T[]): T[] =>
  each.sort((left, right) => left.member - right.member);
