/** Openings that must succeed, and what tests ask of a journal's folder. */
import type { Disk } from "../../../../host/storage/disk.ts";
import { type OpenedJournal, openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { utf8Decode, utf8Encode } from "../../../../protocol/bytes/utf8.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { chance } from "../../../../protocol/core/chance.ts";
import { MANNERS, type SimulatedDisk } from "../simulated-disk.ts";

export type Open = OpenedJournal & { readonly ok: true };

export async function opened(disk: Disk, salt = 1): Promise<Open> {
  const answer = await openJournal(disk, { drawSalt: () => salt++ });
  assert(answer.ok, `the journal opens: ${answer.ok || answer.why}`);
  return answer;
}

export const bytesOf = (text: string): Uint8Array => utf8Encode(text);
export const texts = (records: readonly Uint8Array[]): string => records.map((each) => utf8Decode(each)).join(" ");

/** Appends words one by one and flushes them together. */
export async function write({ journal }: Open, words: string): Promise<void> {
  for (const word of words.split(" ")) assert(journal.append(bytesOf(word)) === "buffered", "there is room");
  await journal.flush();
}

/** What is left where nothing is kept but what was synced. */
export const cut = (disk: SimulatedDisk): SimulatedDisk => disk.afterCut(MANNERS[0]!, chance(1));

export const journalFiles = (disk: Disk): readonly string[] =>
  [...disk.list()].filter((name) => !name.startsWith("lock-")).sort();
