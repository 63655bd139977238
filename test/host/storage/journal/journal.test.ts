import { describe, expect, test } from "vitest";
import { RECORD_HEAD_SIZE } from "../../../../host/storage/journal/layout.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { JOURNAL_GROUP_SIZE_MAX, JOURNAL_RECORD_SIZE_MAX } from "../../../../host/storage/limits.ts";
import { AssertionError } from "../../../../protocol/core/assert.ts";
import { SimulatedDisk } from "../simulated-disk.ts";
import { bytesOf, cut, journalFiles, opened, texts, write } from "./opening.ts";

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
