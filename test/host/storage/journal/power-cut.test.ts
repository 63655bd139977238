import { expect, test } from "vitest";
import { JournalFailed } from "../../../../host/storage/journal/journal.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { chance, draw32 } from "../../../../protocol/core/chance.ts";
import { MANNERS, PowerCut, SECTOR_SIZE, SimulatedDisk } from "../simulated-disk.ts";
import { type Act, Life, scriptOf } from "./life.ts";
import { bytesOf, opened, texts, write } from "./opening.ts";

const SCRIPTS = 40;
const SCRIPT_LENGTH = 40;

/** What the life after a cut does, to see that it was given a journal and no ruin. */
const EPILOGUE: readonly Act[] = [
  { type: "append", size: 9 },
  { type: "flush" },
  { type: "append", size: 70 },
  { type: "wait" },
  { type: "append", size: 30 },
  { type: "flush" },
  { type: "wait" },
];
const COMPACTION: readonly Act[] = [
  { type: "compact", last: 2 },
  { type: "append", size: 5 },
  { type: "flush" },
  { type: "wait" },
];

/** Answers whether the script came to its end before the power went. */
async function live(life: Life, script: readonly Act[]): Promise<boolean> {
  try {
    await life.open();
    for (const act of script) await life.act(act);
    return true;
  } catch (error) {
    if (error instanceof PowerCut || (error instanceof JournalFailed && error.cause instanceof PowerCut)) return false;
    throw error;
  }
}

test("a power cut at any operation, and at any of the recovery from it, loses nothing that was flushed", async () => {
  const tally = { cuts: 0, recoveries: 0, new: 0, clean: 0, "torn tail cut": 0, damaged: 0 };
  for (let seed = 1; seed <= SCRIPTS; seed++) {
    const script = scriptOf(chance(seed), SCRIPT_LENGTH);
    for (let cutAt = 0, isOver = false; !isOver; cutAt++) {
      const life = new Life(new SimulatedDisk());
      life.disk.faults.cutAt = cutAt;
      isOver = await live(life, script);
      tally.cuts += 1;
      for (const [number, manner] of MANNERS.entries()) {
        const random = chance(draw32(chance(seed * 10_000 + cutAt * 10 + number)));
        const left = (): SimulatedDisk => life.disk.afterCut(manner, random);
        // Each time what is left is drawn anew.
        for (let again = 0, isOpen = false; !isOpen; again++) {
          const recovering = life.fork(left());
          recovering.disk.faults.cutAt = again;
          isOpen = await live(recovering, []);
          const after = recovering.disk.afterCut(MANNERS[again % MANNERS.length]!, random);
          await recovering.fork(after).open();
          tally.recoveries += 1;
        }
        const healed = life.fork(left());
        expect(await live(healed, EPILOGUE)).toBe(true);
        tally[healed.verdict!.type] += 1;
        const written = healed.fork(healed.disk.afterCut("nothing", random));
        await written.open(["clean"]);
        for (const act of COMPACTION) await written.act(act);
        await written.fork(written.disk.afterCut("nothing", random)).open(["clean"]);
      }
    }
  }
  // Enough of each to prove something, and no cut is taken for damage.
  expect(tally).toMatchObject({ damaged: 0 });
  expect(tally.cuts).toBeGreaterThan(1000);
  expect(tally.recoveries).toBeGreaterThan(20_000);
  expect(tally["torn tail cut"]).toBeGreaterThan(400);
});

test("what a killed process had written is synced before anything vouches for it", async () => {
  const kinds = new Set<string>();
  for (let cutAfter = 1; cutAfter <= 4; cutAfter++) {
    for (let seed = 0; seed < 100; seed++) {
      const disk = new SimulatedDisk();
      const { journal } = await opened(disk);
      for (let count = 0; count < 6; count++) journal.append(new Uint8Array(SECTOR_SIZE).fill(count));
      disk.faults.cutAt = disk.operations + 1;
      await expect(journal.flush()).rejects.toThrow(JournalFailed);
      const next = disk.killed();
      next.faults.cutAt = next.operations + cutAfter;
      await openJournal(next).catch(() => {});
      const { verdict } = await opened(next.afterCut("disorder", chance(seed)), 100);
      kinds.add(verdict.type);
    }
  }
  expect([...kinds].sort()).toEqual(["clean", "torn tail cut"]);
});

test("what was cut off never comes back among what was written later in its place", async () => {
  const found = new Set<string>();
  for (let padding = 0; padding < SECTOR_SIZE; padding++) {
    for (let seed = 0; seed < 20; seed++) {
      const random = chance(seed);
      const disk = new SimulatedDisk();
      const first = await opened(disk);
      await write(first, "x".repeat(padding + 1));
      // In the second life a restart's mark is where the empty record was: "new" is where "old" was, under the same number.
      for (const word of ["", "old"]) first.journal.append(bytesOf(word));
      disk.faults.cutAt = disk.operations + 1;
      await expect(first.journal.flush()).rejects.toThrow(JournalFailed);
      const next = disk.afterCut("disorder", random);
      const second = await opened(next, 100);
      if (second.records.length > 1) continue;
      next.faults.cutAt = next.operations + 1;
      second.journal.append(bytesOf("new"));
      await expect(second.journal.flush()).rejects.toThrow(JournalFailed);
      const third = await opened(next.afterCut("disorder", random), 200);
      expect(third.verdict.type).not.toBe("damaged");
      found.add(texts(third.records.slice(1)));
    }
  }
  expect([...found].sort()).toEqual(["", "new"]);
});
