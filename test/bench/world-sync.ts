/** How long a kiosk takes that comes with an empty card to a table whose state is 64 KiB, while that table plays. */
import { independent } from "../../hardware/virtual/air/bursts.ts";
import { sha256 } from "../../host/crypto/sha256.ts";
import type { Machine } from "../../host/engine/machine.ts";
import type { CrapsTable } from "../../host/node/craps-table.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import { HONEST } from "../simulator/table/kiosk.ts";
import type { Row } from "./bench.ts";
import { play } from "./world-cost.ts";
import { linkedTable } from "./world-table.ts";

const STATE_SIZE = 65_536;
const LOSS = 0.05;
const TARGET_S = 30;
const WITHIN_S = 300;
const BEFORE_MS = 30_000;
const LOOK_MS = 100;
const COMER = 3;

/** In a ring of four: of those who have the state two are one link away and one is two. */
export async function syncRows(): Promise<Row[]> {
  const table = await linkedTable({
    ...{ shape: "ring", bursts: independent(LOSS), consensus: { checkpointEvery: 20 } },
    launch: (options) => HONEST({ ...options, past: { machineOf: heavy, retell: (records) => records } }),
  });
  play(table);
  await table.run(BEFORE_MS);
  table.kill(COMER);
  const comer = table.kiosks[COMER]!;
  comer.disk = comer.disk.restored(new Map());
  await table.run(1000);
  const goal = table.kiosks[0]!.process?.running?.node.replica.executed ?? 0;
  const since = table.clock.now;
  table.start(COMER);
  const isThere = (): boolean => {
    const [own, theirs] = [comer, table.kiosks[0]!].map(({ process }) => process?.running?.node.replica);
    if (own === undefined || theirs === undefined || own.executed < goal) return false;
    return own.executed < theirs.executed || bytesEqual(own.state.history, theirs.state.history);
  };
  while (!isThere() && table.clock.now < since + 1000 * WITHIN_S) await table.run(LOOK_MS);
  const value = (table.clock.now - since) / 1000;
  table.end();
  return [{ metric: "sync-64k", value, unit: "virtual s", baseline: TARGET_S, ratio: value / TARGET_S }];
}

/** The same table, and what nothing makes smaller. */
function heavy(machine: Machine<CrapsTable>): Machine<CrapsTable> {
  const ballast = drawBytes(chance(64), STATE_SIZE);
  const name = sha256(ballast);
  return {
    ...machine,
    snapshot(state) {
      const own = machine.snapshot(state);
      const bytes = new Uint8Array(STATE_SIZE + own.length);
      bytes.set(ballast);
      bytes.set(own, STATE_SIZE);
      return bytes;
    },
    restore: (bytes) =>
      bytesEqual(sha256(bytes.subarray(0, STATE_SIZE)), name) ? machine.restore(bytes.slice(STATE_SIZE)) : undefined,
  };
}
