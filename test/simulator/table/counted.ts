/** What boards say that they carried. */
import type { Table } from "./table.ts";

export interface Counted {
  readonly at: number;
  /** Values that all boards together gave to their stacks or had from them. */
  readonly values: number;
  /** Bytes that hosts gave them, the serial line's own among them. */
  readonly bytes: number;
}

const TOLD_WITHIN_MS = 500;

/** As they tell it themselves, each since it was started. */
export async function counted(table: Table): Promise<Counted> {
  for (const { process } of table.kiosks) process?.running?.radios.askCounters();
  await table.run(TOLD_WITHIN_MS);
  let [values, bytes] = [0, 0];
  for (const { process } of table.kiosks) {
    for (const { counters } of process?.running?.radios.reports() ?? []) {
      values += (counters["air.transmitted"] ?? 0) + (counters["air.delivered"] ?? 0);
      bytes += counters["serial.bytesIn"] ?? 0;
    }
  }
  return { at: table.clock.now, values, bytes };
}
