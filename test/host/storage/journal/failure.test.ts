import { describe, expect, test } from "vitest";
import { type Journal, JournalFailed } from "../../../../host/storage/journal/journal.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { SimulatedDisk } from "../simulated-disk.ts";
import { bytesOf, cut, journalFiles, opened, texts, write } from "./opening.ts";

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
