/** A program that is killed: it opens a journal, says what it found, and appends numbered records for ever; after each flush
 * it says the last number of which it knows that it is durable. Arguments: the folder, after how many flushes it compacts (0:
 * never), and at which operation of the disk it kills itself, halfway where that can be. */
import { writeSync } from "node:fs";
import { fileDisk } from "../../../../host/storage/file-disk.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { mortalDisk } from "../mortal-disk.ts";
import { numbered, numberOf } from "./kills.ts";

/** Records that a compaction leaves. */
const LIVE_COUNT = 5;

const [, , folder = "", compactEvery = "", dieAtText = ""] = process.argv;
const dieAt = dieAtText === "" ? Number.POSITIVE_INFINITY : Number(dieAtText);

// Whoever reads this has it, whatever becomes of us: a pipe takes it at once.
const say = (words: string): number => writeSync(1, `${words}\n`);

const cpuBefore = process.cpuUsage();
const began = process.hrtime.bigint();
const opened = await openJournal(mortalDisk(fileDisk(folder), dieAt));
const openMs = Number(process.hrtime.bigint() - began) / 1e6;
const cpu = process.cpuUsage(cpuBefore);
const openCpuMs = (cpu.user + cpu.system) / 1e3;
assert(opened.ok, `the journal opens: ${opened.ok || opened.why}`);
const { journal, records, verdict } = opened;
const numbers = records.map(numberOf);
say(JSON.stringify({ verdict: verdict.type, first: numbers[0] ?? 0, count: numbers.length, openMs, openCpuMs }));
for (const [at, number] of numbers.entries()) assert(number === numbers[0]! + at, "numbers follow each other");

let next = (numbers.at(-1) ?? -1) + 1;
for (let flushes = 1; ; flushes++) {
  for (let count = 1 + (next % 4); count > 0; count--) journal.append(numbered(next++));
  const last = next - 1;
  if (flushes % Number(compactEvery) === 0) {
    const live: Uint8Array[] = [];
    for (let number = Math.max(0, next - LIVE_COUNT); number < next; number++) live.push(numbered(number));
    const compacted = journal.compact(live);
    journal.append(numbered(next++));
    await compacted;
  }
  await journal.flush();
  say(String(Math.max(last, next - 1)));
}
