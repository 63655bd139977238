import { describe, expect, test } from "vitest";
import { Group } from "../../../../host/storage/journal/group.ts";
import { FILE_HEAD_SIZE, MAGIC, RECORD_HEAD_SIZE, VERSION } from "../../../../host/storage/journal/layout.ts";
import { openJournal, type Verdict } from "../../../../host/storage/journal/open-journal.ts";
import { JOURNAL_SET_ASIDE_COUNT_MAX } from "../../../../host/storage/limits.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { chance, drawBelow, drawBytes } from "../../../../protocol/core/chance.ts";
import { SECTOR_SIZE, SimulatedDisk } from "../simulated-disk.ts";
import { cut, journalFiles, type Open, opened, texts, write } from "./opening.ts";

const FIRST = "journal-0000000001";
const SECOND = "journal-0000000002";

/** A compaction, three flushes, a restart, two flushes: what its disk keeps, and what is in the second file by words. */
async function example(): Promise<{ readonly disk: SimulatedDisk; readonly words: readonly string[] }> {
  const disk = new SimulatedDisk();
  const first = await opened(disk);
  await write(first, "gone gone gone");
  await first.journal.compact([new TextEncoder().encode("snapshot"), new TextEncoder().encode("rest")]);
  await write(first, "one two three");
  await write(first, "four");
  await write(first, "five six");
  await first.journal.close();
  const second = await opened(disk, 100);
  await write(second, "seven eight");
  await write(second, "nine ten");
  return { disk: cut(disk), words: "snapshot rest one two three four five six seven eight nine ten".split(" ") };
}

/** Where the last flush begins. */
const LAST_GROUP_SIZE = 2 * RECORD_HEAD_SIZE + "nineten".length;

const isPrefix = (found: string, words: readonly string[]): boolean =>
  found === words.slice(0, found === "" ? 0 : found.split(" ").length).join(" ");

/** With the file's bytes changed, on a copy of the disk. */
function spoilt(disk: SimulatedDisk, change: (bytes: Uint8Array) => Uint8Array): SimulatedDisk {
  const copy = cut(disk);
  copy.spoil(SECOND, change(copy.keptBytes(SECOND).slice()));
  return copy;
}

/** Damage is told, kept aside as it was, told again after every restart until somebody heals it, and not an obstacle. */
async function expectDamaged(disk: SimulatedDisk, words: readonly string[], setAside = SECOND): Promise<Open> {
  const before = disk.keptBytes(setAside);
  const first = await opened(disk, 500);
  assert(first.verdict.type === "damaged", `the verdict is damaged and not ${JSON.stringify(first.verdict)}`);
  expect(isPrefix(texts(first.records), words)).toBe(true);
  const aside = `${setAside}.damaged`;
  expect(first.verdict.setAside).toContain(aside);
  const left = cut(disk);
  expect(left.keptBytes(aside)).toEqual(before);
  const again = await opened(left, 600);
  expect(again.verdict).toMatchObject({ type: "damaged", setAside: first.verdict.setAside });
  expect(texts(again.records)).toBe(texts(first.records));
  return first;
}

describe("a byte that has rotted", () => {
  test("wherever it is, is damage or the cut of the last flush, and never a wrong record", async () => {
    const { disk, words } = await example();
    const { length } = disk.keptBytes(SECOND);
    const kinds = new Map<string, number>();
    for (let at = 0; at < length; at++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const rotten = spoilt(disk, (bytes) => {
          bytes[at] = (bytes[at] ?? 0) ^ mask;
          return bytes;
        });
        if (at < length - LAST_GROUP_SIZE) {
          await expectDamaged(rotten, words);
          continue;
        }
        const { records, verdict } = await opened(rotten, 500);
        expect(isPrefix(texts(records), words)).toBe(true);
        expect(records.length).toBeGreaterThanOrEqual(words.length - 2);
        kinds.set(verdict.type, 1 + (kinds.get(verdict.type) ?? 0));
      }
    }
    expect([...kinds.keys()]).toEqual(["torn tail cut"]);
  });

  test("leaves all records before it", async () => {
    const { disk, words } = await example();
    let at = FILE_HEAD_SIZE;
    for (const [number, word] of words.entries()) {
      // A restart has left its seed behind "six".
      if (word === "seven") at += RECORD_HEAD_SIZE;
      const place = at + RECORD_HEAD_SIZE;
      const rotten = spoilt(disk, (bytes) => bytes.fill(0xee, place, place + 1));
      expect(texts((await opened(rotten, 500)).records)).toBe(words.slice(0, number).join(" "));
      at = place + word.length;
    }
    expect(at).toBe(disk.keptBytes(SECOND).length);
  });

  test("in the file's head is damage, and an older generation that is still there is better than nothing", async () => {
    const disk = new SimulatedDisk();
    const first = await opened(disk);
    await write(first, "a b");
    await first.journal.compact([new TextEncoder().encode("ab")]);
    const left = cut(disk);
    // The folder was not synced since the old one was removed.
    expect(journalFiles(left)).toEqual([FIRST, SECOND]);
    left.spoil(SECOND, left.keptBytes(SECOND).fill(0, 0, 8));
    const { records, verdict } = await opened(left, 500);
    expect(verdict).toMatchObject({ type: "damaged", why: `${SECOND}: its head is damaged` });
    expect(texts(records)).toBe("a b");
    expect(journalFiles(left)).toEqual([`${FIRST}.damaged`, `${SECOND}.damaged`, "journal-0000000003"]);
  });
});

describe("of many bytes", () => {
  test("that rot, or are written over, or are lost, no wrong record comes back", async () => {
    const { disk, words } = await example();
    const random = chance(7);
    const spoilers: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
      (bytes) => bytes.fill(0, drawBelow(random, bytes.length)),
      (bytes) => bytes.subarray(0, drawBelow(random, bytes.length)),
      (bytes) => {
        const at = drawBelow(random, bytes.length);
        bytes.set(drawBytes(random, Math.min(bytes.length - at, drawBelow(random, 100))), at);
        return bytes;
      },
      // A sector in the place of another.
      (bytes) => {
        const sectors = Math.floor(bytes.length / SECTOR_SIZE);
        const from = SECTOR_SIZE * drawBelow(random, sectors);
        return bytes.copyWithin(SECTOR_SIZE * drawBelow(random, sectors), from, from + SECTOR_SIZE);
      },
      // Any piece in any place, as long as before or not.
      (bytes) => bytes.copyWithin(drawBelow(random, bytes.length), drawBelow(random, bytes.length)),
      (bytes) => {
        const at = drawBelow(random, bytes.length);
        const end = drawBelow(random, bytes.length);
        return new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(end)]);
      },
    ];
    const kinds = new Map<Verdict["type"], number>();
    for (let count = 0; count < 3000; count++) {
      const { records, verdict } = await opened(spoilt(disk, spoilers[count % spoilers.length]!), 500);
      kinds.set(verdict.type, 1 + (kinds.get(verdict.type) ?? 0));
      expect(isPrefix(texts(records), words)).toBe(true);
      if (verdict.type === "torn tail cut") expect(verdict.cutSize).toBeGreaterThan(0);
    }
    expect([...kinds.keys()].sort()).toEqual(["clean", "damaged", "torn tail cut"]);
  });

  test("a record taken out of the middle is a gap, and damage", async () => {
    const { disk, words } = await example();
    // "four" is the fourth behind the two of the compaction, and alone in its flush.
    const before = ["snapshot", "rest", "one", "two", "three"];
    const at = before.reduce((sum, word) => sum + RECORD_HEAD_SIZE + word.length, FILE_HEAD_SIZE);
    const size = RECORD_HEAD_SIZE + "four".length;
    const left = spoilt(disk, (bytes) => new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + size)]));
    const { records, verdict } = await expectDamaged(left, words);
    expect(verdict).toMatchObject({ why: `${SECOND}: record 9 stands in the place of record 8` });
    expect(texts(records)).toBe(before.join(" "));
  });

  test("a gap is damage also where no flush was complete behind it", async () => {
    const disk = new SimulatedDisk();
    await write(await opened(disk), "one two three");
    const left = cut(disk);
    const size = RECORD_HEAD_SIZE + "one".length;
    const bytes = left.keptBytes(FIRST);
    const rest = bytes.subarray(FILE_HEAD_SIZE + size);
    left.spoil(FIRST, new Uint8Array([...bytes.subarray(0, FILE_HEAD_SIZE), ...rest]));
    const { verdict } = await opened(left, 500);
    expect(verdict).toMatchObject({ why: `${FIRST}: record 1 stands in the place of record 0` });
  });

  test("a file that was cut behind a compaction's first records is damaged, for these were whole", async () => {
    const { disk, words } = await example();
    const size = FILE_HEAD_SIZE + RECORD_HEAD_SIZE + "snapshot".length;
    for (const left of [size, size + 5]) {
      const short = spoilt(disk, (bytes) => bytes.subarray(0, left));
      expect((await expectDamaged(short, words)).verdict).toMatchObject({
        why: `${SECOND}: record 4 is bad, which came with the file`,
      });
    }
  });

  test("more than one flush writes is no torn tail", async () => {
    const { disk } = await example();
    const zeros = (size: number) => spoilt(disk, (bytes) => new Uint8Array([...bytes, ...new Uint8Array(size)]));
    const { verdict } = await opened(zeros(1000), 500);
    expect(verdict).toEqual({ type: "torn tail cut", cutSize: 1000 });
    const huge = await opened(zeros(4 * 1024 * 1024 + 1), 500);
    expect(huge.verdict).toMatchObject({ type: "damaged" });
  });
});

describe("a disk that", () => {
  test("cannot read on gives what it could, and that is damage", async () => {
    const { disk, words } = await example();
    const { length } = disk.keptBytes(SECOND);
    for (const from of [0, FILE_HEAD_SIZE, FILE_HEAD_SIZE + 40, length - LAST_GROUP_SIZE, length - 1]) {
      const left = cut(disk);
      left.unreadable(SECOND, from);
      const { records } = await expectDamaged(left, words);
      if (from > length - LAST_GROUP_SIZE) expect(records).toHaveLength(words.length - 1);
    }
  });

  test("put a write elsewhere is found out, or has lost the end", async () => {
    for (let misdirected = 1; misdirected <= 12; misdirected++) {
      for (const to of [
        () => 0,
        () => SECTOR_SIZE,
        (size: number) => size + SECTOR_SIZE,
        (size: number) => size - 10,
      ]) {
        const disk = new SimulatedDisk();
        disk.faults.misdirect = { write: misdirected, to };
        const first = await opened(disk);
        const words = "zero one two three four five six seven eight nine ten eleven".split(" ");
        for (const word of words) await write(first, word);
        const { records, verdict } = await opened(cut(disk), 500);
        if (misdirected < 12) expect(verdict.type).toBe("damaged");
        expect(isPrefix(texts(records), words)).toBe(true);
      }
    }
  });

  test.each(["files", "names"] as const)(
    "lies about its syncs of %s loses what it lied about, and nothing is made up",
    async (lie) => {
      const kinds = new Set<string>();
      for (let seed = 1; seed < 60; seed++) {
        const disk = new SimulatedDisk();
        const first = await opened(disk);
        await write(first, "one two");
        disk.faults.liesAbout = lie;
        if (seed % 2 === 0) await first.journal.compact(["one", "two"].map((word) => new TextEncoder().encode(word)));
        await write(first, "three");
        await write(first, "four");
        const left = disk.afterCut(seed % 3 === 0 ? "nothing" : "disorder", chance(seed));
        const { records, verdict } = await opened(left, 500);
        kinds.add(verdict.type);
        expect(isPrefix(texts(records), ["one", "two", "three", "four"])).toBe(true);
      }
      expect(kinds.has("clean")).toBe(true);
    },
  );
});

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
