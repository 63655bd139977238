import { afterAll, describe, expect, test } from "vitest";
import { fileDisk } from "../../../../host/storage/file-disk.ts";
import { type Journal, JournalFailed } from "../../../../host/storage/journal/journal.ts";
import { RECORD_HEAD_SIZE } from "../../../../host/storage/journal/layout.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import {
  JOURNAL_COMPACTED_SIZE_MAX,
  JOURNAL_FILE_SIZE_MAX,
  JOURNAL_GROUP_SIZE_MAX,
  JOURNAL_RECORD_SIZE_MAX,
} from "../../../../host/storage/limits.ts";
import { AssertionError } from "../../../../protocol/core/assert.ts";
import { folders } from "../folders.ts";
import { SimulatedDisk } from "../simulated-disk.ts";
import { bytesOf, cut, journalFiles, opened, texts, write } from "./opening.ts";

const here = folders();
afterAll(here.removeAll);

describe("a journal", () => {
  test("is new once, then gives back what was flushed, in order, over many openings", async () => {
    const disk = new SimulatedDisk();
    const first = await opened(disk);
    expect(first.verdict).toEqual({ type: "new" });
    expect(first.records).toEqual([]);
    await write(first, "a b c");
    await first.journal.close();
    const second = await opened(disk, 100);
    expect(second.verdict).toEqual({ type: "clean" });
    expect(texts(second.records)).toBe("a b c");
    await write(second, "d");
    await second.journal.close();
    const third = await opened(cut(disk), 200);
    expect(third.verdict).toEqual({ type: "clean" });
    expect(texts(third.records)).toBe("a b c d");
  });

  test("takes records of no byte, and of as many as its bound", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    const longest = new Uint8Array(JOURNAL_RECORD_SIZE_MAX).fill(7);
    for (const record of [new Uint8Array(0), longest, new Uint8Array(0)])
      expect(journal.append(record)).toBe("buffered");
    await journal.flush();
    const { records, verdict } = await opened(cut(disk), 100);
    expect(verdict).toEqual({ type: "clean" });
    expect(records.map((each) => each.length)).toEqual([0, longest.length, 0]);
    expect(records[1]?.every((byte) => byte === 7)).toBe(true);
    const { journal: again } = await opened(cut(disk), 200);
    expect(() => again.append(new Uint8Array(JOURNAL_RECORD_SIZE_MAX + 1))).toThrow(AssertionError);
  });

  test("copies what is appended: the caller uses its buffer again", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    const buffer = bytesOf("before");
    journal.append(buffer);
    const flushed = journal.flush();
    buffer.fill(0);
    await flushed;
    const compacting = bytesOf("compact");
    const compacted = journal.compact([compacting]);
    compacting.fill(0);
    await compacted;
    expect(texts((await opened(cut(disk), 100)).records)).toBe("compact");
  });

  test("asks nothing of the disk until it is flushed, and then one write and one sync for all", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    const before = disk.operations;
    for (let count = 0; count < 1000; count++) journal.append(bytesOf("record"));
    expect(disk.operations).toBe(before);
    await journal.flush();
    expect(disk.operations).toBe(before + 2);
    await journal.flush();
    journal.flushSync();
    expect(disk.operations).toBe(before + 2);
  });

  test("gathers what is asked for during a flush into the next one", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    const before = disk.operations;
    journal.append(bytesOf("first"));
    const flushes = [journal.flush()];
    // The first has begun, and what comes now is not in it.
    await undefined;
    for (let count = 0; count < 100; count++) {
      journal.append(bytesOf("later"));
      flushes.push(journal.flush());
      if (count % 20 === 0) await undefined;
    }
    await Promise.all(flushes);
    expect(disk.operations).toBe(before + 4);
    expect((await opened(cut(disk), 100)).records).toHaveLength(101);
  });

  test("keeps a flush waiting until what it asked for is durable, though nothing is buffered", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    journal.append(bytesOf("a"));
    void journal.flush();
    await undefined;
    await journal.flush();
    expect(texts((await opened(cut(disk), 100)).records)).toBe("a");
  });

  test("flushes at once where nobody waits, and never out of turn", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    journal.append(bytesOf("a"));
    journal.flushSync();
    expect(texts((await opened(cut(disk), 100)).records)).toBe("a");
    journal.append(bytesOf("b"));
    const flushed = journal.flush();
    expect(() => journal.flushSync()).toThrow(AssertionError);
    await flushed;
    journal.append(bytesOf("c"));
    journal.flushSync();
    expect(texts((await opened(cut(disk), 200)).records)).toBe("a b c");
  });

  test("answers that a flush is due, before one would be too large", async () => {
    const { journal } = await opened(new SimulatedDisk());
    const record = new Uint8Array(JOURNAL_RECORD_SIZE_MAX);
    const fitting = Math.floor(JOURNAL_GROUP_SIZE_MAX / (record.length + RECORD_HEAD_SIZE));
    for (let count = 0; count < fitting; count++) expect(journal.append(record)).toBe("buffered");
    expect(journal.append(record)).toBe("unflushed");
    await journal.flush();
    expect(journal.append(record)).toBe("buffered");
  });

  test("is opened by one at a time", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    expect(await openJournal(disk)).toMatchObject({ ok: false, why: "locked" });
    await journal.close();
    expect(await openJournal(disk)).toMatchObject({ ok: true });
  });

  test("flushes when it is closed, and is left alone afterwards", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    journal.append(bytesOf("last"));
    await journal.close();
    expect(() => journal.append(bytesOf("late"))).toThrow(AssertionError);
    expect(texts((await opened(cut(disk), 100)).records)).toBe("last");
  });

  test("leaves names alone that are not its own", async () => {
    const disk = new SimulatedDisk();
    const others = ["journal-1", "journal-00000000011", "notes", "journal-0000000001.new.old", "Journal-0000000007"];
    for (const name of others) disk.create(name).close();
    const first = await opened(disk);
    expect(first.verdict).toEqual({ type: "new" });
    await first.journal.compact([]);
    expect(journalFiles(disk)).toEqual(["journal-0000000002", ...others].sort());
  });
});

describe("a compaction", () => {
  test("puts its records in the place of all before, and what is appended meanwhile follows", async () => {
    const disk = new SimulatedDisk();
    const first = await opened(disk);
    await write(first, "a b c");
    const { journal } = first;
    journal.append(bytesOf("unflushed"));
    const compacted = journal.compact([bytesOf("abc"), bytesOf("d")]);
    journal.append(bytesOf("e"));
    const flushed = journal.flush();
    expect(await compacted).toBe("compacted");
    expect(texts((await opened(cut(disk), 100)).records)).toBe("abc d");
    await flushed;
    expect(texts((await opened(cut(disk), 200)).records)).toBe("abc d e");
    expect(journalFiles(disk)).toEqual(["journal-0000000002"]);
  });

  test("keeps all earlier promises, also of a flush that had not begun", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    journal.append(bytesOf("a"));
    const flushed = journal.flush();
    journal.append(bytesOf("b"));
    const later = journal.flush();
    const compacted = journal.compact([bytesOf("ab")]);
    await flushed;
    expect(texts((await opened(cut(disk), 100)).records)).toBe("a b");
    await Promise.all([later, compacted]);
    expect(texts((await opened(cut(disk), 200)).records)).toBe("ab");
  });

  test("that is too large changes nothing", async () => {
    const disk = new SimulatedDisk();
    const first = await opened(disk);
    await write(first, "a");
    const before = [first.journal.size, disk.operations];
    const record = new Uint8Array(JOURNAL_RECORD_SIZE_MAX);
    const tooMany = new Array(Math.ceil(JOURNAL_COMPACTED_SIZE_MAX / record.length)).fill(record);
    expect(await first.journal.compact(tooMany)).toBe("too large");
    expect([first.journal.size, disk.operations]).toEqual(before);
    await write(first, "b");
    expect(texts((await opened(cut(disk), 100)).records)).toBe("a b");
  });

  test("is possible when the journal is full, and makes room", async () => {
    // A real one, which copies less than the simulated.
    const { journal } = await opened(fileDisk(here.make()));
    const record = new Uint8Array(JOURNAL_RECORD_SIZE_MAX);
    let count = 0;
    for (let answer = ""; answer !== "full"; ) {
      answer = journal.append(record);
      if (answer === "buffered") count += 1;
      else if (answer === "unflushed") await journal.flush();
    }
    await journal.flush();
    expect(journal.size).toBeLessThanOrEqual(JOURNAL_FILE_SIZE_MAX);
    expect(journal.size).toBeGreaterThan(JOURNAL_FILE_SIZE_MAX - record.length - RECORD_HEAD_SIZE);
    const live = new Array(15).fill(record);
    expect(await journal.compact(live)).toBe("compacted");
    expect(journal.size).toBeLessThanOrEqual(JOURNAL_COMPACTED_SIZE_MAX);
    expect(count).toBeGreaterThan(40);
    expect(journal.append(record)).toBe("buffered");
  });

  test("comes one at a time", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    const before = disk.operations;
    const compacted = journal.compact([]);
    await expect(journal.compact([])).rejects.toThrow(AssertionError);
    await compacted;
    expect(disk.operations).toBe(before + STEPS.length);
    expect(await journal.compact([])).toBe("compacted");
  });
});

/** Create, append, sync, rename, sync the folder, remove. */
const STEPS = [0, 1, 2, 3, 4, 5];

describe("a failure", () => {
  const refusesAll = async (journal: Journal): Promise<void> => {
    expect(journal.append(bytesOf("more"))).toBe("failed");
    await expect(journal.flush()).rejects.toThrow(JournalFailed);
    expect(() => journal.flushSync()).toThrow(JournalFailed);
    await expect(journal.compact([])).rejects.toThrow(JournalFailed);
  };

  test.each([
    ["write", "EIO", 0],
    ["write", "ENOSPC", 0],
    ["sync", "EIO", 1],
  ])(
    "of a %s with %s is final: nothing is tried again, and what was flushed before is there",
    async (_, code, later) => {
      const disk = new SimulatedDisk();
      const first = await opened(disk);
      await write(first, "a b");
      disk.faults.failAt = { operation: disk.operations + later, code, after: 40 };
      first.journal.append(bytesOf("lost"));
      const flushed = first.journal.flush();
      // It waits for the one that fails.
      await undefined;
      first.journal.append(bytesOf("lost too"));
      const next = first.journal.flush();
      await expect(flushed).rejects.toThrow(JournalFailed);
      await expect(next).rejects.toThrow(JournalFailed);
      const after = disk.operations;
      await refusesAll(first.journal);
      expect(disk.operations).toBe(after);
      await first.journal.close();
      expect(texts((await opened(cut(disk), 100)).records)).toBe("a b");
    },
  );

  test("at once is final too", async () => {
    const disk = new SimulatedDisk();
    const { journal } = await opened(disk);
    disk.faults.failAt = { operation: disk.operations + 1, code: "EIO" };
    journal.append(bytesOf("lost"));
    expect(() => journal.flushSync()).toThrow(JournalFailed);
    await refusesAll(journal);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])(
    "of step %i of a compaction is final, and one good generation is there",
    async (step) => {
      const disk = new SimulatedDisk();
      const first = await opened(disk);
      await write(first, "a b");
      const begun = disk.operations;
      disk.faults.failAt = { operation: begun + step, code: "EIO", after: 50 };
      const compacted = first.journal.compact([bytesOf("ab")]);
      if (step === 6) {
        expect(await compacted).toBe("compacted");
        expect(disk.operations).toBe(begun + 6);
        return;
      }
      await expect(compacted).rejects.toThrow(JournalFailed);
      await refusesAll(first.journal);
      for (const left of [disk.killed(), cut(disk)]) {
        const { records, verdict } = await opened(left, 100);
        expect(verdict).toEqual({ type: "clean" });
        expect(texts(records)).toMatch(/^(a b|ab)$/);
        expect(journalFiles(left)).toHaveLength(1);
      }
    },
  );

  test("is not believed to be mended by the next process: what is read back is written anew", async () => {
    const disk = new SimulatedDisk();
    const first = await opened(disk);
    await write(first, "a");
    disk.faults.failAt = { operation: disk.operations + 1, code: "EIO" };
    first.journal.append(bytesOf("b"));
    await expect(first.journal.flush()).rejects.toThrow(JournalFailed);
    // The system goes on showing what it could not write, and its next sync succeeds.
    const next = disk.killed();
    const second = await opened(next, 100);
    expect(texts(second.records)).toBe("a b");
    await write(second, "c");
    expect(texts((await opened(cut(next), 200)).records)).toBe("a b c");
    expect(journalFiles(next)).toEqual(["journal-0000000002"]);
  });

  test("on a full disk leaves what was flushed, and a disk with room goes on", async () => {
    const disk = new SimulatedDisk();
    const first = await opened(disk);
    await write(first, "a b");
    disk.faults.capacity = 200;
    first.journal.append(new Uint8Array(500));
    await expect(first.journal.flush()).rejects.toThrow("no room");
    const next = disk.killed();
    next.faults.capacity = 10_000;
    const second = await opened(next, 100);
    expect(second.verdict).toMatchObject({ type: "torn tail cut" });
    expect(texts(second.records)).toBe("a b");
    await write(second, "c");
    expect(texts((await opened(cut(next), 200)).records)).toBe("a b c");
  });

  test("of the disk while opening is an answer, and leaves the lock to others", async () => {
    const disk = new SimulatedDisk();
    disk.faults.failAt = { operation: 1, code: "ENOSPC" };
    expect(await openJournal(disk)).toMatchObject({ ok: false, why: "disk", error: { code: "ENOSPC" } });
    expect((await opened(disk, 100)).verdict).toEqual({ type: "new" });
  });
});
