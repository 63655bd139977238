/** What a kiosk is told: what its file says, and where that is silent, what follows from the rest of it. */
import { PHASES } from "./phases.ts";
import type { WrittenConfig } from "./schema.ts";
import { TRANSPORTS } from "./transports.ts";

type Filled<T, Keys extends keyof T> = Omit<T, Keys> & { readonly [key in Keys]-?: NonNullable<T[key]> };

type Depending = "identity" | "consensus" | "fault_detection" | "performance";

export interface Config extends Readonly<Omit<WrittenConfig, Depending>> {
  readonly identity: Filled<WrittenConfig["identity"], "work_bits">;
  readonly consensus: Filled<
    WrittenConfig["consensus"],
    "timeout_ms" | "view_change_timeout_ms" | "max_faulty_nodes" | "checkpoint_interval"
  >;
  readonly fault_detection: Filled<WrittenConfig["fault_detection"], "anomaly_detection" | "statistical_analysis">;
  readonly performance: Filled<WrittenConfig["performance"], "fast_path_enabled" | "batch_size" | "pipeline_depth">;
}

/** Expected attempts of each profile, as a power of two. */
export const WORK_BITS: { readonly [profile in WrittenConfig["identity"]["profile"]]: number } = Object.freeze({
  bleLight: 16,
  ecRust: 17,
  legacyS0: 20,
});

/** Of so many, those that may be Byzantine without harm. */
export const faultsOf = (kiosks: number): number => Math.floor((kiosks - 1) / 3);

export function withDefaults(written: WrittenConfig): Config {
  const { identity, consensus, fault_detection: detection, performance, table } = written;
  const usual = TRANSPORTS[consensus.transport];
  const phase = PHASES[performance.phase];
  return {
    ...written,
    identity: { ...identity, work_bits: identity.work_bits ?? WORK_BITS[identity.profile] },
    consensus: {
      ...consensus,
      timeout_ms: consensus.timeout_ms ?? usual.timeoutMs,
      view_change_timeout_ms: consensus.view_change_timeout_ms ?? usual.viewChangeTimeoutMs,
      max_faulty_nodes: consensus.max_faulty_nodes ?? faultsOf(table.kiosks),
      checkpoint_interval: consensus.checkpoint_interval ?? usual.checkpointInterval,
    },
    fault_detection: {
      ...detection,
      anomaly_detection: detection.anomaly_detection ?? phase.looksForOddAnswers,
      statistical_analysis: detection.statistical_analysis ?? phase.looksForOddAnswers,
    },
    performance: {
      ...performance,
      fast_path_enabled: performance.fast_path_enabled ?? phase.fastPath,
      batch_size: performance.batch_size ?? phase.batchSize,
      pipeline_depth: performance.pipeline_depth ?? Math.min(usual.pipelineDepth, phase.pipelineDepthMax),
    },
  };
}
