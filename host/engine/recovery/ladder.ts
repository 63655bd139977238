/**
 * What a kiosk without a quorum does, one rung after the other: wait, reconnect, be for reading only, ask people. From each of them
 * the way back is the same: a quorum that signs, then to catch up with what it has agreed on.
 *
 * No rung changes who the members are. A side without a quorum decides nothing, however many it is more than the other.
 */
import { millis } from "../../../protocol/core/units.ts";
import { faultsMax, quorum } from "../consensus/quorum.ts";
import { highestCertified } from "./certified.ts";
import type { Mode, RecoveryEffect, Step } from "./events.ts";
import {
  LADDER_TIMEOUT_MS,
  RECONNECT_ANSWER_MS,
  RECONNECT_ATTEMPTS_MAX,
  RECONNECT_BACK_OFF_MS,
  WAIT_MS,
} from "./limits.ts";
import { allOf, hasQuorum, sideOf } from "./side.ts";
import { sayStep } from "./speak.ts";
import type { Recovery } from "./state.ts";

export function climb(of: Recovery, effects: RecoveryEffect[]): void {
  if (of.step === "stopped") return;
  if (hasQuorum(of)) withQuorum(of, effects);
  else withoutQuorum(of, effects);
}

export function ladderDeadline(of: Recovery): number {
  const asking = of.lostAt === undefined || of.wasAsked ? Number.POSITIVE_INFINITY : of.lostAt + LADDER_TIMEOUT_MS;
  switch (of.step) {
    case "waiting":
      return Math.min(asking, of.waitUntil);
    case "reconnecting":
      return Math.min(asking, of.attemptAt);
    case "readOnly":
    case "catchingUp":
      return asking;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function withQuorum(of: Recovery, effects: RecoveryEffect[]): void {
  if (of.step === "whole" && of.owed === undefined) return;
  if (of.step !== "catchingUp") {
    of.backAt = of.now;
    of.lostAt ??= of.now;
    move(of, "catchingUp", effects);
  }
  if (isCaughtUp(of)) toWhole(of, effects);
  else if (!of.wasAsked && of.lostAt !== undefined && of.now >= of.lostAt + LADDER_TIMEOUT_MS) {
    of.wasAsked = true;
    effects.push({ type: "askOperator", why: "cannot catch up" });
  }
}

/** All that is certified, and what f + 1 say that they have: of them one is honest. A claim holds nobody up by itself. */
export function isCaughtUp(of: Recovery): boolean {
  const { sequence } = of.standing.executed;
  if (sequence < highestCertified(of.certified) || sequence < (of.owed ?? 0)) return false;
  const needed = quorum(of.members.length) - (of.me < 0 ? 0 : 1);
  const claims = of.members
    .filter(({ executedAt }, each) => each !== of.me && executedAt >= of.backAt)
    .map(({ executed }) => executed)
    .sort((left, right) => right - left);
  if (claims.length < needed) return false;
  return sequence >= (claims[faultsMax(of.members.length)] ?? 0);
}

function toWhole(of: Recovery, effects: RecoveryEffect[]): void {
  effects.push({ type: "rejoined", afterMs: of.now - (of.lostAt ?? of.now) });
  of.lostAt = undefined;
  of.owed = undefined;
  of.attempts = 0;
  of.wasAsked = false;
  move(of, "whole", effects);
}

function withoutQuorum(of: Recovery, effects: RecoveryEffect[]): void {
  of.lostAt ??= of.now;
  if (of.step === "whole" || of.step === "catchingUp") toWaiting(of, effects);
  if (!of.wasAsked && of.now >= of.lostAt + LADDER_TIMEOUT_MS) {
    of.wasAsked = true;
    move(of, "asking", effects);
    effects.push({ type: "askOperator", why: "no quorum" });
  }
  if (of.step === "waiting" && of.now >= of.waitUntil) toReconnecting(of, effects);
  if (of.step === "reconnecting" && of.now >= of.attemptAt) attempt(of, effects);
}

function toWaiting(of: Recovery, effects: RecoveryEffect[]): void {
  of.waitUntil = millis(of.now + WAIT_MS);
  move(of, "waiting", effects);
}

/** With the attempts that are left: a side that comes and goes has no more of them than one that stays away. */
export function toReconnecting(of: Recovery, effects: RecoveryEffect[]): void {
  if (of.attempts >= RECONNECT_ATTEMPTS_MAX) return void move(of, "readOnly", effects);
  of.attemptAt = millis(of.now + RECONNECT_BACK_OFF_MS * (of.attempts + 1));
  of.isAttempting = false;
  move(of, "reconnecting", effects);
}

function attempt(of: Recovery, effects: RecoveryEffect[]): void {
  if (of.isAttempting) {
    // Nobody answered, or too few.
    of.isAttempting = false;
    if (of.attempts >= RECONNECT_ATTEMPTS_MAX) return void move(of, "readOnly", effects);
    of.attemptAt = millis(of.now + RECONNECT_BACK_OFF_MS * (of.attempts + 1));
    return;
  }
  of.isAttempting = true;
  of.attempts += 1;
  of.attemptAt = millis(of.now + RECONNECT_ANSWER_MS);
  effects.push({ type: "reconnect", attempt: of.attempts, members: allOf(of) & ~sideOf(of) });
  sayStep(of, effects);
}

export function move(of: Recovery, to: Step, effects: RecoveryEffect[]): void {
  if (of.step === to) return;
  if (to !== "reconnecting") of.isAttempting = false;
  effects.push({ type: "moved", from: of.step, to });
  of.step = to;
  const mode = modeOf(of);
  if (mode !== of.mode) {
    of.mode = mode;
    effects.push({ type: "mode", mode });
  }
  sayStep(of, effects);
}

/** Who only follows never does more than look. */
function modeOf({ step, me }: Recovery): Mode {
  switch (step) {
    case "whole":
      return me < 0 ? "readOnly" : "goesOn";
    case "waiting":
    case "reconnecting":
    case "catchingUp":
      return me < 0 ? "readOnly" : "holds";
    case "readOnly":
    case "asking":
      return "readOnly";
    case "stopped":
      return "stopped";
  }
}
