import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { readBackup } from "../../../host/backup/read-backup.ts";
import { restoreBackup } from "../../../host/backup/restore.ts";
import { takeBackup } from "../../../host/backup/take-backup.ts";
import { HISTORY_NAME, inPlace, openHistory } from "../../../host/storage/history/history.ts";
import { readHistory } from "../../../host/storage/history/read-history.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { emitted } from "../../xs/engine/run.ts";
import { folders } from "../storage/folders.ts";
import { batchAt, TABLE } from "../storage/history/entries.ts";
import { makeKiosk } from "./kiosk.ts";

const made = folders();
afterEach(() => made.removeAll());

/** What the backup brings to an empty folder. */
async function roundTrip(folder: string) {
  const path = join(made.make(), "backup.tar.gz");
  const order = { folder, config: undefined, secret: undefined, passphrase: undefined, program: "0.0.0" } as const;
  const taken = await takeBackup({ ...order, why: "scheduled", atMs: 0, salt: 7 }, () => path);
  assert(taken.ok, "a backup is taken");
  const backup = await readBackup(path, undefined);
  assert(backup.ok, "a backup is whole");
  const at = join(made.make(), "again");
  const restored = restoreBackup(backup, at);
  assert(restored.ok, "it is restored");
  return { at, manifest: taken.manifest, made: restored.made };
}

/** More than are written in the time of one backup. */
const NOTED_BETWEEN = 4_000;

const numbersTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

test("backups taken while a history is written bring it back whole, with all that was written when they began", async () => {
  const { folder } = await makeKiosk({ at: join(made.make(), "kiosk") });
  const { openHistory: openBuilt } = await (import(
    pathToFileURL(emitted("host/storage/history/history.ts")).href
  ) as Promise<typeof import("../../../host/storage/history/history.ts")>);
  // In a thread of its own, as a kiosk's is.
  const history = openBuilt({ path: join(folder, HISTORY_NAME), table: TABLE });
  let noted = 0;
  for (let backups = 0; backups < 3; backups++) {
    await history.newest();
    const before = noted;
    while (noted < before + NOTED_BETWEEN) history.note(batchAt(++noted));
    const { at, manifest } = await roundTrip(folder);
    expect(manifest.files.map(({ name }) => name)).toContain("history.db");
    expect(manifest.leftOut).toEqual(["history.sqlite"]);
    const read = await readHistory(join(at, HISTORY_NAME), ({ newest, operations }) =>
      numbersTo(newest() ?? 0).map((sequence) => operations(sequence)),
    );
    assert(read.ok, "what was restored is a history");
    expect(read.value.length).toBeGreaterThanOrEqual(before);
    expect(read.value).toEqual(numbersTo(read.value.length).map(batchAt));
  }
  await history.close();
}, 30_000);

test("a restored history goes on where it was, and its log is not needed", async () => {
  const { folder } = await makeKiosk({ at: join(made.make(), "kiosk") });
  const before = openHistory({ path: join(folder, HISTORY_NAME), table: TABLE }, { hire: inPlace });
  before.note(batchAt(1));
  await before.newest();
  const { at } = await roundTrip(folder);
  expect(readdirSync(at).filter((name) => name.startsWith(HISTORY_NAME))).toEqual([HISTORY_NAME]);
  const after = openHistory({ path: join(at, HISTORY_NAME), table: TABLE }, { hire: inPlace });
  after.note(batchAt(2));
  expect(await after.batches(9)).toEqual([batchAt(2), batchAt(1)]);
  await Promise.all([before.close(), after.close()]);
});

test("a history that is damaged, or is none, keeps nobody's journal from being backed up, and is told of", async () => {
  const { folder, records } = await makeKiosk({ at: join(made.make(), "kiosk") });
  const path = join(folder, HISTORY_NAME);
  const history = openHistory({ path, table: TABLE }, { hire: inPlace });
  for (let sequence = 1; sequence <= 200; sequence++) history.note(batchAt(sequence));
  await history.close();
  const sound = readFileSync(path);
  for (const bytes of [Buffer.from("no database"), sound.fill(0x5a, 3 * 4096, 9 * 4096)]) {
    writeFileSync(path, bytes);
    const { at, manifest } = await roundTrip(folder);
    expect(manifest.journal).toEqual({ records: records.length, damage: null });
    expect(manifest.leftOut).toContain(HISTORY_NAME);
    expect(existsSync(join(at, HISTORY_NAME))).toBe(false);
  }
}, 20_000);
