/** What a journal costs on this disk: appending, flushing, compacting, opening. */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileDisk } from "../../../../host/storage/file-disk.ts";
import type { Journal } from "../../../../host/storage/journal/journal.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { type Bench, median } from "../../../bench/bench.ts";
import { folders } from "../folders.ts";

const RECORDS = 100_000;
const RECORD = new Uint8Array(200).fill(0x5a);
const FLUSHES = 300;
const OPENINGS = 7;

export const bench: Bench = async () => {
  const here = folders();
  try {
    const folder = here.make();
    const appendNs: number[] = [];
    const flushUs: number[] = [];
    const flushSyncUs: number[] = [];
    const openMs: number[] = [];
    let journal = await open(folder);
    for (let times = 0; times < 10; times++) {
      const each = RECORDS / 10;
      appendNs.push((await nanoseconds(() => appendMany(journal, each))) / each);
      await journal.flush();
    }
    for (let times = 0; times < OPENINGS; times++) {
      await journal.close();
      openMs.push((await nanoseconds(async () => void (journal = await open(folder)))) / 1e6);
    }
    for (let times = 0; times < FLUSHES; times++) {
      journal.append(RECORD);
      flushUs.push((await nanoseconds(() => journal.flush())) / 1e3);
      journal.append(RECORD);
      flushSyncUs.push((await nanoseconds(() => journal.flushSync())) / 1e3);
    }
    const live = [new Uint8Array(65_536), ...new Array(50).fill(RECORD)];
    const compactMs = (await nanoseconds(() => journal.compact(live))) / 1e6;
    await journal.close();
    const bareUs = bareFlushes(here.make());
    return [
      { metric: "append-200", value: median(appendNs), unit: "ns" },
      { metric: "flush-1", value: median(flushUs), unit: "µs", baseline: bareUs, ratio: median(flushUs) / bareUs },
      {
        metric: "flush-sync-1",
        value: median(flushSyncUs),
        unit: "µs",
        baseline: bareUs,
        ratio: median(flushSyncUs) / bareUs,
      },
      { metric: "open-100000", value: median(openMs), unit: "ms" },
      { metric: "compact-64k", value: compactMs, unit: "ms" },
    ];
  } finally {
    here.removeAll();
  }
};

async function open(folder: string): Promise<Journal> {
  const opened = await openJournal(fileDisk(folder));
  assert(opened.ok, "the journal opens");
  return opened.journal;
}

function appendMany(journal: Journal, count: number): void {
  for (let at = 0; at < count; at++) assert(journal.append(RECORD) === "buffered", "there is room");
}

/** The least that a durable write of the same size can cost here. */
function bareFlushes(folder: string): number {
  const file = openSync(join(folder, "bare"), "a");
  const us: number[] = [];
  for (let times = 0; times < FLUSHES; times++) {
    const start = process.hrtime.bigint();
    writeSync(file, RECORD);
    fdatasyncSync(file);
    us.push(Number(process.hrtime.bigint() - start) / 1e3);
  }
  closeSync(file);
  return median(us);
}

async function nanoseconds(act: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await act();
  return Number(process.hrtime.bigint() - start);
}
