/**
 * A member's part in who comes and goes: it announces the table, hears who asks, lets proofs be checked, orders its approval, and
 * says yes when the members have agreed on it and no sooner. Every member does so for itself; one alone lets nobody in and keeps
 * nobody out.
 */
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { epoch, type Millis, millis } from "../../../protocol/core/units.ts";
import type { TableAnnouncement } from "../../../protocol/message/announcement.ts";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import { TableOperation } from "../consensus/table.ts";
import { whyNot } from "./admit.ts";
import { accept, hasAnswersLeft, isSameRequest, reject, sayAgain, turnAway } from "./answers.ts";
import { onLeave, onLeaveOrdered, onLeaving } from "./leaving.ts";
import {
  ANNOUNCE_EVERY_MS,
  ANSWER_EVERY_MS,
  APPLICANTS_MAX,
  IDENTIFY_TIMEOUT_MS,
  ORDER_RETRY_MS,
  ORDER_TIMEOUT_MS,
} from "./limits.ts";
import type { AgreedTable, Ignored, ReceptionEffect, ReceptionEvent } from "./reception-events.ts";
import { type Applicant, applicantOf, isAmong, type Reception } from "./reception-state.ts";

export function step(of: Reception, event: ReceptionEvent, effects: ReceptionEffect[]): void {
  assert(event.at >= of.now, "time runs forward");
  of.now = event.at;
  // What is over is over before anything else is heard.
  onTime(of, effects);
  switch (event.type) {
    case "table":
      onTable(of, event.agreed, effects);
      break;
    case "asked":
      onAsked(of, event.from, event.request, effects);
      break;
    case "offClock":
      if (of.isMember) turnAway(of, event.from, "the clock is off", effects);
      else ignore("no member", effects);
      break;
    case "identified":
      onIdentified(of, event, effects);
      break;
    case "ordered":
      onOrdered(of, event, effects);
      break;
    case "leave":
      onLeave(of, effects);
      break;
    case "door":
      onDoor(of, event.isOpen, effects);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  onLeaving(of, effects);
  assert(of.applicants.length <= APPLICANTS_MAX, "who is remembered keeps its bound");
}

export function nextDeadline(of: Reception): Millis | undefined {
  if (!of.isMember) return undefined;
  let at: number = of.announceAt;
  if (of.leaving !== undefined) at = Math.min(at, of.leaving.againAt);
  for (const { stage } of of.applicants) {
    at = Math.min(at, stage.until);
    if (stage.type === "ordering" && stage.againAt !== undefined) at = Math.min(at, stage.againAt);
  }
  return millis(at);
}

// --- what the members agreed on ---

function onTable(of: Reception, agreed: AgreedTable, effects: ReceptionEffect[]): void {
  if (agreed.epoch < of.agreed.epoch || agreed.checkpoint.sequence < of.agreed.checkpoint.sequence) {
    return void ignore("older table", effects);
  }
  of.agreed = agreed;
  const was = of.isMember;
  of.isMember = isAmong(agreed.members, of.key);
  if (was && !of.isMember) {
    effects.push({ type: "left", wasWished: of.leaving !== undefined });
    of.leaving = undefined;
    of.applicants.length = 0;
    return;
  }
  for (const applicant of of.applicants) {
    const isSeated = isAmong(agreed.members, applicant.key);
    if (isSeated) noteName(of, applicant);
    const isWaiting = applicant.stage.type !== "answered";
    if (isSeated && (isWaiting || wasRejected(applicant))) accept(of, applicant, effects);
    else if (!isSeated && isWaiting && isAmong(agreed.excluded, applicant.key)) {
      reject(of, applicant, "excluded for what is proved", effects);
    }
  }
  of.participants = of.participants.filter((each) => isAmong(agreed.members, each.key));
}

/** The others let it in, whatever was answered here. */
const wasRejected = ({ stage }: Applicant): boolean => stage.type === "answered" && stage.answer.type === "reject";

function noteName(of: Reception, { key, request }: Applicant): void {
  of.participants = of.participants.filter((each) => !bytesEqual(each.key, key));
  of.participants.push({ key, name: request.name, seats: request.seats });
}

function onDoor(of: Reception, isOpen: boolean, effects: ReceptionEffect[]): void {
  of.isOpen = isOpen;
  if (isOpen) return;
  for (const applicant of of.applicants) {
    if (applicant.stage.type !== "answered") reject(of, applicant, "the table is closing", effects);
  }
}

// --- who asks ---

function onAsked(of: Reception, from: Uint8Array, request: JoinRequest, effects: ReceptionEffect[]): void {
  if (!of.isMember) return void ignore("no member", effects);
  if (bytesEqual(from, of.key)) return void ignore("own request", effects);
  const known = applicantOf(of, from);
  if (known !== undefined) {
    // What is being looked at does not change; what was answered may be asked differently.
    if (!isDone(of, known, request)) return void sayAgain(of, known, effects);
    of.applicants.splice(of.applicants.indexOf(known), 1);
  }
  // Somebody who came back and wants to know where the table is.
  const isSeated = isAmong(of.agreed.members, from);
  const why = isSeated ? undefined : whyNot(of, from, request);
  if (why !== undefined && !hasAnswersLeft(of)) return void ignore("too many answers", effects);
  if (!makeRoom(of)) return void turnAway(of, from, why ?? "too many ask", effects);
  const applicant: Applicant = {
    key: from,
    request,
    stage: { type: "identifying", until: millis(of.now + IDENTIFY_TIMEOUT_MS) },
  };
  of.applicants.push(applicant);
  if (why !== undefined) reject(of, applicant, why, effects);
  else if (isSeated || request.role === "spectator") accept(of, applicant, effects);
  else effects.push({ type: "identify", applicant: from, proof: request.proof });
}

/** Another question, an epoch that is over, or a refusal that was cheap to find and may not hold any more. What took work is not
 * looked into again. */
function isDone(of: Reception, { request: before, stage }: Applicant, request: JoinRequest): boolean {
  if (stage.type !== "answered" || of.now < stage.saidAt + ANSWER_EVERY_MS) return false;
  if (!isSameRequest(before, request)) return true;
  const { answer } = stage;
  if (answer.type === "accept") return answer.accept.epoch !== of.agreed.epoch;
  return answer.why !== "not identified" && answer.why !== "no stake";
}

/** Of who was answered the oldest makes room; who waits for an answer never does, nor who looks on. */
function makeRoom(of: Reception): boolean {
  if (of.applicants.length < APPLICANTS_MAX) return true;
  const done = of.applicants.findIndex(
    ({ request, stage }) => stage.type === "answered" && (request.role === "member" || stage.answer.type === "reject"),
  );
  if (done < 0) return false;
  of.applicants.splice(done, 1);
  return true;
}

function onIdentified(
  of: Reception,
  { applicant: key, why }: ReceptionEvent & { type: "identified" },
  effects: ReceptionEffect[],
): void {
  const applicant = applicantOf(of, key);
  if (applicant?.stage.type !== "identifying") return void ignore("unknown applicant", effects);
  // The table may have changed meanwhile.
  const refusal = why ?? whyNot(of, key, applicant.request);
  if (refusal !== undefined) return void reject(of, applicant, refusal, effects);
  applicant.stage = { type: "ordering", until: millis(of.now + ORDER_TIMEOUT_MS), againAt: undefined };
  order(applicant, effects);
}

function order({ key }: Applicant, effects: ReceptionEffect[]): void {
  const operation = encode(TableOperation, { type: "approve", change: { type: "admit", key } });
  effects.push({ type: "order", subject: key, operation });
}

function onOrdered(
  of: Reception,
  { subject, why }: ReceptionEvent & { type: "ordered" },
  effects: ReceptionEffect[],
): void {
  if (subject === "leave") return void onLeaveOrdered(of, why, effects);
  const applicant = applicantOf(of, subject);
  if (applicant?.stage.type !== "ordering") return void ignore("nothing ordered", effects);
  if (why === undefined) return;
  if (why === "full" && of.agreed.members.length === MEMBERS_MAX) {
    return void reject(of, applicant, "ten kiosks are at the table", effects);
  }
  applicant.stage.againAt = millis(of.now + ORDER_RETRY_MS);
}

// --- time ---

function onTime(of: Reception, effects: ReceptionEffect[]): void {
  if (!of.isMember) return;
  for (let i = of.applicants.length - 1; i >= 0; i--) {
    const applicant = of.applicants[i];
    const { stage } = applicant;
    if (of.now >= stage.until) {
      if (stage.type === "answered") of.applicants.splice(i, 1);
      else if (stage.type === "identifying") reject(of, applicant, "too many ask", effects);
      else reject(of, applicant, "the members did not approve in time", effects);
    } else if (stage.type === "ordering" && stage.againAt !== undefined && of.now >= stage.againAt) {
      stage.againAt = undefined;
      order(applicant, effects);
    }
  }
  if (of.now < of.announceAt) return;
  of.announceAt = millis(of.now + ANNOUNCE_EVERY_MS);
  effects.push({ type: "announce", announcement: announcementOf(of) });
}

export function announcementOf(of: Reception): TableAnnouncement {
  const { agreed, isOpen, needed, name } = of;
  const { members, seats, seatsFree, rules } = agreed;
  return {
    version: needed,
    name,
    rules,
    epoch: epoch(agreed.epoch),
    members: members.length,
    seats,
    seatsFree,
    door: !isOpen ? "closed" : members.length === MEMBERS_MAX ? "full" : "open",
  };
}

const ignore = (why: Ignored, effects: ReceptionEffect[]): void => void effects.push({ type: "ignored", why });
