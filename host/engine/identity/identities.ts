/**
 * Whose identities are good. Everything that costs little is asked first; what is left waits in a short queue of its source,
 * and workers get no more of it than an allowance pays for. So whoever forges a thousand identities a minute takes a part of a
 * core that was set aside for it, and of other sources not even a place in the queue.
 *
 * What an identity must cost is decided when its proof is known, in the order in which proofs come in: nobody has two verified
 * at a time for the price of the first.
 */
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import type { Ports } from "../ports.ts";
import { lookAt } from "./arrival.ts";
import { addBeacon } from "./beacons.ts";
import type { IdentityEffect, IdentityEvent, IdentityRefusal, Judgement } from "./events.ts";
import { find, hex, type Known, keep, remember } from "./known.ts";
import { AGE_MAX_MS, NETWORK_SIZE_MAX } from "./limits.ts";
import { giveUp, serve } from "./serve.ts";
import { accountOf, countIdentity, type Source } from "./sources.ts";
import { type Identities, workRequired } from "./state.ts";

export function step(
  of: Identities,
  event: IdentityEvent,
  effects: IdentityEffect[],
  ports: Pick<Ports, "digest">,
): void {
  assert(event.at >= of.now, "time runs forward");
  of.now = event.at;
  switch (event.type) {
    case "arrived":
      onArrived(of, event, effects, ports);
      break;
    case "judged":
      onJudged(of, event, effects);
      break;
    case "counted":
      of.networkSize = Math.max(0, Math.min(NETWORK_SIZE_MAX, event.networkSize));
      break;
    case "beacon":
      addBeacon(of.beacons, event.beacon);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  giveUp(of, effects);
  serve(of, effects);
  assert(of.underWay.length <= of.settings.verifierCount, "no worker has more than it can do");
}

function onArrived(
  of: Identities,
  event: Extract<IdentityEvent, { type: "arrived" }>,
  effects: IdentityEffect[],
  ports: Pick<Ports, "digest">,
): void {
  const { source } = event;
  const arrival = lookAt(of, event, ports);
  switch (arrival.type) {
    case "known":
      effects.push(accepted(source, arrival.known, false));
      break;
    case "waits":
      if (arrival.makesRoom !== undefined) sendAway(arrival.makesRoom, effects);
      arrival.account.waiting.push(arrival.waiting);
      break;
    case "refused":
      effects.push({ requiredWork: undefined, ...arrival, source });
      break;
    default:
      unreachable(arrival);
  }
}

/** Who came last. */
function sendAway({ waiting }: Source, effects: IdentityEffect[]): void {
  const last = waiting.pop();
  assert(last !== undefined, "the longest queue has somebody in it");
  const refusal = { why: "queue full", isFault: false, requiredWork: undefined } as const;
  effects.push({ type: "refused", source: last.source, ...refusal });
}

function onJudged(
  of: Identities,
  { ticket, judgement, wallMs }: Extract<IdentityEvent, { type: "judged" }>,
  effects: IdentityEffect[],
): void {
  const index = of.underWay.findIndex((each) => each.ticket === ticket);
  // Its time was over.
  if (index < 0) return;
  const [{ source, account: name, digest, identity }] = of.underWay.splice(index, 1);
  const { profile, key, timestamp, difficultyBits } = identity.claim;
  const account = accountOf(of.sources, name, of.now);
  const requiredWork = workRequired(of, profile, account, key);
  // It may have waited, and another record of the key been faster.
  const before = find(of.known, key);
  const isStale = wallMs - timestamp > AGE_MAX_MS || (before !== undefined && before.timestamp >= timestamp);
  const verdict: Verdict = isStale
    ? { ok: false, why: "stale", isFault: false }
    : verdictOf(judgement, difficultyBits, requiredWork);
  if (!verdict.ok) {
    const { why, isFault } = verdict;
    // What is only too little today may be enough tomorrow.
    if (isFault) remember(of.refused, digest);
    effects.push({ type: "refused", source, why, isFault, requiredWork });
    return;
  }
  const { work, address } = verdict;
  const known: Known = { key, digest, timestamp, work, address };
  keep(of.known, known);
  countIdentity(account, hex(key), of.now);
  effects.push(accepted(source, known, true));
}

type Verdict =
  | { readonly ok: true; readonly work: number; readonly address: Uint8Array }
  | { readonly ok: false; readonly why: IdentityRefusal; readonly isFault: boolean };

function verdictOf(judgement: Judgement, difficultyBits: number, required: number): Verdict {
  if (judgement.type === "lost") return { ok: false, why: "no verdict", isFault: false };
  if (judgement.type !== "proved") return { ok: false, why: judgement.type, isFault: true };
  const { work, address } = judgement;
  // An honest kiosk knows what its own hash is worth.
  if (work < 2 ** difficultyBits) return { ok: false, why: "too little work", isFault: true };
  if (work < required) return { ok: false, why: "too little work", isFault: false };
  return { ok: true, work, address };
}

const accepted = (source: string, { key, address, work, timestamp }: Known, isNew: boolean): IdentityEffect => ({
  ...{ type: "accepted", source, key, address, work, isNew },
  untilMs: timestamp + AGE_MAX_MS,
});
