import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Entry } from "../../../../host/storage/history/entry.ts";
import { type History, inPlace, openHistory } from "../../../../host/storage/history/history.ts";
import { keeper, type Said } from "../../../../host/storage/history/keeper.ts";
import { TROUBLE_AGAIN_MS, WAITING_LENGTH_MAX } from "../../../../host/storage/history/limits.ts";
import { readHistory } from "../../../../host/storage/history/read-history.ts";
import { openSqlite } from "../../../../host/storage/history/sqlite.ts";
import { asidePath, openStore } from "../../../../host/storage/history/store.ts";
import { folders } from "../folders.ts";
import { auditAt, batchAt, batches, evidenceAt, rollAt, sessionAt, TABLE } from "./entries.ts";

const here = folders();
afterAll(here.removeAll);

interface Opened {
  readonly path: string;
  readonly history: History;
  readonly notices: string[];
}

function open(path = join(here.make(), "history.db"), table = TABLE): Opened {
  const notices: string[] = [];
  const history = openHistory({ path, table }, { hire: inPlace, onNotice: (text) => notices.push(text) });
  return { path, history, notices };
}

async function filled(...entries: readonly Entry[]): Promise<string> {
  const { path, history } = open();
  for (const entry of entries) history.note(entry);
  await history.close();
  return path;
}

const ALL: readonly Entry[] = [batchAt(7), batchAt(8), rollAt(3), rollAt(5), evidenceAt(8), auditAt(50), sessionAt(1)];

describe("a history", () => {
  test("knows after a restart what it was told: batches, rolls, evidence, audits with standings, sessions [U07]", async () => {
    const { history, notices } = open(await filled(...ALL));
    expect(await history.operations(7)).toEqual(batchAt(7));
    expect(await history.batches(10)).toEqual([batchAt(8), batchAt(7)]);
    expect(await history.rolls(10)).toEqual([rollAt(5), rollAt(3)]);
    expect(await history.evidence(10)).toEqual([evidenceAt(8)]);
    expect(await history.audits(10)).toEqual([auditAt(50)]);
    expect(await history.sessions()).toEqual([sessionAt(1)]);
    expect(await history.newest()).toBe(8);
    expect(notices).toEqual([]);
    await history.close();
  });

  test("answers the newest first, a page at a time", async () => {
    const { history } = open(await filled(...[1, 2, 3, 4, 6].map(rollAt)));
    const first = await history.rolls(2);
    expect(first.map(({ roll }) => roll)).toEqual([6, 4]);
    expect((await history.rolls(9, first.at(-1)?.roll)).map(({ roll }) => roll)).toEqual([3, 2, 1]);
    await history.close();
  });

  test("keeps one row of what it is told twice, and the first of two that differ", async () => {
    const path = await filled(...ALL, ...ALL);
    const { history } = open(path);
    for (const entry of ALL) history.note(entry);
    history.note({ ...batchAt(7), view: 99 });
    expect(await history.batches(10)).toEqual([batchAt(8), batchAt(7)]);
    expect(await history.evidence(10)).toHaveLength(1);
    await history.close();
  });

  test("answers what was noted a moment ago", async () => {
    const { history } = open();
    history.note(batchAt(1));
    expect(await history.operations(1)).toEqual(batchAt(1));
    expect(await history.operations(2)).toBeUndefined();
    await history.close();
  });

  test("that is gone is made anew without a word", async () => {
    const path = await filled(...ALL);
    rmSync(path);
    const { history, notices } = open(path);
    expect(await history.batches(10)).toEqual([]);
    history.note(batchAt(9));
    expect(await history.newest()).toBe(9);
    expect(notices).toEqual([]);
    await history.close();
  });

  test("that was damaged anywhere is set aside whole and made anew, or answers as before", async () => {
    const path = await filled(...batches(1, 600), ...ALL);
    const good = readFileSync(path);
    expect(good.length).toBeGreaterThan(20 * 4096);
    let aside = 0;
    // In the head, in a page's own head, and in the middle of pages.
    for (const at of [0, 18, 100, 4096, 4100, 8192 + 2000, 5 * 4096, 5 * 4096 + 8, 9 * 4096 + 3]) {
      const bad = Buffer.from(good);
      bad.fill(0xa5, at, at + 64);
      writeFileSync(path, bad);
      rmSync(asidePath(path), { force: true });
      const { history, notices } = open(path);
      history.note(batchAt(601));
      expect((await history.operations(601))?.sequence).toBe(601);
      await history.close();
      if (notices.length === 0) continue;
      aside += 1;
      expect(notices).toHaveLength(1);
      expect(notices[0]).toMatch(/is made anew, for it is damaged.*lies in .*history\.db\.damaged$/);
      expect(readFileSync(asidePath(path)).equals(bad)).toBe(true);
    }
    expect(aside).toBeGreaterThan(4);
  });

  test("that is no database, of another table or of another version is set aside, and the table plays on", async () => {
    const path = await filled(...ALL);
    const other = open(path, "0".repeat(32));
    expect(await other.history.batches(10)).toEqual([]);
    expect(other.notices[0]).toContain("it is of another table");
    await other.history.close();
    const database = openSqlite(path);
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA user_version = 77");
    database.close();
    const later = open(path, "0".repeat(32));
    expect(await later.history.newest()).toBeUndefined();
    expect(later.notices[0]).toContain("another version of this program wrote it");
    await later.history.close();
    writeFileSync(path, "what somebody else keeps there\n".repeat(200));
    const third = open(path);
    third.history.note(batchAt(4));
    expect(await third.history.newest()).toBe(4);
    expect(third.notices).toHaveLength(1);
    await third.history.close();
  });

  test("that cannot be written says so once, forgets nothing that counts, and is written again when it can be", () => {
    const folder = join(here.make(), "absent");
    const said: Said[] = [];
    let now = 0;
    const { obey } = keeper(
      { path: join(folder, "history.db"), table: TABLE },
      (each) => said.push(each),
      () => now,
    );
    const write = (sequence: number): void => obey({ type: "write", entries: [batchAt(sequence)] });
    const notices = (): string[] => said.flatMap((each) => (each.type === "notice" ? [each.text] : []));
    const lost = (): number => said.reduce((sum, each) => sum + (each.type === "written" ? each.lostCount : 0), 0);
    write(1);
    write(2);
    now += TROUBLE_AGAIN_MS;
    write(3);
    obey({ type: "ask", id: 0, question: "newest", words: [] });
    expect(said.at(-1)).toEqual({ type: "answer", id: 0, answer: undefined });
    expect(notices()).toHaveLength(1);
    expect(notices()[0]).toContain("is not written");
    expect(lost()).toBe(3);
    mkdirSync(folder);
    // Left alone for a while.
    write(4);
    expect(lost()).toBe(4);
    now += TROUBLE_AGAIN_MS;
    obey({ type: "ask", id: 2, question: "batches", words: [5] });
    expect(said.at(-1)).toEqual({ type: "answer", id: 2, answer: [] });
    for (const sequence of [1, 2, 3, 4, 5]) write(sequence);
    expect(lost()).toBe(4);
    expect(notices()).toHaveLength(2);
    expect(notices()[1]).toContain("is written again");
    obey({ type: "ask", id: 1, question: "newest", words: [] });
    expect(said.at(-1)).toEqual({ type: "answer", id: 1, answer: 5 });
    obey({ type: "close" });
  });

  test("that is damaged while it is written is set aside when its time has come, and goes on", () => {
    const path = join(here.make(), "history.db");
    const said: Said[] = [];
    let now = 0;
    const { obey } = keeper(
      { path, table: TABLE },
      (each) => said.push(each),
      () => now,
    );
    obey({ type: "write", entries: batches(1, 600) });
    obey({ type: "close" });
    obey({ type: "write", entries: [batchAt(601)] });
    // Under its hands: all but the head and the first pages.
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, 8192));
    for (let from = 602; from < 40_000; from += 250) obey({ type: "write", entries: batches(from, from + 249) });
    const notices = (): string[] => said.flatMap((each) => (each.type === "notice" ? [each.text] : []));
    expect(notices()).toEqual([expect.stringContaining("is damaged")]);
    now += TROUBLE_AGAIN_MS;
    obey({ type: "write", entries: [batchAt(50_000)] });
    expect(notices().slice(1)).toEqual([
      expect.stringContaining("is made anew"),
      expect.stringContaining("written again"),
    ]);
    obey({ type: "ask", id: 1, question: "newest", words: [] });
    expect(said.at(-1)).toEqual({ type: "answer", id: 1, answer: 50_000 });
    obey({ type: "close" });
  });

  test("takes no more than its bound while a disk lets it wait, and counts the rest", () => {
    let orders = 0;
    const hire = () => ({ tell: () => void orders++, dismiss: async () => {} });
    const history = openHistory({ path: "", table: TABLE }, { hire });
    const entry = batchAt(1);
    for (let count = 0; count < WAITING_LENGTH_MAX + 10; count++) history.note(entry);
    expect(history.tally).toEqual({ noted: WAITING_LENGTH_MAX + 10, written: 0, lost: 10 });
    expect(orders).toBeGreaterThan(0);
  });

  test("of whose keeper nothing is left answers nothing, and hinders nobody", async () => {
    const notices: string[] = [];
    let leave: (why: string) => void = () => {};
    const history = openHistory(
      { path: "nowhere", table: TABLE },
      {
        hire(_, __, onGone) {
          leave = onGone;
          return { tell: () => {}, dismiss: async () => {} };
        },
        onNotice: (text) => notices.push(text),
      },
    );
    history.note(batchAt(1));
    const asked = history.rolls(5);
    leave("no memory");
    expect(await asked).toEqual([]);
    history.note(batchAt(2));
    expect(await history.operations(1)).toBeUndefined();
    await history.close();
    expect(notices).toEqual(["the history in nowhere is not kept: no memory; play goes on"]);
    expect(history.tally).toEqual({ noted: 1, written: 0, lost: 1 });
  });
});

describe("a history's bounds", () => {
  test("hold for rows: the oldest go", () => {
    const { store } = openStore(join(here.make(), "history.db"), TABLE, { sizeMax: 1e9, rowsMax: 100 });
    for (let from = 1; from <= 5000; from += 250) store.write(batches(from, from + 249));
    const kept = store.batches(1000).map(({ sequence }) => sequence);
    expect(kept[0]).toBe(5000);
    // Bounds are looked at every thousand rows, the last time at 4,250.
    expect(kept.length).toBe(100 + 750);
    expect(kept.at(-1)).toBe(5000 - kept.length + 1);
    store.close();
  });

  test("hold for bytes, on the disk as well, and what is new is always written", () => {
    const path = join(here.make(), "history.db");
    const sizeMax = 40 * 4096;
    const { store } = openStore(path, TABLE, { sizeMax });
    for (let from = 1; from <= 20_000; from += 250) store.write(batches(from, from + 249));
    expect(store.newest()).toBe(20_000);
    expect(store.batches(1000).length).toBeGreaterThan(100);
    store.close();
    // What a thousand rows take beside it.
    expect(readFileSync(path).length).toBeLessThan(sizeMax + 1_048_576);
  });
});

describe("a history that another process looks at", () => {
  test("is read while it is written, and stands in nobody's way", async () => {
    const { path, history } = open();
    for (const entry of ALL) history.note(entry);
    expect(await history.newest()).toBe(8);
    const read = await readHistory(path, (answers) => [answers.newest(), answers.rolls(5), answers.operations(7)]);
    expect(read).toEqual({ ok: true, value: [8, [rollAt(5), rollAt(3)], batchAt(7)] });
    history.note(batchAt(9));
    expect(await history.newest()).toBe(9);
    await history.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test("is missing, or is nothing that can be read, in words", async () => {
    const path = join(here.make(), "history.db");
    expect(await readHistory(path, () => 1)).toEqual({ ok: false, why: "missing" });
    writeFileSync(path, "no database at all\n".repeat(100));
    const read = await readHistory(path, (answers) => answers.newest());
    expect(read).toMatchObject({ ok: false, why: expect.stringMatching(/not a database/) });
  });
});
