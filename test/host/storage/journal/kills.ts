/** Kills real processes that write a real journal, at moments that a seed draws: from outside after some acknowledgement, or by
 * their own hand at some operation of the disk. After each the next one tells what it has found. */
import { spawn } from "node:child_process";
import { fileDisk } from "../../../../host/storage/file-disk.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { type Chance, chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { median } from "../../../bench/bench.ts";
import { emitted } from "../../../xs/engine/run.ts";

export interface Kills {
  readonly folder: string;
  readonly count: number;
  readonly seed: number;
  /** Records that are there before the first one starts. */
  readonly fill: number;
  /** Flushes between two compactions; 0: none. */
  readonly compactEvery: number;
}

export interface Killed {
  readonly kills: number;
  /** Numbers that had been acknowledged and were not there again. */
  readonly lost: number;
  readonly acknowledged: number;
  /** How often each was found. */
  readonly verdicts: { readonly [verdict: string]: number };
  /** By the clock, which other work on this machine and its disk delays; and of this process alone. */
  readonly openMsMedian: number;
  readonly openMsMax: number;
  readonly openCpuMsMax: number;
}

/** Its number, and bytes that follow from it, of many sizes. */
export function numbered(number: number): Uint8Array {
  const bytes = new Uint8Array(100 + (number % 7) * 40).fill(number & 0xff);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

export function numberOf(record: Uint8Array): number {
  const number = new DataView(record.buffer, record.byteOffset).getUint32(0);
  assert(Buffer.from(numbered(number)).equals(record), "a record is as it was written");
  return number;
}

const OPERATIONS_MAX = 120;
const LINES_MAX = 30;

export async function kills({ folder, count, seed, fill, compactEvery }: Kills): Promise<Killed> {
  const random = chance(seed);
  await prepare(folder, fill);
  const verdicts: { [verdict: string]: number } = {};
  let acknowledged = fill - 1;
  let lost = 0;
  const openMs: number[] = [];
  let openCpuMsMax = 0;
  for (let round = 0; round < count; round++) {
    const lines = await oneLife(folder, compactEvery, random, round % 2 === 0);
    const [found, ...acknowledgements] = lines;
    // Killed before it had opened: the next one tells.
    if (found === undefined) continue;
    const { verdict, first, count: records, ...took } = JSON.parse(found);
    verdicts[verdict] = 1 + (verdicts[verdict] ?? 0);
    openMs.push(took.openMs);
    openCpuMsMax = Math.max(openCpuMsMax, took.openCpuMs);
    lost += Math.max(0, acknowledged - (first + records - 1));
    acknowledged = Math.max(acknowledged, Number(acknowledgements.at(-1) ?? -1));
  }
  const last = await openJournal(fileDisk(folder));
  assert(last.ok, "the last one opens");
  const numbers = last.records.map(numberOf);
  lost += Math.max(0, acknowledged - (numbers.at(-1) ?? -1));
  await last.journal.close();
  const times = { openMsMedian: median(openMs), openMsMax: Math.max(...openMs), openCpuMsMax };
  return { kills: count, lost, acknowledged: acknowledged + 1, verdicts, ...times };
}

async function prepare(folder: string, fill: number): Promise<void> {
  const opened = await openJournal(fileDisk(folder));
  assert(opened.ok, "a new journal opens");
  for (let number = 0; number < fill; number++) {
    if (opened.journal.append(numbered(number)) === "buffered") continue;
    await opened.journal.flush();
    number -= 1;
  }
  await opened.journal.close();
}

/** What it said, in whole lines. */
function oneLife(
  folder: string,
  compactEvery: number,
  random: Chance,
  isByItsOwnHand: boolean,
): Promise<readonly string[]> {
  const dieAt = isByItsOwnHand ? [String(drawBelow(random, OPERATIONS_MAX))] : [];
  const killAfter = isByItsOwnHand ? Number.POSITIVE_INFINITY : drawBelow(random, LINES_MAX);
  const words = [emitted("test/host/storage/journal/kill-child.ts"), folder, String(compactEvery), ...dieAt];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let wrong = "";
  child.stderr.on("data", (more) => {
    wrong += more;
  });
  child.stdout.on("data", (more) => {
    text += more;
    if (text.split("\n").length > killAfter) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.once("close", (_, signal) => {
      if (signal === "SIGKILL") resolve(text.split("\n").slice(0, -1));
      else reject(new Error(`the program ended by itself: ${wrong}`));
    });
  });
}
