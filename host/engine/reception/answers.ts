/** What an applicant is told: once, and the same again to who asks the same again. */

import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { epoch, type Millis, millis, view } from "../../../protocol/core/units.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";
import { type JoinAccept, type JoinReject, JoinRequest, type Participant } from "../../../protocol/message/join.ts";
import { seatsFree } from "./admit.ts";
import { ANSWER_EVERY_MS, ANSWER_KEPT_MS, ANSWERS_MAX, ANSWERS_WINDOW_MS, SPECTATOR_KEPT_MS } from "./limits.ts";
import type { ReceptionEffect } from "./reception-events.ts";
import type { Answer, Applicant, Reception } from "./reception-state.ts";
import { type Refusal, wireRefusal } from "./refusal.ts";
import { compatible } from "./versions.ts";

export function accept(of: Reception, applicant: Applicant, effects: ReceptionEffect[]): void {
  const fit = compatible(of.needed, applicant.request.version);
  // A member's software was asked before; one that came back with another is told so.
  if (!fit.ok) {
    reject(of, applicant, fit.why, effects);
    return;
  }
  const { agreed } = of;
  const content: JoinAccept = {
    version: fit.version,
    applicant: applicant.key,
    epoch: epoch(agreed.epoch),
    view: view(agreed.view),
    checkpoint: agreed.checkpoint,
    state: agreed.state,
    participants: participantsOf(of),
    founders: of.founders,
    rules: agreed.rules,
  };
  conclude(of, applicant, { type: "accept", accept: content }, effects);
}

export function reject(of: Reception, applicant: Applicant, why: Refusal, effects: ReceptionEffect[]): void {
  conclude(of, applicant, { type: "reject", reject: rejection(of, applicant.key, why), why }, effects);
}

/** To somebody of whom nothing is remembered. */
export function turnAway(of: Reception, key: Uint8Array, why: Refusal, effects: ReceptionEffect[]): void {
  if (!hasAnswersLeft(of)) {
    effects.push({ type: "ignored", why: "too many answers" });
    return;
  }
  noteAnswer(of);
  effects.push({ type: "reject", to: key, reject: rejection(of, key, why), why });
}

/** Asked again after its answer. */
export function sayAgain(of: Reception, applicant: Applicant, effects: ReceptionEffect[]): void {
  const { stage } = applicant;
  if (stage.type !== "answered" || of.now < stage.saidAt + ANSWER_EVERY_MS) {
    effects.push({ type: "ignored", why: stage.type === "answered" ? "answered just now" : "asked already" });
    return;
  }
  if (!hasAnswersLeft(of)) {
    effects.push({ type: "ignored", why: "too many answers" });
    return;
  }
  stage.saidAt = of.now;
  // A place is told as it is now.
  if (stage.answer.type === "accept") return void accept(of, applicant, effects);
  noteAnswer(of);
  say(applicant.key, stage.answer, effects);
}

export const isSameRequest = (left: JoinRequest, right: JoinRequest): boolean =>
  bytesEqual(encode(JoinRequest, left), encode(JoinRequest, right));

function conclude(of: Reception, applicant: Applicant, answer: Answer, effects: ReceptionEffect[]): void {
  const looksOn = answer.type === "accept" && applicant.request.role === "spectator";
  const until = millis(of.now + (looksOn ? SPECTATOR_KEPT_MS : ANSWER_KEPT_MS));
  applicant.stage = { type: "answered", answer, saidAt: of.now, until };
  // What was looked into is answered whatever else is asked.
  noteAnswer(of);
  say(applicant.key, answer, effects);
}

const say = (to: Uint8Array, answer: Answer, effects: ReceptionEffect[]): void =>
  void effects.push(
    answer.type === "accept"
      ? { type: "accept", to, accept: answer.accept }
      : { type: "reject", to, reject: answer.reject, why: answer.why },
  );

export function hasAnswersLeft(of: Reception): boolean {
  forgetAnswers(of);
  return of.answeredAt.length < ANSWERS_MAX;
}

function noteAnswer(of: Reception): void {
  forgetAnswers(of);
  if (of.answeredAt.length === ANSWERS_MAX) of.answeredAt.shift();
  of.answeredAt.push(of.now);
}

function forgetAnswers({ answeredAt, now }: Reception): void {
  while (answeredAt.length > 0 && now >= answeredAt[0] + ANSWERS_WINDOW_MS) answeredAt.shift();
}

const rejection = (of: Reception, applicant: Uint8Array, why: Refusal): JoinReject => ({
  version: of.needed,
  applicant,
  refusal: wireRefusal(why),
  seatsFree: seatsFree(of, applicant),
  time: wallOf(of),
  reason: why,
});

const wallOf = (of: Reception): Millis => millis(Math.max(0, Math.round(of.now + of.wallOffsetMs)));

/** Every member, with the name that it gave where one is known. */
function participantsOf({ agreed, participants }: Reception): Participant[] {
  const all = agreed.members
    .slice(0, MEMBERS_MAX)
    .map((key): Participant => participants.find((each) => bytesEqual(each.key, key)) ?? { key, name: "", seats: 0 });
  return all.sort((left, right) => (bytesComeBefore(left.key, right.key) ? -1 : 1));
}
