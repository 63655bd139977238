/** How a table agrees, as its founder's configuration has it and every kiosk of it must have it. */
import type { Config } from "../../config/defaults.ts";
import type { Options } from "../../engine/consensus/options.ts";
import { PROFILES, type Profile } from "../../engine/timing/profiles.ts";

/** Numbers and words alone: it is written into files that people carry from kiosk to kiosk. */
export interface Agreed {
  readonly transport: Profile["name"];
  /** From a request to its proposal; the later phases are in proportion. */
  readonly timeoutMs: number;
  readonly viewChangeMs: number;
  readonly checkpointEvery: number;
  readonly window: number;
  readonly batchLengthMax: number;
  readonly fastPath: boolean;
}

export const agreedIn = ({ consensus, performance }: Config): Agreed => ({
  ...{ transport: consensus.transport, timeoutMs: consensus.timeout_ms },
  ...{ viewChangeMs: consensus.view_change_timeout_ms, checkpointEvery: consensus.checkpoint_interval },
  ...{ window: performance.pipeline_depth, batchLengthMax: performance.batch_size },
  fastPath: performance.fast_path_enabled,
});

/** Of a table of which nobody said anything. */
export const USUAL: Agreed = Object.freeze({
  ...{ transport: "BLE", timeoutMs: 1_600, viewChangeMs: 4_000, checkpointEvery: 50, window: 8 },
  ...{ batchLengthMax: 50, fastPath: true },
});

/** Versions of the rules that this program can play. */
const RULES: readonly number[] = Object.freeze([1]);

export function consensusOf(agreed: Agreed): Options {
  const { checkpointEvery, window, batchLengthMax, fastPath } = agreed;
  return {
    ...{ checkpointEvery, window, batchLengthMax, fastPath },
    ...{ bundles: true, lazy: true, rules: RULES, profile: profileOf(agreed) },
  };
}

/** The transport's own profile where nothing was changed, so that it is the same object everywhere. */
function profileOf({ transport, timeoutMs, viewChangeMs }: Agreed): Profile {
  const usual = PROFILES.find(({ name }) => name === transport) as Profile;
  if (timeoutMs === usual.proposeMs && viewChangeMs === usual.viewChangeMs) return usual;
  const share = timeoutMs / usual.proposeMs;
  const [prepareMs, commitMs] = [usual.prepareMs, usual.commitMs].map((ms) => Math.ceil(ms * share));
  return {
    ...usual,
    ...{ proposeMs: timeoutMs, prepareMs, commitMs, viewChangeMs },
    // What holds before any measurement may hold after it.
    timeoutMaxMs: Math.max(usual.timeoutMaxMs, timeoutMs + prepareMs + commitMs),
  };
}
