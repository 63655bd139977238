/** The bytes of one operation in the steady state of a table under load. */
import type { Options } from "../../host/engine/consensus/options.ts";
import { load, runSequences } from "./consensus-load.ts";
import { mesh } from "./consensus-mesh.ts";
import { tare, total, type Weight } from "./consensus-scale.ts";

export interface CostCase {
  readonly memberCount: number;
  readonly options: Options;
  readonly signedSize: number;
  /** Requests of each kiosk. */
  readonly underWay: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Between checkpoints, that are counted. */
  readonly intervals: number;
  /** The member that neither hears nor speaks. */
  readonly silent?: number;
}

export interface Cost {
  /** All of these for one operation. */
  readonly all: Weight;
  readonly kinds: ReadonlyMap<string, Weight>;
  readonly operationsPerSecond: number;
  readonly operationsPerBatch: number;
}

export function costOf(of: CostCase): Cost {
  const { memberCount, options, delayMs, jitterMs, silent } = of;
  const table = mesh({ memberCount, options, delayMs, jitterMs });
  if (silent !== undefined) table.seats[silent]!.isSilent = true;
  const self = load(table, of.signedSize, of.underWay);
  runSequences(table, self, WARM_UP_INTERVALS * options.checkpointEvery);
  tare(table.scale);
  const begun = { executed: self.executed, sequences: self.sequences, at: table.now };
  runSequences(table, self, of.intervals * options.checkpointEvery);
  const executed = self.executed - begun.executed;
  const each = (weight: Weight): Weight => ({
    messages: weight.messages / executed,
    bytes: weight.bytes / executed,
    broadcasts: weight.broadcasts / executed,
    broadcastBytes: weight.broadcastBytes / executed,
  });
  return {
    all: each(total(table.scale)),
    kinds: new Map([...table.scale.kinds].map(([kind, weight]) => [kind, each(weight)])),
    operationsPerSecond: (executed * 1000) / (table.now - begun.at),
    operationsPerBatch: executed / (self.sequences - begun.sequences),
  };
}

const WARM_UP_INTERVALS = 2;
