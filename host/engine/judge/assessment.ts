/** What is to be said of a peer by how it behaved: for people and for routes. Who is not known is unknown, and not Byzantine;
 * whoever seems so is looked at, and loses nothing. Whole numbers. */
import type { Conduct } from "./conduct.ts";
import { recentPpm } from "./conduct.ts";
import { CONSECUTIVE_FAULTS_MAX, SAMPLES_MIN, WHOLE_PPM } from "./limits.ts";

export type Indicator = "signature failures" | "inaccuracy" | "absence" | "low reputation";

export interface Assessment {
  /** Undefined where too little was seen to say. */
  readonly isByzantine: boolean | undefined;
  /** How sure: of the indicators that could be judged, those on this side. */
  readonly confidencePpm: number;
  readonly indicators: readonly Indicator[];
  readonly pattern: "unknown" | "steady" | "recovering" | "failing" | "erratic";
  readonly reputationPpm: number | undefined;
  readonly action: "none" | "watch" | "prefer other routes" | "show to people";
}

const UNKNOWN: Assessment = Object.freeze({
  isByzantine: undefined,
  confidencePpm: 0,
  indicators: Object.freeze([]),
  pattern: "unknown",
  reputationPpm: undefined,
  action: "none",
});

/** Two indicators of four. */
const INDICATORS_MIN = 2;

/** Of a million: below this a standing is low, where nobody has said otherwise. */
export const REPUTATION_MIN_PPM = 500_000;

export function assess(conduct: Conduct | undefined, reputationMinPpm = REPUTATION_MIN_PPM): Assessment {
  if (conduct === undefined) return UNKNOWN;
  const found = indicatorsOf(conduct, reputationMinPpm);
  if (found === undefined) return { ...UNKNOWN, reputationPpm: conduct.reputationPpm };
  const { indicators, judged } = found;
  const isByzantine = indicators.length >= INDICATORS_MIN;
  const agree = isByzantine ? indicators.length : judged - indicators.length;
  return {
    isByzantine,
    confidencePpm: Math.floor((agree * WHOLE_PPM) / judged),
    indicators,
    pattern: patternOf(conduct),
    reputationPpm: conduct.reputationPpm,
    action: actionOf(isByzantine, indicators.length, conduct),
  };
}

/** Each only where enough was seen of what it is about; nothing where that is so of none. */
function indicatorsOf(
  of: Conduct,
  reputationMinPpm: number,
): { readonly indicators: Indicator[]; readonly judged: number } | undefined {
  const indicators: Indicator[] = [];
  let judged = 0;
  const look = (samples: number, name: Indicator, isBad: boolean): void => {
    if (samples < SAMPLES_MIN) return;
    judged += 1;
    if (isBad) indicators.push(name);
  };
  look(of.observations, "signature failures", 10 * of.invalidSignatures > of.observations);
  look(of.checked, "inaccuracy", 10 * of.right < 8 * of.checked);
  look(of.asked, "absence", 10 * of.answered < 7 * of.asked);
  look(of.observations, "low reputation", of.reputationPpm < reputationMinPpm);
  return judged === 0 ? undefined : { indicators, judged };
}

function patternOf(of: Conduct): Assessment["pattern"] {
  if (of.observations < SAMPLES_MIN) return "unknown";
  const change = recentPpm(of) - Math.floor((of.successes * WHOLE_PPM) / of.observations);
  if (change > NOTABLE_PPM) return "recovering";
  if (change < -NOTABLE_PPM) return "failing";
  return recentPpm(of) < STEADY_PPM ? "erratic" : "steady";
}

function actionOf(isByzantine: boolean, indicators: number, of: Conduct): Assessment["action"] {
  if (isByzantine) return "show to people";
  if (of.consecutiveFaults >= CONSECUTIVE_FAULTS_MAX) return "prefer other routes";
  return indicators > 0 ? "watch" : "none";
}

const NOTABLE_PPM = 150_000;
const STEADY_PPM = 800_000;
