import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readArchive, writeArchive } from "../../../host/backup/archive.ts";
import { MANIFEST_NAME } from "../../../host/backup/manifest.ts";
import { judgeBackup, type ReadBackup, readBackup } from "../../../host/backup/read-backup.ts";
import { restoreBackup } from "../../../host/backup/restore.ts";
import { backupName, tooMany } from "../../../host/backup/rotation.ts";
import { type BackupOrder, gatherBackup, takeBackup } from "../../../host/backup/take-backup.ts";
import type { Entry } from "../../../host/backup/tar.ts";
import { readSecret } from "../../../host/secure/secret-text.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { folders } from "../storage/folders.ts";
import { COST, formsOf, hex, makeKiosk, OWNER, PASSPHRASE, SECRET, SEED } from "./kiosk.ts";

const made = folders();
afterEach(() => made.removeAll());

const AT_MS = 1_790_000_000_000;

function orderOf(folder: string, over: Partial<BackupOrder> = {}): BackupOrder {
  return {
    ...{ folder, config: "kiosk:\n  name: ada\n", secret: undefined, passphrase: undefined, why: "asked for" },
    ...{ program: "0.0.0", atMs: AT_MS, salt: 77, cost: COST },
    ...over,
  };
}

async function kioskIn(isSealed = false) {
  return makeKiosk({ isSealed, at: join(made.make(), "kiosk") });
}

async function taken(folder: string, over: Partial<BackupOrder> = {}) {
  const path = join(made.make(), "backup.tar.gz");
  const backup = await takeBackup(orderOf(folder, over), () => path);
  assert(backup.ok, "a backup is taken");
  return { path, manifest: backup.manifest };
}

/** All that lies in an archive, one after another. */
async function contentOf(path: string): Promise<string> {
  const read = await readArchive(path);
  assert(read.ok, "an archive is read");
  return read.entries.map(({ name, bytes }) => `${name} ${Buffer.from(bytes).toString("latin1")}`).join("\n");
}

function sound(read: ReadBackup) {
  assert(read.ok, `a backup is whole: ${read.ok ? "" : read.why}`);
  return read;
}

test("a kiosk comes back from its backup: key, secret, table, configuration, and every record of its journal", async () => {
  const { folder, records } = await kioskIn(true);
  const { path, manifest } = await taken(folder, { passphrase: PASSPHRASE });
  expect(manifest).toMatchObject({ kiosk: OWNER, key: "under a passphrase", secret: "under a passphrase" });
  expect(manifest).toMatchObject({ journal: { records: 5, damage: null }, leftOut: ["history.sqlite"] });
  const at = join(made.make(), "again");
  const restored = restoreBackup(sound(await readBackup(path, PASSPHRASE)), at);
  expect(restored).toEqual({
    ...{ ok: true, made: ["journal/journal-0000000001", "key", "secret", "table.json", "identity", "config.yaml"] },
  });
  expect(Buffer.compare(readFileSync(join(at, "key")), readFileSync(join(folder, "key")))).toBe(0);
  expect(readSecret(readFileSync(join(at, "secret"), "utf8"))).toEqual({ ok: true, secret: SECRET });
  expect(readFileSync(join(at, "config.yaml"), "utf8")).toBe("kiosk:\n  name: ada\n");
  for (const name of ["key", "secret", "journal/journal-0000000001"]) {
    expect(statSync(join(at, name)).mode & 0o077, name).toBe(0);
  }
  const opened = await openJournal(fileDisk(join(at, "journal")));
  assert(opened.ok, "its journal opens");
  expect(opened.records.map(hex)).toEqual(records.map(hex));
  // Whoever signs by it asks the others first.
  expect(opened.verdict.type).toBe("damaged");
  await opened.journal.close();
});

test("a backup holds no secret as it is: under a passphrase they are sealed, without one they are not there", async () => {
  const { folder } = await kioskIn();
  const bare = await taken(folder);
  expect(bare.manifest).toMatchObject({ kiosk: OWNER, key: "left out", secret: "left out" });
  const sealed = await taken(folder, { passphrase: PASSPHRASE });
  expect(sealed.manifest).toMatchObject({ key: "under a passphrase", secret: "under a passphrase" });
  for (const { path } of [bare, sealed]) {
    const content = await contentOf(path);
    expect(content).toContain("backup.json");
    for (const form of [...formsOf(SEED), ...formsOf(SECRET), PASSPHRASE]) expect(content).not.toContain(form);
  }
  // The bare key came under the passphrase only in the backup.
  expect(readFileSync(join(folder, "key"), "utf8").trim()).toBe(hex(SEED));
  const at = join(made.make(), "again");
  expect(restoreBackup(sound(await readBackup(sealed.path, PASSPHRASE)), at)).toMatchObject({ ok: true });
  expect(await readBackup(sealed.path, "another")).toMatchObject({
    ...{ ok: false, why: expect.stringContaining("the passphrase is wrong"), next: "another --passphrase-file" },
  });
  // Whoever does not open it gets the sealed key, and no secret.
  expect(sound(await readBackup(sealed.path, undefined)).secret).toBe(undefined);
});

test("a restore is never over what is there, and an interrupted one leaves nothing", async () => {
  const { folder } = await kioskIn();
  const backup = sound(await readBackup((await taken(folder)).path, undefined));
  const before = readFileSync(join(folder, "key"), "utf8");
  expect(restoreBackup(backup, folder)).toMatchObject({
    ...{ ok: false, why: expect.stringContaining("is not empty: history.sqlite, identity, journal, … lies there") },
  });
  expect(readFileSync(join(folder, "key"), "utf8")).toBe(before);
  const empty = made.make();
  expect(restoreBackup(backup, empty)).toMatchObject({ ok: true });
  const file = join(made.make(), "file");
  writeFileSync(file, "");
  expect(() => restoreBackup(backup, file)).toThrow("ENOTDIR");
  const parent = made.make();
  mkdirSync(join(parent, "taken"));
  // Somebody is faster.
  const racing = {
    ...backup,
    files: {
      ...backup.files,
      get key() {
        writeFileSync(join(parent, "taken", "key"), "theirs");
        return Uint8Array.of(1);
      },
    },
  };
  expect(() => restoreBackup(racing, join(parent, "taken"))).toThrow("ENOTEMPTY");
  expect([readdirSync(parent), readdirSync(join(parent, "taken"))]).toEqual([["taken"], ["key"]]);
});

test("a backup in which anything was changed is refused, and says what", async () => {
  const { folder } = await kioskIn(true);
  const gathered = gatherBackup(orderOf(folder, { passphrase: PASSPHRASE }));
  assert(gathered.ok, "a backup is gathered");
  const { entries } = gathered;
  expect(entries.map(({ name }) => name)).toEqual([
    ...[MANIFEST_NAME, "journal", "table.json", "identity", "config.yaml", "key", "secret"],
  ]);
  expect(judgeBackup(entries, PASSPHRASE).ok).toBe(true);
  const refused = (of: readonly Entry[]): unknown => {
    const read = judgeBackup(of, PASSPHRASE);
    return read.ok || read.why;
  };
  for (const [at, { name, bytes }] of entries.entries()) {
    expect(refused(entries.filter((_, other) => other !== at)), name).not.toBe(true);
    for (const place of [0, bytes.length >> 1, bytes.length - 2]) {
      const spoilt = Uint8Array.from(bytes);
      spoilt[place]! ^= 1;
      expect(refused(entries.with(at, { name, bytes: spoilt })), `${name} at ${place}`).not.toBe(true);
    }
  }
  expect(refused([...entries, { name: "more", bytes: Uint8Array.of(1) }])).toBe("there is more in it than it says");
  const others = await makeKiosk({ isSealed: true, at: join(made.make(), "other") });
  writeFileSync(join(others.folder, "key"), `${"5".repeat(64)}\n`);
  const other = gatherBackup(orderOf(others.folder, { passphrase: PASSPHRASE }));
  assert(other.ok, "a backup is gathered");
  // Whole in itself, and put together of two.
  const manifest = JSON.parse(Buffer.from(other.entries[0]!.bytes).toString()) as { kiosk: string };
  manifest.kiosk = OWNER;
  const mixed = [{ name: MANIFEST_NAME, bytes: Buffer.from(JSON.stringify(manifest)) }, ...other.entries.slice(1)];
  expect(refused(mixed)).toBe("the key in it is another kiosk's");
});

test("what is no kiosk's folder, or holds a journal that nobody can read, gives no backup", async () => {
  expect(gatherBackup(orderOf(join(made.make(), "none")))).toMatchObject({
    ok: false,
    why: expect.stringMatching(/^there is no folder/),
  });
  expect(gatherBackup(orderOf(made.make()))).toMatchObject({
    ok: false,
    why: expect.stringContaining("is no kiosk's"),
  });
  const { folder } = await kioskIn();
  const [name] = readdirSync(join(folder, "journal")).filter((each) => each.startsWith("journal"));
  writeFileSync(join(folder, "journal", name!), "nothing of it is left");
  expect(gatherBackup(orderOf(folder))).toMatchObject({
    ok: false,
    why: expect.stringContaining("its head is damaged"),
  });
  rmSync(join(folder, "journal"), { recursive: true });
  // A key alone is worth one.
  expect(gatherBackup(orderOf(folder))).toMatchObject({ ok: true, manifest: { journal: null, kiosk: OWNER } });
});

test("an archive on a full disk or in no folder leaves nothing behind, and the old one as it was", async () => {
  const folder = made.make();
  const path = join(folder, "a.tar.gz");
  await writeArchive(path, [{ name: "a", bytes: Uint8Array.of(1) }], AT_MS);
  const before = readFileSync(path);
  await expect(writeArchive(join(folder, "none", "a"), [], AT_MS)).rejects.toThrow("ENOENT");
  mkdirSync(`${path}.part`);
  await expect(writeArchive(path, [], AT_MS)).rejects.toThrow();
  expect(Buffer.compare(readFileSync(path), before)).toBe(0);
  expect(existsSync(join(folder, "none"))).toBe(false);
});

test("of one kiosk's backups the newest stay; others', and those that a person named, are left alone", () => {
  const name = (kiosk: string, minute: number): string => backupName(kiosk.repeat(64), AT_MS + 60_000 * minute);
  expect(name("a", 0)).toBe("hardway-aaaaaaaa-20260921t141320.tar.gz");
  const mine = [0, 1, 2, 3, 4].map((minute) => name("a", minute));
  const others = [name("b", 0), "before-the-fair.tar.gz", "hardway-aaaaaaaa-old.tar.gz", backupName(null, AT_MS)];
  expect(tooMany([...others, ...mine].reverse(), mine[4]!, 3)).toEqual([mine[0], mine[1]]);
  expect(tooMany([...others, ...mine], mine[4]!, 5)).toEqual([]);
  expect(tooMany(mine, mine[4]!, 0)).toEqual(mine.slice(0, 4));
  // A clock that was ahead once does not cost the one made now.
  expect(tooMany(mine, mine[0]!, 2)).toEqual([mine[1], mine[2], mine[3]]);
  expect(tooMany(mine, "mine.tar.gz", 1)).toEqual([]);
});
