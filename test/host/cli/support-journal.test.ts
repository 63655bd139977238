import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { journalFigures } from "../../../host/cli/commands/support-journal.ts";
import { NodeRecord } from "../../../host/node/node-record.ts";
import { FLUSH_COST_SIZE } from "../../../host/service/card-budget.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { agreedMillis, counter, sequence } from "../../../protocol/core/units.ts";
import { folders } from "../storage/folders.ts";

const made = folders();
afterEach(() => made.removeAll());

const START_MS = 1_790_000_000_000;

/** A batch that nobody asked anything in. */
function batchAt(number: number, ms: number): Uint8Array {
  const name = { digest: new Uint8Array(32).fill(number), size: 1 };
  const batch = { time: agreedMillis(START_MS + ms), barrier: undefined, requests: [] };
  const record = { type: "batch", sequence: sequence(number), name, batch } as const;
  return encode(NodeRecord, { type: "engine", record }).slice();
}

test("a journal's figures are its records by kind, its flushes, and what a day at its pace costs the card", async () => {
  const folder = made.make();
  const opened = await openJournal(fileDisk(join(folder, "journal")));
  assert(opened.ok, "a new journal opens");
  const { journal } = opened;
  const counters = encode(NodeRecord, { type: "counters", below: counter(7) }).slice();
  let size = 0;
  for (let flush = 0; flush < 6; flush++) {
    for (const record of [batchAt(2 * flush + 1, 10_000 * flush), counters, Uint8Array.of(0xff)]) {
      journal.append(record);
      size += record.length;
    }
    await journal.flush();
  }
  const figures = journalFigures(folder);
  expect(figures).toMatchObject({ records: 18, sizeOfRecords: size, operations: 0, flushes: 6, spanMs: 50_000 });
  expect(Object.entries(figures.kinds).map(([kind, { count }]) => [kind, count])).toEqual([
    ...[
      ["batch", 6],
      ["counters", 6],
      ["unknown", 6],
    ],
  ]);
  expect(figures.budget?.bytesADay).toBe(Math.round(((size + 6 * FLUSH_COST_SIZE) * 86_400) / 50));
  // Looked at while it is open, and left as it is.
  journal.append(counters);
  await journal.close();
  const again = await openJournal(fileDisk(join(folder, "journal")));
  assert(again.ok, "it opens");
  expect([again.verdict.type, again.records.length]).toEqual(["clean", 19]);
  await again.journal.close();
});

test("a journal that is spoilt has figures too, and says so", async () => {
  const folder = made.make();
  const opened = await openJournal(fileDisk(join(folder, "journal")));
  assert(opened.ok, "a new journal opens");
  await opened.journal.close();
  const { files, records, damage } = journalFigures(folder);
  expect([files.length, records, damage]).toEqual([1, 0, undefined]);
  writeFileSync(join(folder, "journal", files[0]!.name), "nothing of it is left");
  expect(journalFigures(folder)).toMatchObject({ records: 0, flushes: 0, damage: expect.stringContaining("damaged") });
});
