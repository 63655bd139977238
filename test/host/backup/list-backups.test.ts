import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listBackups } from "../../../host/backup/list-backups.ts";
import type { Reason } from "../../../host/backup/manifest.ts";
import { backupName } from "../../../host/backup/rotation.ts";
import { takeBackup } from "../../../host/backup/take-backup.ts";
import { folders } from "../storage/folders.ts";
import { makeKiosk, OWNER } from "./kiosk.ts";

const made = folders();
afterAll(() => made.removeAll());

const NOON_MS = 1_790_000_000_000;
let folder = "";

beforeAll(async () => {
  const kiosk = await makeKiosk({ at: join(made.make(), "kiosk") });
  folder = made.make();
  const reasons: Reason[] = ["before flashing", "scheduled", "asked for"];
  for (const [day, why] of reasons.entries()) {
    const atMs = NOON_MS + day * 86_400_000;
    const order = { folder: kiosk.folder, config: undefined, secret: undefined, passphrase: undefined, program: "0" };
    await takeBackup({ ...order, why, atMs, salt: 1 }, () => join(folder, backupName(OWNER, atMs)));
  }
});

test("backups are listed by what each says of itself, the newest last and no more than are wanted", () => {
  const listed = listBackups(folder, 9);
  expect(listed.map(({ why }) => why)).toEqual(["before flashing", "scheduled", "asked for"]);
  expect(listed[0]).toMatchObject({ atMs: NOON_MS, name: backupName(OWNER, NOON_MS) });
  for (const { name, sizeBytes } of listed) expect(readFileSync(join(folder, name)).length).toBe(sizeBytes);
  expect(listBackups(folder, 2).map(({ why }) => why)).toEqual(["scheduled", "asked for"]);
});

test("what is cut short behind its beginning is listed, for a restore says what is wrong with it; what is no backup is not", () => {
  const [first] = listBackups(folder, 9);
  const other = made.make();
  const bytes = readFileSync(join(folder, first!.name));
  writeFileSync(join(other, "cut.tar.gz"), bytes.subarray(0, bytes.length - 9));
  writeFileSync(join(other, "empty.tar.gz"), "");
  writeFileSync(join(other, "words.tar.gz"), "no archive at all");
  copyFileSync(join(folder, first!.name), join(other, "named.txt"));
  expect(listBackups(other, 9).map(({ name }) => name)).toEqual(["cut.tar.gz"]);
  expect(listBackups(join(other, "none"), 9)).toEqual([]);
});
