/** What a kiosk is told: what its file says, and where that is silent, what follows from the rest of it. */
import type { WrittenConfig } from "./schema.ts";
import { TRANSPORTS } from "./transports.ts";

type Filled<T, Keys extends keyof T> = Omit<T, Keys> & { readonly [key in Keys]-?: NonNullable<T[key]> };

export interface Config extends Readonly<Omit<WrittenConfig, "identity" | "consensus" | "performance">> {
  readonly identity: Filled<WrittenConfig["identity"], "work_bits">;
  readonly consensus: Filled<
    WrittenConfig["consensus"],
    "timeout_ms" | "view_change_timeout_ms" | "max_faulty_nodes" | "checkpoint_interval"
  >;
  readonly performance: Filled<WrittenConfig["performance"], "pipeline_depth">;
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
  const { identity, consensus, performance, table } = written;
  const usual = TRANSPORTS[consensus.transport];
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
    performance: { ...performance, pipeline_depth: performance.pipeline_depth ?? usual.pipelineDepth },
  };
}
