import { afterAll, describe, expect, test } from "vitest";
import { fileDisk } from "../../../../host/storage/file-disk.ts";
import { RECORD_HEAD_SIZE } from "../../../../host/storage/journal/layout.ts";
import {
  JOURNAL_COMPACTED_SIZE_MAX,
  JOURNAL_FILE_SIZE_MAX,
  JOURNAL_RECORD_SIZE_MAX,
} from "../../../../host/storage/limits.ts";
import { AssertionError } from "../../../../protocol/core/assert.ts";
import { folders } from "../folders.ts";
import { SimulatedDisk } from "../simulated-disk.ts";
import { bytesOf, cut, journalFiles, opened, texts, write } from "./opening.ts";

const here = folders();
afterAll(here.removeAll);

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
