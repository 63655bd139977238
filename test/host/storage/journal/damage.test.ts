import { describe, expect, test } from "vitest";
import { FILE_HEAD_SIZE, RECORD_HEAD_SIZE } from "../../../../host/storage/journal/layout.ts";
import type { Verdict } from "../../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { chance, drawBelow, drawBytes } from "../../../../protocol/core/chance.ts";
import { SECTOR_SIZE, SimulatedDisk } from "../simulated-disk.ts";
import { cut, journalFiles, type Open, opened, texts, write } from "./opening.ts";
import { example, FIRST, isPrefix, SECOND, spoilt } from "./spoilt.ts";

/** Where the last flush begins. */
const LAST_GROUP_SIZE = 2 * RECORD_HEAD_SIZE + "nineten".length;

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
