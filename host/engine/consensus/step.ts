/** The replica: one event in, its effects out, in the order in which they are to be performed. */

import type { Said } from "../../../protocol/agreement/said.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import type { MemberIndex, Millis } from "../../../protocol/core/units.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { advance } from "./advance.ts";
import { takeArrivals } from "./arrivals.ts";
import { onBallot } from "./ballots.ts";
import { onCertificate, onCheckpointProof } from "./catch-up.ts";
import type { Effect, Event } from "./events.ts";
import { onLeaderAccept, onLeaderProposal, sayLeaderProposal } from "./leader.ts";
import { low } from "./log.ts";
import { onNewView } from "./new-view.ts";
import { fetchStep, flushWanted, objectsDue, onObjectStep, wantBatches } from "./objects.ts";
import { answerAgain, onReply } from "./replies.ts";
import { onRequests, onSubmit, passOn, resign, sayAgain } from "./requests.ts";
import { onRecalled } from "./restart.ts";
import type { Replica, World } from "./state.ts";
import { askStatus, onStatus } from "./status.ts";
import { clockRead, isWished, rotationInMs } from "./table-time.ts";
import { dropDeadlines, nextDeadline, ownDueAt, paceAt, passDeadlines, passOnAt, suspectAt } from "./timing.ts";
import { onViewChange, suspect } from "./view-change.ts";
import { enterByCheckpoint } from "./views.ts";

export function step<S>(of: Replica<S>, event: Event, effects: Effect[], world: World<S>): void {
  assert(event.at >= of.now, "time runs forward");
  of.now = event.at;
  // The power may have gone between a barrier's checkpoint and the view that it opens.
  if (of.stable.header.barrier === 1) enterByCheckpoint(of, effects, world);
  const executedBefore = of.executed;
  switch (event.type) {
    case "submit":
      onSubmit(of, event.seat, event.operation, effects, world);
      break;
    case "said":
      onSaid(of, event.said, effects, world);
      break;
    case "heard":
      if (event.from < of.members.length && event.from !== of.me)
        onHeard(of, event.from, event.message, effects, world);
      break;
    case "clock":
      clockRead(of, event.wallMs);
      break;
    case "asleep":
      of.leadership.asleep = event.members;
      break;
    case "interval":
      paceAt(of, event.intervalMs);
      break;
    case "tick":
      onTick(of, effects, world);
      break;
    default:
      unreachable(event);
  }
  takeArrivals(of, effects, world);
  passDeadlines(of);
  resign(of, effects, world);
  advance(of, effects, world);
  dropDeadlines(of, executedBefore);
  wantBatches(of);
  flushWanted(of, effects, world);
  assert(of.executed <= of.decided, "what is executed is decided");
  assert(of.held <= of.known, "what is held is known");
  assert(low(of) <= of.executed, "what is stable was executed");
}

/** When the replica wants a tick, if nothing comes before. */
export const deadlineOf = (of: Replica<unknown>): Millis => nextDeadline(of, objectsDue(of));

function onSaid<S>(of: Replica<S>, said: Said, effects: Effect[], world: World<S>): void {
  switch (said.type) {
    case "requests":
      for (const signed of onRequests(of, said.requests, effects, world)) answerAgain(of, signed, effects, world);
      break;
    case "ballot":
      onBallot(of, said, effects, world);
      break;
    case "viewChange":
      onViewChange(of, said, effects, world);
      break;
    case "newView":
      onNewView(of, said, effects, world);
      break;
    case "certificate":
      onCertificate(of, said.certificate, effects, world);
      break;
    case "checkpoint":
      onCheckpointProof(of, said.proof, effects, world);
      break;
    default:
      unreachable(said);
  }
}

function onHeard<S>(of: Replica<S>, from: MemberIndex, message: Message, effects: Effect[], world: World<S>): void {
  if (message.type === "leaderProposal") onLeaderProposal(of, from, message, effects);
  else if (message.type === "leaderAccept") onLeaderAccept(of, from, message);
  else if (message.type === "reply") onReply(of, from, message, effects, world);
  if (message.type !== "stateSync") return;
  fetchStep(of, { type: "heard", at: of.now, from }, effects, world);
  const said = message.step;
  switch (said.type) {
    case "status":
      onStatus(of, from, said, effects, world);
      break;
    case "recalled":
      onRecalled(of, from, said, effects, world);
      break;
    case "requestChunks":
    case "chunk":
    case "refuse":
      onObjectStep(of, from, said, effects, world);
      break;
    // Who joins, asks and confirms by other ways is the table's business.
    case "requestObject":
    case "offer":
    case "confirm":
      break;
    default:
      unreachable(said);
  }
}

function onTick<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  if (of.now >= suspectAt(of)) suspect(of, effects, world);
  const rotation = rotationInMs(of);
  const isNear = rotation !== undefined && rotation <= of.options.profile.rotateMs / 4;
  // An early hand-over asks nobody: somebody is out of the view until then.
  if (isNear && !isWished(of)) sayLeaderProposal(of, effects);
  if (of.now >= ownDueAt(of)) sayAgain(of, effects);
  if (of.now >= passOnAt(of)) passOn(of, effects);
  if (of.now >= of.timing.statusAt) askStatus(of, effects);
  const due = objectsDue(of);
  if (due !== undefined && of.now >= due) fetchStep(of, { type: "tick", at: of.now }, effects, world);
}
