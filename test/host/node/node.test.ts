import { expect, test } from "vitest";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { nameOfKey } from "../../../host/mesh/judge.ts";
import { JournalFailed } from "../../../host/storage/journal/journal.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { counter, millis, sequence, view } from "../../../protocol/core/units.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { MANNERS } from "../storage/simulated-disk.ts";
import { Monitor } from "./monitor.ts";
import { Neighbours } from "./neighbours.ts";

const of_ = <T extends Effect["type"]>(told: readonly Effect[], type: T): (Effect & { type: T })[] =>
  told.filter((effect): effect is Effect & { type: T } => effect.type === type);

const answersOf = (of: Neighbours, at: number): number => of_(of.kiosks[at]!.told, "answered").length;

const executed = (of: Neighbours): (number | undefined)[] => of.kiosks.map(({ node }) => node?.replica.executed);

/** Whether all that run stand at the same place with nothing waiting. */
function isSettled(of: Neighbours): boolean {
  const replicas = of.kiosks.map(({ node }) => node?.replica);
  const idle = replicas.every((each) => each?.pools.every((pool) => pool.waiting.length === 0));
  return idle && new Set(executed(of)).size === 1;
}

/** Holds what is sent against what was kept. */
function watch(of: Neighbours): Monitor {
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
  return monitor;
}

test("four kiosks agree on what their seats want, each record of it durable and few flushes", async () => {
  const of = new Neighbours(4, {}, "real");
  const monitor = watch(of);
  await of.startAll();
  await of.run(200);
  for (let i = 0; i < 160; i++) of.submit(i % 4, `k${i % 5}`, `${i}`);
  expect(await of.run(2000, () => isSettled(of) && answersOf(of, 3) === 40)).toBe(true);
  expect(of.kiosks.map((_, at) => answersOf(of, at))).toEqual([40, 40, 40, 40]);
  const states = of.kiosks.map(({ node }) => node?.replica.state);
  for (const state of states) expect(state).toEqual(states[0]);
  expect(monitor.violations).toEqual([]);
  expect(monitor.ballots).toBeGreaterThan(10);
  for (const { node } of of.kiosks) {
    expect(node?.refused).toEqual({});
    // Forty requests that come at once share one flush.
    expect(node!.tally.records).toBeGreaterThan(3 * node!.tally.flushes);
  }
});

/** A few requests, and one kiosk whose power goes before the operation of its disk of that number. */
async function cut(at: number, operation: number, manner: (typeof MANNERS)[number]) {
  const of = new Neighbours(4, { checkpointEvery: 3, batchLengthMax: 2 });
  of.compactAboveSize = 4000;
  const monitor = watch(of);
  const kiosk = of.kiosks[at]!;
  kiosk.disk.faults.cutAt = operation;
  let isCut = false;
  for (const each of of.kiosks.keys())
    isCut =
      !(await of.tryStart(each).then(
        () => true,
        () => false,
      )) || isCut;
  await of.run(200);
  for (let i = 0; i < 8; i++) {
    of.submit(i % 4, `k${i % 3}`, `${i}`);
    await of.run(7);
  }
  const acknowledged = answersOf(of, at);
  isCut ||= kiosk.failure !== undefined;
  kiosk.disk.faults.cutAt = Number.POSITIVE_INFINITY;
  if (isCut) {
    kiosk.disk = kiosk.disk.afterCut(manner, chance(operation));
    const node = await of.start(at);
    expect(monitor.isRemembered(node.replica), "it remembers what it said").toBe(true);
    expect(node.replica.lastNumber, "and what it asked for").toBeGreaterThanOrEqual(acknowledged);
  }
  expect(await of.run(5000, () => kiosk.node?.replica.probing === undefined), "others tell what was signed here").toBe(
    true,
  );
  of.submit(at, "last", "word");
  expect(await of.run(20_000, () => isSettled(of) && answersOf(of, at) > acknowledged), "the table goes on").toBe(true);
  expect(monitor.violations).toEqual([]);
  // Each of the eight whether it was acknowledged or not, and the last word.
  expect(kiosk.node?.replica.state.table.clients[at]?.executed).toBeGreaterThan(acknowledged);
  for (const { told } of of.kiosks) {
    for (const type of ["muted", "evidence", "malformed"] as const) expect(of_(told, type)).toEqual([]);
  }
  return isCut;
}

/** All of a backup's, and some of a primary's, which is the same disk with other words. */
test.each([
  ["the primary's", 0, 4],
  ["a backup's", 1, 1],
])(
  "%s power goes before an operation of its disk, whichever: nothing is lost, nothing is signed twice",
  async (_, at, stride) => {
    let operation = 0;
    while (await cut(at, operation, MANNERS[(operation / stride) % MANNERS.length]!)) operation += stride;
    // Flushes, compactions and the opening were all among them.
    expect(operation).toBeGreaterThan(40);
  },
  120_000,
);

test("what a bad neighbour sends is refused by name, and the table goes on", async () => {
  const of = new Neighbours(4);
  const sealed: Uint8Array[] = [];
  of.carry = ({ from, bytes, signer }) => {
    if (from === 3 && signer === 3) sealed.push(bytes.slice());
    return true;
  };
  await of.startAll();
  await of.run(300);
  const bad = of.kiosks[0]!;
  const [old] = sealed;
  const forged = old!.slice();
  // Its counter is another one, and its signature is not over that.
  forged[6]! ^= 0x01;
  const key = { key: new Uint8Array(32).fill(9), time: millis(0), counter: counter(1), table: undefined };
  const { bytes: strange } = seal(hello, { type: "stranger", ...key }, bad.ports);
  for (const packet of [old!, strange, forged, new Uint8Array(5000), Uint8Array.of(0x05, 0), old!]) {
    bad.listener?.onPacket(3, packet);
  }
  await of.run(100);
  // The neighbour pays: three that nobody honest passes on, and its link is closed.
  const { refused } = bad.node!.mesh.neighbours.get(nameOfKey(of.kiosks[3]!.key))!;
  expect(refused).toEqual({
    ...{ "said twice": 1, "time too far back": 1, "bad signature": 1, "too large": 1, "layout broken": 1, banned: 1 },
  });
  expect(bad.node!.refused).toEqual({});
  expect(bad.up.has(3)).toBe(false);
  of.submit(0, "a", "b");
  expect(await of.run(2000, () => answersOf(of, 0) === 1)).toBe(true);
});

const hello: Message = {
  ...{
    type: "heartbeat",
    time: millis(0),
    view: view(0),
    executed: { sequence: sequence(0), digest: new Uint8Array(32) },
  },
  ...{ power: "active", batteryPercent: undefined, peers: [] },
};

test("a kiosk that is paused hears nothing and comes back", async () => {
  const of = new Neighbours(4);
  await of.startAll();
  await of.run(300);
  const paused = of.kiosks[3]!.node!;
  paused.pause(1000);
  expect(paused.isPaused()).toBe(true);
  for (let i = 0; i < 10; i++) of.submit(1, "k", `${i}`);
  await of.run(900);
  expect(answersOf(of, 1)).toBe(10);
  expect(await of.run(110, () => !paused.isPaused())).toBe(true);
  await of.run(5);
  expect(paused.replica.executed).toBe(0);
  // Who misses nothing that it knows of asks every five seconds.
  expect(await of.run(7000, () => isSettled(of) && !paused.isPaused())).toBe(true);
  expect(paused.replica.state).toEqual(of.kiosks[1]!.node!.replica.state);
});

test("a disk that fails ends its kiosk, which says nothing that is not durable", async () => {
  const of = new Neighbours(4);
  await of.startAll();
  await of.run(200);
  const kiosk = of.kiosks[2]!;
  kiosk.disk.faults.failAt = { operation: kiosk.disk.operations, code: "EIO" };
  let packets = 0;
  of.carry = ({ from }) => {
    if (from === 2) packets += 1;
    return true;
  };
  of.submit(2, "a", "b");
  await of.run(300);
  expect(kiosk.failure).toBeInstanceOf(JournalFailed);
  expect(packets).toBe(0);
  expect(answersOf(of, 2)).toBe(0);
});
