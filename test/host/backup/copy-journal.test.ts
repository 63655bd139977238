import { expect, test } from "vitest";
import { COPY_GENERATION, copyJournal, type JournalCopy, judgeCopy } from "../../../host/backup/copy-journal.ts";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { keyValueMachine } from "../../../host/engine/keyvalue/key-value-machine.ts";
import { remember } from "../../../host/node/memory.ts";
import { type Disk, DiskError } from "../../../host/storage/disk.ts";
import { fileName } from "../../../host/storage/journal/names.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { Monitor } from "../node/monitor.ts";
import { Neighbours } from "../node/neighbours.ts";
import { SimulatedDisk } from "../storage/simulated-disk.ts";

async function diskOf(copy: JournalCopy): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const file = disk.create(fileName(COPY_GENERATION));
  await file.append(copy.bytes);
  await file.sync();
  await disk.syncDirectory();
  return disk;
}

function copyOf(disk: Disk, salt = 9): JournalCopy {
  const copied = copyJournal(disk, salt);
  assert(copied.ok, "a journal is copied");
  return copied;
}

/** Between two requests: what four kiosks bear for long. */
const EVERY_MS = 200;

/** Four kiosks that are asked for something all the time. `look` is called each millisecond. */
async function underLoad(compactAboveSize: number) {
  const of = new Neighbours(4, { checkpointEvery: 5, batchLengthMax: 4 });
  of.compactAboveSize = compactAboveSize;
  await of.startAll();
  await of.run(200);
  let asked = 0;
  const load = async (requests: number, look?: () => void): Promise<void> => {
    for (let i = 0; i < requests; i++) {
      const running = of.kiosks.flatMap(({ node }, at) => (node === undefined ? [] : [at]));
      of.submit(running[asked % running.length]!, `k${asked % 7}`, `${asked}`);
      asked += 1;
      if (look === undefined) await of.run(EVERY_MS);
      for (let ms = 0; look !== undefined && ms < EVERY_MS; ms++) {
        await of.run(1);
        look();
      }
    }
  };
  return { of, load };
}

test("a copy taken under load brings back the very state that the kiosk had at that place", async () => {
  const { of, load } = await underLoad(6000);
  const kiosk = of.kiosks[1]!;
  const { key, ports } = kiosk;
  /** What it was, at each place that it came through. */
  const states = new Map<number, unknown>();
  const look = (): void => {
    const { state } = kiosk.node!.replica;
    if (!states.has(state.sequence)) states.set(state.sequence, structuredClone(state));
  };
  const places: number[] = [];
  const copyNow = async (): Promise<void> => {
    const { executed } = kiosk.node!.replica;
    const disk = await diskOf(copyOf(kiosk.disk));
    const founding = { options: of.options, table: of.table, members: of.members, key, at: millis(0), wallMs: 0 };
    const remembered = await remember(disk, founding, { ports, machine: keyValueMachine });
    assert(remembered.ok, "a copy opens");
    const { state } = remembered.memory.replica;
    expect(remembered.memory.verdict.type).toBe("damaged");
    expect(state).toEqual(states.get(state.sequence));
    // What was executed then was durable then.
    expect(state.sequence).toBe(executed);
    places.push(state.sequence);
  };
  look();
  for (let copies = 0; copies < 40; copies++) {
    await load(1, look);
    // At every moment of an agreement.
    of.submit(copies % 4, "moment", `${copies}`);
    for (let ms = 0; ms < copies % 20; ms++) {
      await of.run(1);
      look();
    }
    await copyNow();
  }
  expect(new Set(places).size).toBeGreaterThan(30);
  expect(kiosk.node!.tally.compactions).toBeGreaterThan(1);
});

test("a kiosk started from a copy signs nothing until the table is far beyond it, and never twice", async () => {
  const { of, load } = await underLoad(8000);
  const monitor = new Monitor(of.table, of.members, of.kiosks[0]!.ports);
  const seen = of.kiosks.map(() => 0);
  of.carry = ({ bytes }) => {
    for (const [at, { told }] of of.kiosks.entries()) {
      for (; seen[at]! < told.length; seen[at]! += 1) {
        const effect = told[seen[at]!]!;
        if (effect.type === "persist" && effect.record.type === "voted") monitor.kept(effect.record.ballot);
      }
    }
    monitor.sent(bytes);
    return true;
  };
  await load(12);
  const kiosk = of.kiosks[2]!;
  const copy = copyOf(kiosk.disk);
  // What it signs from here on the copy knows nothing of.
  await load(12);
  await kiosk.node?.close();
  const executedBefore = kiosk.node!.replica.executed;
  kiosk.disk = await diskOf(copy);
  const from = kiosk.told.length;
  const node = await of.start(2);
  expect(node.verdict.type).toBe("damaged");
  expect(node.replica.executed).toBeLessThan(executedBefore);
  // A certificate is made of what others have signed.
  const isOwn = (effect: Effect): boolean => effect.type === "say" && effect.said.type !== "certificate";
  const said = (): number => kiosk.told.slice(from).filter(isOwn).length;
  const isMuted = (): boolean => node.replica.mutedUntil !== undefined || node.replica.probing !== undefined;
  for (let i = 0; i < 400 && isMuted(); i++) {
    expect(said()).toBe(0);
    await load(1);
  }
  expect(isMuted()).toBe(false);
  await load(12);
  expect(said()).toBeGreaterThan(0);
  expect(monitor.ballots).toBeGreaterThan(10);
  expect(monitor.violations).toEqual([]);
  expect(of.kiosks.flatMap(({ told }) => told.filter(({ type }) => type === "evidence"))).toEqual([]);
});

test("a journal that is made short while it is copied is looked at again, and one that grows is whole", async () => {
  const { of, load } = await underLoad(1_000_000);
  await load(8);
  const { disk }: { readonly disk: Disk } = of.kiosks[0]!;
  const whole = copyOf(disk);
  let looks = 0;
  const replaced: Disk = {
    ...disk,
    list: () => disk.list(),
    read(name, sizeMax) {
      looks += 1;
      if (looks < 3) throw new DiskError("ENOENT", "another generation took its place");
      return disk.read(name, sizeMax);
    },
  };
  expect(copyOf(replaced).recordCount).toBe(whole.recordCount);
  let more = 0;
  const growing: Disk = {
    ...disk,
    list: () => disk.list(),
    read(name, sizeMax) {
      more += 40;
      const { bytes } = disk.read(name, sizeMax);
      return { bytes: bytes.subarray(0, bytes.length - 200 + more), isWhole: false };
    },
  };
  expect(copyOf(growing)).toMatchObject({ damage: undefined });
  const stuck: Disk = {
    ...disk,
    list: () => disk.list(),
    read: (name, sizeMax) => ({ bytes: disk.read(name, sizeMax).bytes, isWhole: false }),
  };
  expect(copyOf(stuck).damage).toContain("the disk gives no more than");
  const lost: Disk = {
    ...disk,
    list: () => disk.list(),
    read() {
      throw new DiskError("EIO", "the disk is spoilt");
    },
  };
  expect(() => copyJournal(lost, 1)).toThrow("the disk is spoilt");
});

test("of a damaged journal what is readable is copied, and that it was damaged is said, also at the next copy", async () => {
  const { of, load } = await underLoad(1_000_000);
  await load(12);
  const { node, disk } = of.kiosks[3]!;
  await node?.close();
  of.kiosks[3]!.node = undefined;
  const before = copyOf(disk);
  expect(before.damage).toBe(undefined);
  const kept = disk.afterCut("everything", chance(1));
  const [name] = kept.list().filter((each) => each.startsWith("journal"));
  const spoilt = kept.keptBytes(name!).slice();
  spoilt[spoilt.length >> 1]! ^= 0x40;
  kept.spoil(name!, spoilt);
  const copy = copyOf(kept);
  expect(copy.damage).toMatch(/is bad/);
  expect(copy.recordCount).toBeGreaterThan(0);
  expect(copy.recordCount).toBeLessThan(before.recordCount);
  const opened = await openJournal(await diskOf(copy));
  assert(opened.ok, "a copy opens");
  opened.journal.append(Uint8Array.of(1, 2, 3));
  await opened.journal.close();
});

test("nothing to copy, and what another version wrote, are told apart", async () => {
  expect(copyJournal(new SimulatedDisk(), 1)).toEqual({ ok: false, why: "none", damage: undefined });
  const disk = new SimulatedDisk();
  const opened = await openJournal(disk);
  assert(opened.ok, "a new journal opens");
  opened.journal.append(Uint8Array.of(1));
  await opened.journal.close();
  const copy = copyOf(disk);
  expect(copy.recordCount).toBe(1);
});

test("only what is whole and says that it is a copy is taken for one", async () => {
  const disk = new SimulatedDisk();
  const opened = await openJournal(disk);
  assert(opened.ok, "a new journal opens");
  for (let i = 0; i < 20; i++) opened.journal.append(new Uint8Array(30).fill(i));
  await opened.journal.close();
  const { bytes } = copyOf(disk);
  expect(judgeCopy(bytes).ok).toBe(true);
  for (let at = 0; at < bytes.length; at++) {
    expect(judgeCopy(bytes.subarray(0, at)).ok, `cut at ${at}`).toBe(false);
    const spoilt = bytes.slice();
    spoilt[at]! ^= 1;
    expect(judgeCopy(spoilt).ok, `spoilt at ${at}`).toBe(false);
  }
  const [name] = disk.list().filter((each) => each.startsWith("journal"));
  const original = disk.read(name!, 1e6).bytes;
  expect(judgeCopy(original)).toMatchObject({ ok: false, why: "it is a journal, and no copy of one" });
});
