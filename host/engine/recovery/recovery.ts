/**
 * What a kiosk makes of failures: who is here, what is wrong, what it does about it, and what it lets people do meanwhile. Agreement
 * is safe without any of this; it is for those who stand before the screen, and for finding each other again.
 */
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { PartitionRecovery } from "../../../protocol/message/recovery.ts";
import { TableOperation } from "../consensus/table.ts";
import { noteCertified } from "./certified.ts";
import { diagnose } from "./classify.ts";
import { isSameDiagnosis } from "./diagnosis.ts";
import type { RecoveryEffect, RecoveryEvent, RecoveryIgnored, Standing } from "./events.ts";
import { climb, ladderDeadline, move, toReconnecting } from "./ladder.ts";
import { CHECK_EVERY_MS, PAUSED_AFTER_MS, STALLED_AFTER_MS } from "./limits.ts";
import { forgivePause, has, noteHeard, noteReachable, noteView, sideDeadline, sideOf } from "./side.ts";
import { greet, sayStep } from "./speak.ts";
import { type Recovery, watch } from "./state.ts";

export function step(of: Recovery, event: RecoveryEvent, effects: RecoveryEffect[]): void {
  assert(event.at >= of.now, "time runs forward");
  if (event.at >= of.now + PAUSED_AFTER_MS) forgivePause(of, event.at - of.now);
  of.now = event.at;
  switch (event.type) {
    case "heard":
      isOther(of, event.from, effects);
      break;
    case "heartbeat":
      if (!isOther(of, event.from, effects)) break;
      noteView(of, event.from, event.said);
      noteClaim(of, event.from, event.said.executed.sequence);
      break;
    case "said":
      onSaid(of, event.from, event.said, effects);
      break;
    case "progress":
      of.standing = event.standing;
      break;
    case "members":
      onMembers(of, event.keys, event.tags);
      break;
    case "certified":
      onCertified(of, event, effects);
      break;
    case "damaged":
      onDamaged(of, of.standing, effects);
      break;
    case "rollBack":
      onRollBack(of, event.to, effects);
      break;
    case "exclude":
      onExclude(of, event.member, event.evidence, effects);
      break;
    case "convicted":
      if (of.members[event.member] === undefined) ignore("no such member", effects);
      else of.members[event.member].isConvicted = true;
      break;
    case "linked":
      ignore("a link is no answer", effects);
      if (of.step !== "whole") greet(of, effects);
      break;
    case "operator":
      onOperator(of, event.choice, effects);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  climb(of, effects);
  check(of, effects);
  assert((of.step === "whole") === (of.mode === "goesOn") || of.me < 0, "only what is whole goes on");
}

export function nextDeadline(of: Recovery): Millis {
  const { waitingSince } = of.standing;
  const stalledAt = waitingSince === undefined ? 0 : waitingSince + STALLED_AFTER_MS;
  const at = Math.min(of.checkAt, sideDeadline(of), ladderDeadline(of));
  return millis(Math.max(of.now, stalledAt > of.now ? Math.min(at, stalledAt) : at));
}

/** Heard, where it is another member. */
function isOther(of: Recovery, from: number, effects: RecoveryEffect[]): boolean {
  if (from === of.me || of.members[from] === undefined) {
    ignore(from === of.me ? "own word" : "no such member", effects);
    return false;
  }
  if (of.isAttempting && !has(sideOf(of), from)) effects.push({ type: "answered", attempt: of.attempts, member: from });
  noteHeard(of, from);
  return true;
}

/** Who is back, or asks where the table is, is told; two who both look for it do not keep each other talking. */
function onSaid(of: Recovery, from: number, said: PartitionRecovery, effects: RecoveryEffect[]): void {
  const wasAway = !has(sideOf(of), from);
  if (!isOther(of, from, effects)) return;
  noteReachable(of, from, said.reachable);
  noteClaim(of, from, said.executed.sequence);
  if (wasAway || (said.step === "catchingUp" && of.step === "whole")) greet(of, effects);
}

function noteClaim(of: Recovery, from: number, executed: number): void {
  of.members[from].executed = executed;
  of.members[from].executedAt = of.now;
}

/** Who stays is known as before; places may have moved. */
function onMembers(of: Recovery, keys: readonly Uint8Array[], tags: readonly Uint8Array[]): void {
  const before = of.members;
  const placeBefore = keys.map((key) => before.findIndex((each) => bytesEqual(each.key, key)));
  of.me = keys.findIndex((key) => bytesEqual(key, of.key));
  of.members = watch(keys, tags).map((fresh, at) => {
    const known = before[placeBefore[at]];
    if (known === undefined) return fresh;
    const seenAt = fresh.seenAt.map((never, other) => known.seenAt[placeBefore[other]] ?? never);
    return { ...known, tag: fresh.tag, seenAt };
  });
}

/** Of two histories the certified one stands; of two certified ones none does. */
function onCertified(of: Recovery, event: RecoveryEvent & { type: "certified" }, effects: RecoveryEffect[]): void {
  if (of.step === "stopped") return void ignore("stopped", effects);
  const second = { place: event.place, proof: event.proof };
  const noted = noteCertified(of.certified, second);
  if (noted.type === "contradicts") {
    effects.push({ type: "stop", first: noted.first, second });
    move(of, "stopped", effects);
  } else if (noted.type !== "noted") ignore(noted.type, effects);
}

/** What is certified was agreed on and is executed again; what was not agreed on never counted. */
function onDamaged(of: Recovery, { stable, executed }: Standing, effects: RecoveryEffect[]): void {
  if (of.step === "stopped") return void ignore("stopped", effects);
  if (of.owed !== undefined) return void ignore("repaired already", effects);
  of.owed = executed.sequence;
  // What lies beyond the checkpoint is not here any more, until the replica says so.
  of.standing = { ...of.standing, executed: stable };
  effects.push({ type: "fallBack", to: stable, owed: of.owed });
}

function onRollBack(of: Recovery, to: number, effects: RecoveryEffect[]): void {
  const isFurther = to >= of.standing.executed.sequence;
  effects.push({ type: "refused", why: isFurther ? "nothing is that far" : "committed: compensated, never undone" });
}

function onExclude(of: Recovery, member: number, evidence: Uint8Array | undefined, effects: RecoveryEffect[]): void {
  if (of.members[member] === undefined) return void effects.push({ type: "refused", why: "no such member" });
  if (evidence === undefined) return void effects.push({ type: "refused", why: "absence is no evidence" });
  // Whether it holds every member finds out for itself.
  effects.push({ type: "order", operation: encode(TableOperation, { type: "accuse", evidence }) });
}

function onOperator(of: Recovery, choice: "wait" | "tryAgain", effects: RecoveryEffect[]): void {
  if (of.step !== "asking" && of.step !== "readOnly") return void ignore("nothing was asked", effects);
  of.lostAt = of.now;
  of.wasAsked = false;
  if (choice === "wait") return void move(of, "readOnly", effects);
  of.attempts = 0;
  toReconnecting(of, effects);
}

/** At each change, and as often as views are compared. */
function check(of: Recovery, effects: RecoveryEffect[]): void {
  const diagnoses = diagnose(of);
  if (!isSameDiagnosis(diagnoses, of.diagnoses)) {
    of.diagnoses = diagnoses;
    effects.push({ type: "diagnosed", diagnoses });
  }
  if (of.now < of.checkAt) return;
  of.checkAt = millis(of.now + CHECK_EVERY_MS);
  if (of.step !== "whole") sayStep(of, effects);
}

const ignore = (why: RecoveryIgnored, effects: RecoveryEffect[]): void => void effects.push({ type: "ignored", why });
