import { expect, test } from "vitest";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { TableOperation } from "../../../host/engine/consensus/table.ts";
import { keyValueMachine } from "../../../host/engine/keyvalue/key-value-machine.ts";
import { remember, shorten } from "../../../host/node/memory.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { SimulatedDisk } from "../storage/simulated-disk.ts";
import { Monitor } from "./monitor.ts";
import { Neighbours } from "./neighbours.ts";

const toldOf = <T extends Effect["type"]>(of: Neighbours, at: number, type: T): (Effect & { type: T })[] =>
  of.kiosks[at]!.told.filter((effect): effect is Effect & { type: T } => effect.type === type);

const isSettled = (of: Neighbours): boolean => {
  const replicas = of.kiosks.flatMap(({ node }) => (node === undefined ? [] : [node.replica]));
  const idle = replicas.every(({ pools }) => pools.every(({ waiting }) => waiting.length === 0));
  return idle && new Set(replicas.map(({ executed }) => executed)).size === 1;
};

/** So many requests, a few at a time. */
async function play(of: Neighbours, count: number): Promise<void> {
  const running = of.kiosks.flatMap(({ node }, at) => (node === undefined ? [] : [at]));
  for (let i = 0; i < count; i++) {
    of.submit(running[i % running.length]!, `k${i % 7}`, `${i}`);
    if (i % 8 === 7) await of.run(20);
  }
  expect(await of.run(20_000, () => isSettled(of))).toBe(true);
}

async function table(count: number, compactAboveSize?: number): Promise<Neighbours> {
  const of = new Neighbours(4, { checkpointEvery: 5, batchLengthMax: 4 });
  of.compactAboveSize = compactAboveSize;
  await of.startAll();
  await of.run(200);
  await play(of, count);
  return of;
}

async function restart(of: Neighbours, at: number, disk?: SimulatedDisk): Promise<void> {
  const kiosk = of.kiosks[at]!;
  await kiosk.node?.close();
  kiosk.node = undefined;
  kiosk.disk = disk ?? kiosk.disk.killed();
  await of.start(at);
  expect(await of.run(3000, () => kiosk.node?.replica.probing === undefined)).toBe(true);
  expect(kiosk.failure).toBe(undefined);
}

test("all kiosks start from their journals with the state that they had, and go on", async () => {
  const of = await table(60);
  const before = of.kiosks.map(({ node }) => structuredClone(node!.replica.state));
  for (const at of of.kiosks.keys()) {
    await of.kiosks[at]!.node?.close();
    of.kiosks[at]!.disk = of.kiosks[at]!.disk.killed();
  }
  await of.startAll();
  expect(of.kiosks.map(({ node }) => node!.replica.state)).toEqual(before);
  expect(of.kiosks.every(({ node }) => node!.verdict.type === "clean" && node!.recordCount > 50)).toBe(true);
  await of.run(1000);
  await play(of, 8);
});

test("a journal is made short at stable checkpoints, and a start from it is a start from all of it", async () => {
  const of = await table(400, 8000);
  for (const [at, kiosk] of of.kiosks.entries()) {
    expect(kiosk.node!.tally.compactions).toBeGreaterThan(1);
    const { state, view, said, lastNumber } = structuredClone(kiosk.node!.replica);
    await restart(of, at);
    const { replica, recordCount, verdict } = kiosk.node!;
    expect(verdict.type).toBe("clean");
    // Of more than a thousand that were written.
    expect(recordCount).toBeLessThan(200);
    expect({ state: replica.state, lastNumber: replica.lastNumber }).toEqual({ state, lastNumber });
    expect(replica.view).toBeGreaterThanOrEqual(view);
    expect(replica.executed).toBeGreaterThanOrEqual(said.prepared);
  }
  await play(of, 8);
});

test("a journal that another process uses, of another table, or in unknown words is left as it is", async () => {
  const of = await table(8);
  const kiosk = of.kiosks[1]!;
  expect(await of.tryStart(1)).toMatchObject({ ok: false, why: "locked" });
  await kiosk.node?.close();

  of.table[0]! += 1;
  kiosk.disk = kiosk.disk.killed();
  expect(await of.tryStart(1)).toEqual({ ok: false, why: "another table" });
  of.table[0]! -= 1;

  const opened = await openJournal(kiosk.disk);
  assert(opened.ok, "it was let go");
  opened.journal.append(Uint8Array.of(0xff));
  await opened.journal.close();
  expect(await of.tryStart(1)).toEqual({ ok: false, why: "unreadable" });
});

test("a kiosk whose journal is damaged signs nothing until the table has gone far beyond it, then its journal is whole", async () => {
  const of = await table(40);
  const kiosk = of.kiosks[2]!;
  await kiosk.node?.close();
  kiosk.node = undefined;
  const disk = kiosk.disk.afterCut("everything", chance(1));
  const [name] = disk.list().filter((each) => each.startsWith("journal"));
  const spoilt = disk.keptBytes(name!).slice();
  spoilt[spoilt.length >> 1]! ^= 0x40;
  disk.spoil(name!, spoilt);
  kiosk.told.length = 0;
  await restart(of, 2, disk);
  expect(kiosk.node!.verdict.type).toBe("damaged");
  expect(toldOf(of, 2, "muted")).toMatchObject([{ why: "the journal is damaged" }]);
  // What it finds in its journal it may say again; nothing new has its signature.
  const signed = () => toldOf(of, 2, "persist").filter(({ record }) => record.type === "voted");
  expect(signed()).toEqual([]);

  const others = [0, 1, 3];
  for (let i = 0; i < 200 && toldOf(of, 2, "unmuted").length === 0; i++) {
    of.submit(others[i % 3]!, "k", `${i}`);
    await of.run(200);
  }
  expect(toldOf(of, 2, "unmuted")).toHaveLength(1);
  await play(of, 12);
  expect(signed().length).toBeGreaterThan(0);
  await restart(of, 2);
  expect(kiosk.node!.verdict.type).toBe("clean");
});

test("damage is remembered by a journal that is made short before the others have told what was signed here", async () => {
  const of = await table(40);
  const { node, disk, key, ports } = of.kiosks[2]!;
  await node?.close();
  of.kiosks[2]!.node = undefined;
  const kept = disk.afterCut("everything", chance(1));
  const [name] = kept.list().filter((each) => each.startsWith("journal"));
  const spoilt = kept.keptBytes(name!).slice();
  spoilt[spoilt.length >> 1]! ^= 0x40;
  kept.spoil(name!, spoilt);
  const founding = { options: of.options, table: of.table, members: of.members, key, at: millis(0), wallMs: 0 };
  const open = async (from: SimulatedDisk) => {
    const remembered = await remember(from, founding, { ports, machine: keyValueMachine });
    assert(remembered.ok, "a damaged journal opens");
    return remembered.memory;
  };
  const memory = await open(kept);
  expect([memory.verdict.type, memory.replica.probing === undefined]).toEqual(["damaged", false]);
  await shorten(memory);
  await memory.journal.close();
  expect((await open(kept.killed())).verdict.type).toBe("damaged");
});

test.each([
  ["an old image of a disk", (old: SimulatedDisk) => old],
  ["an empty disk", () => new SimulatedDisk()],
])(
  "a kiosk that starts from %s hears so from the others, who take nothing that it says for a repetition",
  async (_, from) => {
    const of = await table(12);
    const monitor = new Monitor(of.table, of.members, of.kiosks[0]!.ports);
    const kiosk = of.kiosks[3]!;
    const old = kiosk.disk.afterCut("everything", chance(2));
    const { cutAt } = old.faults;
    expect(cutAt).toBe(undefined);
    await play(of, 60);
    kiosk.told.length = 0;
    of.carry = ({ bytes, from }) => {
      if (from === 3) monitor.sent(bytes);
      return true;
    };
    await restart(of, 3, from(old));
    expect(toldOf(of, 3, "muted")).toHaveLength(1);
    expect(toldOf(of, 3, "say")).toEqual([]);
    expect(await of.run(5000, () => isSettled(of)), "it learns what was decided").toBe(true);
    // Statuses that it numbered anew were opened and answered.
    expect(monitor.sealed).toBeGreaterThan(1);
    for (const at of [0, 1, 2]) expect(of.kiosks[at]!.node!.refused["repeated"]).toBe(undefined);
  },
);

test("a member leaves, the others speak in the next epoch, and one that was away follows them there", async () => {
  const of = new Neighbours(5, { checkpointEvery: 5 });
  await of.startAll();
  await of.run(200);
  await play(of, 10);
  const away = of.kiosks[4]!;
  await away.node?.close();
  away.node = undefined;
  of.kiosks[0]!.node?.submit(KIOSK_SEAT, encode(TableOperation, { type: "leave" }));
  const others = [1, 2, 3].map((at) => of.kiosks[at]!);
  expect(await of.run(10_000, () => others.every(({ node }) => node?.replica.epoch === 1))).toBe(true);
  for (const { node } of others) expect(node?.replica.members).toHaveLength(4);
  for (let i = 0; i < 30; i++) {
    of.submit(1 + (i % 3), "k", `${i}`);
    await of.run(10);
  }
  away.disk = away.disk.killed();
  await of.start(4);
  expect(away.node!.replica.epoch).toBe(0);
  expect(await of.run(10_000, () => away.node?.replica.epoch === 1)).toBe(true);
  expect(await of.run(60_000, () => away.node?.replica.executed === others[0]!.node?.replica.executed)).toBe(true);
});
