import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { judgeBackup } from "../../../host/backup/read-backup.ts";
import { restoreBackup } from "../../../host/backup/restore.ts";
import { gatherBackup } from "../../../host/backup/take-backup.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { emitted } from "../../xs/engine/run.ts";
import { folders } from "../storage/folders.ts";
import { numberOf } from "../storage/journal/kills.ts";

const made = folders();
afterEach(() => made.removeAll());

const BACKUPS_COUNT = 40;

/** Another process appends for ever, and makes its journal short after every so many flushes. */
async function besideWriter(folder: string, compactEvery: number, use: (durable: () => number) => Promise<void>) {
  const words = [emitted("test/host/storage/journal/kill-child.ts"), join(folder, "journal"), String(compactEvery)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  let durable = -1;
  child.stdout.on("data", (text) => {
    const lines = `${said}${text}`.split("\n");
    said = lines.pop() ?? "";
    for (const line of lines) if (/^\d+$/.test(line)) durable = Number(line);
  });
  try {
    await use(() => durable);
  } finally {
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
  }
}

/** As the event loop comes round: what the writer says is heard meanwhile. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test.each([
  ["that grows", 0],
  ["that is made short all the time", 3],
])(
  "backups of a journal %s hold what was durable when they were begun, in order and without a gap",
  async (_, every) => {
    const folder = made.make();
    const numbers: number[] = [];
    await besideWriter(folder, every, async (durable) => {
      for (let tries = 0; tries < 2000 && durable() < 10; tries++) await turn();
      for (let backups = 0; backups < BACKUPS_COUNT; backups++) {
        await turn();
        const before = durable();
        const order = { folder, config: undefined, secret: undefined, passphrase: undefined } as const;
        const gathered = gatherBackup({ ...order, why: "scheduled", program: "0.0.0", atMs: 0, salt: backups });
        assert(gathered.ok, `a backup is gathered: ${gathered.ok ? "" : gathered.why}`);
        expect(gathered.manifest.journal?.damage).toBe(null);
        const backup = judgeBackup(gathered.entries, undefined);
        assert(backup.ok, "a backup is whole");
        const at = join(made.make(), "again");
        expect(restoreBackup(backup, at)).toMatchObject({ ok: true });
        const opened = await openJournal(fileDisk(join(at, "journal")));
        assert(opened.ok, "what was restored opens");
        const found = opened.records.map(numberOf);
        await opened.journal.close();
        expect(found.every((number, place) => number === found[0]! + place)).toBe(true);
        expect(found.at(-1)).toBeGreaterThanOrEqual(before);
        numbers.push(found.at(-1)!);
      }
    });
    // It went on meanwhile.
    expect(new Set(numbers).size).toBeGreaterThan(BACKUPS_COUNT / 4);
  },
);
