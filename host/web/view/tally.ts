/** What a kiosk counts of its engine's effects, for screens and figures. All of it begins with the process. */
import type { Certificate } from "../../../protocol/agreement/certificate.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import { DICE_SEAT } from "../../node/limits.ts";
import { LATENCIES_SHOWN_MAX } from "../contract/limits.ts";
import { type Histogram, histogram, LATENCY_BOUNDS_S, observe } from "../server/histogram.ts";

export interface Tally {
  /** Sequences decided by the votes of all, and by commits. */
  fast: number;
  slow: number;
  decided: number;
  viewChanges: number;
  view: number;
  /** Sequences executed, those with requests in them, and these. */
  rounds: number;
  batches: number;
  requests: number;
  readonly latency: Histogram;
  latenciesMs: number[];
  /** Why it signs nothing, if so. */
  muted: string | undefined;
  /** The last that proves something of what was executed. */
  certificate: Certificate | undefined;
  /** When own requests were made, by their numbers: those of people and bots, not what the dice want. */
  readonly asked: Map<number, number>;
}

/** `decided` and `view`: where the kiosk stands as it begins. */
export const tally = (decided: number, view: number): Tally => ({
  ...{ fast: 0, slow: 0, decided, viewChanges: 0, view, rounds: 0, batches: 0, requests: 0 },
  ...{ latency: histogram(LATENCY_BOUNDS_S), latenciesMs: [], muted: undefined, certificate: undefined },
  asked: new Map(),
});

/** `at`: of a clock that only runs. */
export function count(of: Tally, effect: Effect, at: number): void {
  switch (effect.type) {
    case "muted":
      of.muted = effect.why;
      break;
    case "unmuted":
      of.muted = undefined;
      break;
    case "entered":
      if (effect.view > of.view) of.viewChanges += 1;
      of.view = Math.max(of.view, effect.view);
      break;
    case "executed":
      of.rounds += 1;
      if (effect.done.length > 0) of.batches += 1;
      of.requests += effect.done.length;
      break;
    case "answered": {
      const askedAt = of.asked.get(effect.number);
      of.asked.delete(effect.number);
      if (askedAt !== undefined) answeredAfter(of, at - askedAt);
      break;
    }
    case "persist": {
      const { record } = effect;
      if (record.type === "request" && record.signed.request.seat !== DICE_SEAT) {
        of.asked.set(record.signed.request.number, at);
        for (const old of of.asked.keys()) if (of.asked.size > ASKED_MAX) of.asked.delete(old);
      }
      if (record.type !== "decided") break;
      const { certificate } = record;
      const { sequence, phase } = certificate;
      of[phase === "unanimous" ? "fast" : "slow"] += Math.max(0, sequence - of.decided);
      of.decided = Math.max(of.decided, sequence);
      of.certificate = certificate;
      break;
    }
    default:
      break;
  }
}

/** Several times what one kiosk may have under way. */
const ASKED_MAX = 1_024;

function answeredAfter(of: Tally, ms: number): void {
  observe(of.latency, ms / 1000);
  of.latenciesMs = [...of.latenciesMs, Math.round(ms)].slice(-LATENCIES_SHOWN_MAX);
}
