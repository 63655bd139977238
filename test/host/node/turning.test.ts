import { expect, test } from "vitest";
import { TURN_MAX_MS } from "../../../host/service/limits.ts";
import { mayFeed } from "../../../host/service/watchdog.ts";
import type { Disk, DiskFile } from "../../../host/storage/disk.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { withFiles } from "../storage/other-files.ts";
import { SimulatedDisk } from "../storage/simulated-disk.ts";
import { Neighbours } from "./neighbours.ts";

/** A card that answers no flush any more, once it has stopped. */
function stopping(): { readonly disk: Disk; stop(): void } {
  const disk = new SimulatedDisk();
  let isStopped = false;
  const file = (of: DiskFile): DiskFile => ({
    append: (bytes) => of.append(bytes),
    appendSync: (bytes) => of.appendSync(bytes),
    sync: () => (isStopped ? new Promise<never>(() => {}) : of.sync()),
    syncSync: () => of.syncSync(),
    close: () => of.close(),
  });
  return {
    disk: withFiles(disk, file),
    stop() {
      isStopped = true;
    },
  };
}

test("a kiosk whose card answers no flush stays in one turn, and its watchdog is fed no more; the others' are", async () => {
  const of = new Neighbours(4);
  const { disk, stop } = stopping();
  const started = await of.tryStart(0, disk);
  assert(started.ok, "it starts");
  for (const at of [1, 2, 3]) await of.start(at);
  const fed = (at: number): boolean => {
    const turningSince = of.kiosks[at]!.node!.turningSince();
    return mayFeed({ startedAt: of.now, radioCount: 0, radioAnsweredAt: undefined, turningSince }, of.now).ok;
  };
  of.submit(0, "a", "1");
  await of.run(2_000);
  expect(started.node.turningSince()).toBeUndefined();
  stop();
  of.submit(0, "a", "2");
  const stoppedAt = of.now;
  await of.run(2 * TURN_MAX_MS);
  expect(started.node.turningSince()).toBeLessThan(stoppedAt + 1_000);
  expect([0, 1, 2, 3].map(fed)).toEqual([false, true, true, true]);
}, 30_000);
