/** A journal of which every record is known, for what becomes of it on a bad disk. */
import { SimulatedDisk } from "../simulated-disk.ts";
import { cut, opened, write } from "./opening.ts";

export const FIRST = "journal-0000000001";
export const SECOND = "journal-0000000002";

/** A compaction, three flushes, a restart, two flushes: what its disk keeps, and what is in the second file by words. */
export async function example(): Promise<{ readonly disk: SimulatedDisk; readonly words: readonly string[] }> {
  const disk = new SimulatedDisk();
  const first = await opened(disk);
  await write(first, "gone gone gone");
  await first.journal.compact([new TextEncoder().encode("snapshot"), new TextEncoder().encode("rest")]);
  await write(first, "one two three");
  await write(first, "four");
  await write(first, "five six");
  await first.journal.close();
  const second = await opened(disk, 100);
  await write(second, "seven eight");
  await write(second, "nine ten");
  return { disk: cut(disk), words: "snapshot rest one two three four five six seven eight nine ten".split(" ") };
}

export const isPrefix = (found: string, words: readonly string[]): boolean =>
  found === words.slice(0, found === "" ? 0 : found.split(" ").length).join(" ");

/** With the file's bytes changed, on a copy of the disk. */
export function spoilt(disk: SimulatedDisk, change: (bytes: Uint8Array) => Uint8Array): SimulatedDisk {
  const copy = cut(disk);
  copy.spoil(SECOND, change(copy.keptBytes(SECOND).slice()));
  return copy;
}
