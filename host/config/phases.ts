/** How far a table has come: what it uses where its file says nothing else. No phase has less of what keeps chips safe, for none of
 * that can be turned off: signatures, quorums, changes of view, checkpoints, recovery, and whoever lies loses its seat. */
import { SLOTS_MAX } from "../../protocol/core/limits.ts";

export type PhaseName = "basic" | "advanced" | "robust";

export interface Phase {
  readonly batchSize: number;
  readonly pipelineDepthMax: number;
  readonly looksForOddAnswers: boolean;
  readonly fastPath: boolean;
}

export const PHASES: { readonly [name in PhaseName]: Phase } = Object.freeze({
  basic: Object.freeze({ batchSize: 1, pipelineDepthMax: 1, looksForOddAnswers: false, fastPath: false }),
  advanced: Object.freeze({ batchSize: 50, pipelineDepthMax: SLOTS_MAX, looksForOddAnswers: true, fastPath: false }),
  robust: Object.freeze({ batchSize: 50, pipelineDepthMax: SLOTS_MAX, looksForOddAnswers: true, fastPath: true }),
});
