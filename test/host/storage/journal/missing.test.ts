import { describe, expect, test } from "vitest";
import { Group } from "../../../../host/storage/journal/group.ts";
import { MAGIC, VERSION } from "../../../../host/storage/journal/layout.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { JOURNAL_SET_ASIDE_COUNT_MAX } from "../../../../host/storage/limits.ts";
import { chance } from "../../../../protocol/core/chance.ts";
import { SimulatedDisk } from "../simulated-disk.ts";
import { cut, journalFiles, opened, texts, write } from "./opening.ts";
import { example, FIRST, isPrefix, SECOND, spoilt } from "./spoilt.ts";

describe("a generation that is missing", () => {
  test("is damage where anything tells of it", async () => {
    const traces: readonly (readonly [string, readonly string[]])[] = [
      ["journal-0000000004.damaged", [FIRST]],
      ["journal-0000000001.damaged", []],
      ["journal-0000000003.new", [FIRST]],
      ["journal-0000000002.new", []],
    ];
    for (const [trace, present] of traces) {
      const disk = new SimulatedDisk();
      await write(await opened(disk), "one");
      const left = cut(disk);
      if (present.length === 0) left.remove(FIRST);
      left.create(trace).close();
      const { records, verdict } = await opened(left, 500);
      expect(verdict).toMatchObject({ type: "damaged", why: expect.stringContaining("is missing") });
      expect(texts(records)).toBe(present.length === 0 ? "" : "one");
      expect((await opened(cut(left), 600)).verdict).toMatchObject({ type: "damaged" });
    }
  });

  test("and a file under another's name is damage", async () => {
    const disk = new SimulatedDisk();
    await write(await opened(disk), "one");
    const left = cut(disk);
    left.rename(FIRST, "journal-0000000009");
    expect((await opened(left, 500)).verdict).toMatchObject({ why: expect.stringContaining("another generation") });
    expect(journalFiles(left)).toEqual(["journal-0000000009.damaged", "journal-0000000010"]);
  });

  test("is not that of another version of the program, which is left as it is", async () => {
    const disk = new SimulatedDisk();
    const group = new Group(new Uint8Array(0));
    const head = { magic: MAGIC, generation: 1, base: 0, count: 0, isDamaged: false, salt: 1 };
    group.putFileHead({ ...head, version: VERSION + 1 });
    const file = disk.create(FIRST);
    file.appendSync(group.bytes);
    const before = disk.operations;
    expect(await openJournal(disk)).toEqual({ ok: false, why: "other version" });
    expect(disk.operations).toBe(before);
    expect(disk.lock()).toBeUndefined();
  });

  test("is none where the first was being made, however often", async () => {
    const disk = new SimulatedDisk();
    disk.create("journal-0000000001.new").close();
    await disk.syncDirectory();
    expect((await opened(disk)).verdict).toEqual({ type: "new" });
    expect(journalFiles(disk)).toEqual([FIRST]);
  });
});

describe("a journal that was damaged", () => {
  test("is so over restarts and compactions, until one that heals", async () => {
    const { disk } = await example();
    const left = spoilt(disk, (bytes) => bytes.fill(0, 150, 160));
    let open = await opened(left, 500);
    expect(open.journal.isDamaged).toBe(true);
    await write(open, "more");
    await open.journal.compact([new TextEncoder().encode("all")]);
    await open.journal.close();
    open = await opened(left, 600);
    expect(open.verdict).toMatchObject({ type: "damaged", why: "it was damaged at an earlier opening" });
    await open.journal.compact([new TextEncoder().encode("all")], { isHealed: true });
    expect(open.journal.isDamaged).toBe(false);
    await write(open, "more");
    const healed = await opened(cut(left), 700);
    expect(healed.verdict).toEqual({ type: "clean" });
    expect(texts(healed.records)).toBe("all more");
    expect(journalFiles(left)).toEqual([`${SECOND}.damaged`, "journal-0000000005"]);
  });

  test("has its old file aside though the power goes at any step, and is damaged every time", async () => {
    const { disk, words } = await example();
    let cuts = 0;
    for (let isOver = false; !isOver; cuts++) {
      const left = spoilt(disk, (bytes) => bytes.fill(0, 150, 160));
      const before = left.keptBytes(SECOND);
      left.faults.cutAt = cuts;
      isOver = await openJournal(left).then(
        () => true,
        () => false,
      );
      for (const manner of ["nothing", "everything"] as const) {
        const after = left.afterCut(manner, chance(1));
        const { records, verdict } = await opened(after, 600);
        expect(verdict.type).toBe("damaged");
        expect(isPrefix(texts(records), words) && records.length > 0).toBe(true);
        expect(after.keptBytes(`${SECOND}.damaged`)).toEqual(before);
      }
    }
    expect(cuts).toBeGreaterThan(6);
  });

  test("too often wants a person, and nothing is touched any more", async () => {
    const disk = new SimulatedDisk();
    let left = disk;
    await write(await opened(left), "one");
    for (let times = 0; times < JOURNAL_SET_ASIDE_COUNT_MAX; times++) {
      left = cut(left);
      const name = journalFiles(left).find((each) => !each.endsWith(".damaged"))!;
      left.spoil(name, left.keptBytes(name).fill(0, 0, 9));
      expect((await opened(left, 500)).verdict.type).toBe("damaged");
    }
    left = cut(left);
    const files = journalFiles(left);
    const name = files.find((each) => !each.endsWith(".damaged"))!;
    left.spoil(name, left.keptBytes(name).fill(0, 0, 9));
    expect(await openJournal(left)).toMatchObject({ ok: false, why: "too many set aside" });
    expect(journalFiles(left)).toEqual(files);
    expect(left.operations).toBe(0);
  });
});
