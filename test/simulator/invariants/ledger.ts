/** Agreement, validity, exactly once: one batch a sequence, one chain, and in it only what was asked for, each once. */
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { brief } from "../mixing.ts";
import { isHonest, type Kiosk, type Sim } from "../sim.ts";
import { placeOf } from "./members.ts";
import type { Entry, Executed } from "./seen.ts";
import { broken } from "./violation.ts";

export function noteRequest(sim: Sim, of: Kiosk, signed: SignedRequest): void {
  const { written } = sim.checker.ledger;
  const { number, operation } = signed.request;
  const known = written[of.place].get(number);
  if (known === undefined) written[of.place].set(number, [operation]);
  else known.push(operation);
}

/** Under one number a kiosk asks for one thing, whenever the power went. */
export function saidRequests(
  sim: Sim,
  of: Kiosk,
  requests: readonly SignedRequest[],
  members: readonly Uint8Array[],
): void {
  const { said } = sim.checker.ledger;
  for (const { sender, request } of requests) {
    if (members[sender] === undefined || !bytesEqual(members[sender], of.identity.key)) continue;
    const known = said[of.place].get(request.number);
    if (known === undefined) said[of.place].set(request.number, request.operation);
    else if (!bytesEqual(known, request.operation)) {
      broken("one request a number", `kiosk ${of.place} asks for two things under ${request.number}`, sim);
    }
  }
}

export function executed(
  sim: Sim,
  of: Kiosk,
  effect: Executed,
  digest: Uint8Array | undefined,
  members: readonly Uint8Array[],
): void {
  const { entries } = sim.checker.ledger;
  const history = digest === undefined ? undefined : brief(digest);
  const known = entries[effect.sequence - 1];
  if (known !== undefined) {
    if (history !== undefined && history !== known.history) {
      broken("agreement", `kiosks ${known.by} and ${of.place} execute different batches at ${effect.sequence}`, sim);
    }
    sameResults(sim, of, known, effect);
    return;
  }
  if (effect.sequence !== entries.length + 1) {
    broken(
      "agreement",
      `kiosk ${of.place} executes ${effect.sequence} before anybody executed ${entries.length + 1}`,
      sim,
    );
  }
  if (history === undefined) broken("agreement", `nobody knows the history at ${effect.sequence}`, sim);
  const before = entries.at(-1)?.history;
  const step = sim.histories.steps.get(history);
  if (step === undefined || step.sequence !== effect.sequence || (before !== undefined && step.before !== before)) {
    broken("one chain", `the history at ${effect.sequence} does not follow from the one before it`, sim);
  }
  entries.push({ history, executed: effect, by: of.place });
  for (const { request, result, repeated } of effect.done) {
    if (!repeated) account(sim, effect.sequence, request, result, members);
  }
}

/** In the order of the log, each number once and none left out. */
function account(
  sim: Sim,
  at: number,
  signed: SignedRequest,
  result: Uint8Array,
  members: readonly Uint8Array[],
): void {
  const { lastNumber, results, answers, written } = sim.checker.ledger;
  const place = placeOf(sim, members[signed.sender]);
  const { number, operation } = signed.request;
  if (number !== lastNumber[place] + 1) {
    broken("exactly once", `request ${number} of ${place} follows ${lastNumber[place]} at ${at}`, sim);
  }
  lastNumber[place] = number;
  results[place].set(number, result);
  sim.checker.ledger.requests += 1;
  const asked = written[place].get(number);
  if (isHonest(sim.kiosks[place]) && asked?.some((each) => bytesEqual(each, operation)) !== true) {
    broken("validity", `request ${number} of ${place}, executed at ${at}, was never asked for`, sim);
  }
  const answer = answers[place].get(number);
  if (answer !== undefined) sameAnswer(sim, place, number, answer, result);
}

function sameResults(sim: Sim, of: Kiosk, known: Entry, effect: Executed): void {
  const { done, time } = known.executed;
  const same =
    done.length === effect.done.length &&
    time === effect.time &&
    done.every(
      (each, i) => each.repeated === effect.done[i].repeated && bytesEqual(each.result, effect.done[i].result),
    );
  if (!same)
    broken("one result", `kiosks ${known.by} and ${of.place} come to different results at ${effect.sequence}`, sim);
}

/** A request of an honest kiosk is answered with what came of it, or, after a transfer, with nothing. */
export function answered(sim: Sim, of: Kiosk, number: number, result: Uint8Array): void {
  const { results, answers, answered } = sim.checker.ledger;
  if (answered[of.place].has(number)) broken("answers", `request ${number} of ${of.place} is answered twice`, sim);
  answered[of.place].add(number);
  if (result.length === 0) return;
  const known = results[of.place].get(number);
  if (known === undefined) answers[of.place].set(number, result);
  else sameAnswer(sim, of.place, number, result, known);
}

function sameAnswer(sim: Sim, place: number, number: number, answer: Uint8Array, result: Uint8Array): void {
  if (!bytesEqual(answer, result))
    broken("answers", `request ${number} of ${place} is answered with another result`, sim);
}

/** The state is where the chain is, however it came there. */
export function checkState(sim: Sim, of: Kiosk, event: string): void {
  if (of.replica === undefined) return;
  const { sequence, history } = of.replica.state;
  const known = sim.checker.ledger.entries[sequence - 1];
  if (known !== undefined && known.history !== brief(history)) {
    broken("agreement", `kiosk ${of.place} stands on another history at ${sequence}, after ${event}`, sim);
  }
}
