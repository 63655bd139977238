/** Which of this kiosk's tables an envelope means: by the short id on the way, and by the epoch. */
import type { Epoch } from "../core/units.ts";
import { shortTableId } from "./envelope.ts";

/** One table in one epoch. */
export interface TableName {
  readonly id: Uint8Array;
  readonly epoch: Epoch;
}

/** An epoch is old only where a later one of that table is known, and none that fits. */
export function findTable<T extends TableName>(
  tables: readonly T[],
  shortId: number,
  epoch: Epoch,
): T | "unknown table" | "old epoch" | "future epoch" {
  let other: "unknown table" | "old epoch" | "future epoch" = "unknown table";
  for (const table of tables) {
    if (shortTableId(table.id) !== shortId) continue;
    if (table.epoch === epoch) return table;
    if (other !== "old epoch") other = epoch < table.epoch ? "old epoch" : "future epoch";
  }
  return other;
}
