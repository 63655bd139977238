import { expect, test } from "vitest";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { takeProof } from "../../../host/node/joining-founding.ts";
import type { CheckpointProof } from "../../../protocol/agreement/certificate.ts";
import { sequence } from "../../../protocol/core/units.ts";
import { SimulatedDisk } from "../storage/simulated-disk.ts";
import { Joiners, request } from "./joiners.ts";

const answered = (of: Joiners, at: number): number =>
  of.kiosks[at]!.told.filter((effect: Effect) => effect.type === "answered" && effect.seat === 0).length;

const executed = (of: Joiners): (number | undefined)[] =>
  of.kiosks.flatMap(({ node }) => (node === undefined ? [] : [node.replica.executed]));

const isOne = (of: Joiners): boolean => new Set(executed(of)).size === 1;

/** Proofs against somebody, and kiosks that signed more than they know. What is signed in an epoch that ends may come too late. */
const faults = (of: Joiners): Effect[] =>
  of.kiosks.flatMap(({ told }) => told.filter(({ type }) => type === "evidence" || type === "muted"));

test("a fifth kiosk joins a table of four that plays, gets its state, votes, and leaves again [H12]", async () => {
  const of = new Joiners(5, [0, 1, 3, 4], { checkpointEvery: 10 });
  await of.startFounders();
  for (let i = 0; i < 30; i++) {
    of.submit(i % 2, `k${i}`, `${i}`);
    await of.run(300);
  }
  const node = await of.join(2, [0]);
  if (typeof node === "string") throw new Error(node);
  expect([node.replica.epoch, node.replica.me, node.replica.members.length]).toEqual([1, 2, 5]);
  of.submit(0, "while it comes", "yes");
  expect(
    await of.run(30_000, () => isOne(of) && node.replica.probing === undefined && node.replica.state.table.epoch === 1),
  ).toBe(true);
  of.submit(2, "from", "the fifth");
  expect(await of.run(30_000, () => answered(of, 2) === 1), "what it wants is agreed on").toBe(true);
  // With two of the four gone three are left, which are fewer than four of five: so its votes count.
  await of.kill(4);
  of.submit(2, "again", "and again");
  expect(await of.run(60_000, () => answered(of, 2) === 2)).toBe(true);
  await of.start(4);
  expect(await of.run(60_000, () => isOne(of))).toBe(true);
  node.leave();
  expect(await of.run(60_000, () => of.kiosks[0]!.node!.replica.members.length === 4)).toBe(true);
  expect(
    await of.run(
      30_000,
      () => node.replica.me < 0 && of.said[2]!.some((each) => each.type === "left" && each.wasWished),
    ),
  ).toBe(true);
  expect(node.submit(0, new Uint8Array(1))?.words).toBe(
    "This kiosk has no place at the table: you can look and not play.",
  );
  expect(faults(of)).toEqual([]);
});

test("a kiosk alone takes in a second, which begins at the very checkpoint that let it in, and neither goes on without the other [H12]", async () => {
  const of = new Joiners(2, [0], { checkpointEvery: 50 });
  await of.startFounders();
  for (let i = 0; i < 5; i++) of.submit(0, `k${i}`, `${i}`);
  await of.run(2_000);
  const node = await of.join(1, [0]);
  if (typeof node === "string") throw new Error(node);
  of.submit(1, "from", "the second");
  await of.run(20_000, () => node.replica.state.table.epoch === 1 && node.replica.probing === undefined);
  of.submit(1, "from", "the second");
  expect(await of.run(60_000, () => answered(of, 1) >= 1 && isOne(of))).toBe(true);
  expect(
    node.replica.lineage.map(({ ballots }) => ballots.length),
    "what it shows to others is proved",
  ).toEqual([1]);
  expect(faults(of)).toEqual([]);
});

test("who joined is a member after its process was killed, whatever it had done by then", async () => {
  for (const ms of [0, 40, 400, 4_000, 20_000]) {
    const of = new Joiners(5, [0, 1, 2, 3], { checkpointEvery: 10 });
    // Its journal is made short at every turn.
    of.compactAboveSize = 1;
    await of.startFounders();
    for (let i = 0; i < 15; i++) of.submit(i % 2, `k${i}`, `${i}`);
    await of.run(3_000);
    const node = await of.join(4, [1]);
    if (typeof node === "string") throw new Error(node);
    await of.run(ms);
    await of.kill(4);
    of.submit(0, "while", "it is away");
    await of.run(2_000);
    // And again, before it has heard anything.
    await of.start(4);
    await of.run(3);
    await of.kill(4);
    const again = await of.start(4);
    const isBack = () => isOne(of) && again.replica.probing === undefined && again.replica.state.table.epoch === 1;
    expect(await of.run(60_000, isBack), `killed after ${ms} ms`).toBe(true);
    const before = answered(of, 4);
    of.submit(4, "back", "again");
    expect(await of.run(60_000, () => answered(of, 4) > before)).toBe(true);
    expect(faults(of)).toEqual([]);
  }
});

test("a proof of the epoch that is believed is taken with the signatures of those who were members before, and with no others", async () => {
  const of = new Joiners(5, [0, 1, 2, 3], { checkpointEvery: 50 });
  await of.startFounders();
  for (let i = 0; i < 5; i++) of.submit(0, `k${i}`, `${i}`);
  await of.run(2_000);
  const node = await of.join(4, [0]);
  if (typeof node === "string") throw new Error(node);
  const { lineage } = of.kiosks[0]!.node!.replica;
  const [proof] = lineage;
  const { ports } = of.kiosks[4]!;
  const fresh = () => ({ ...node.replica, lineage: [] as CheckpointProof[] });
  const belief = of.beliefs[4]!;
  const [first, ...rest] = proof!.ballots;
  const forged = { ...first!, signature: new Uint8Array(64) };
  expect(takeProof(fresh(), belief, { ...proof!, ballots: [forged, ...rest] }, ports)).toBe(false);
  expect(takeProof(fresh(), belief, { ...proof!, ballots: rest }, ports)).toBe(false);
  const other = { ...proof!, header: { ...proof!.header, sequence: sequence(proof!.header.sequence + 1) } };
  expect(takeProof(fresh(), belief, other, ports)).toBe(false);
  const taken = fresh();
  expect([takeProof(taken, belief, proof!, ports), taken.lineage]).toEqual([true, [proof]]);
  expect(takeProof(taken, belief, proof!, ports), "once").toBe(false);
});

test("a member that has lost its disk asks for its place again, and signs nothing twice in it", async () => {
  const of = new Joiners(5, [0, 1, 2, 3], { checkpointEvery: 10 });
  await of.startFounders();
  const node = await of.join(4, [1]);
  if (typeof node === "string") throw new Error(node);
  await of.run(20_000, () => node.replica.probing === undefined && node.replica.state.table.epoch === 1);
  // Without the third its votes are needed, and heard.
  await of.kill(2);
  for (let i = 0; i < 5; i++) of.submit(4, `k${i}`, `${i}`);
  expect(await of.run(60_000, () => answered(of, 4) === 5)).toBe(true);
  await of.start(2);
  await of.run(10_000, () => isOne(of));
  await of.kill(4);
  of.kiosks[4]!.disk = new SimulatedDisk();
  of.kiosks[4]!.told.length = 0;
  await of.run(2_000);
  const again = await of.join(4, [1]);
  if (typeof again === "string") throw new Error(again);
  expect(again.replica.epoch).toBe(1);
  expect(await of.run(60_000, () => again.replica.probing === undefined)).toBe(true);
  expect(again.replica.mutedUntil, "until the table has gone far beyond what it signed").toBeGreaterThan(0);
  for (let i = 0; i < 60 && again.replica.mutedUntil !== undefined; i++) {
    of.submit(0, `more${i}`, `${i}`);
    await of.run(1_000);
  }
  expect(again.replica.mutedUntil).toBeUndefined();
  const { executed: before } = again.replica.state.table.clients[4]!;
  of.submit(4, "back", "again");
  // Under a number that was never used.
  expect(await of.run(30_000, () => again.replica.state.table.clients[4]!.executed === before + 1)).toBe(true);
  expect(of.kiosks.flatMap(({ told }) => told.filter(({ type }) => type === "evidence"))).toEqual([]);
});

test("the eleventh kiosk is refused, the ninth player too, each with its reason [H12]", async () => {
  const of = new Joiners(11, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await of.startFounders();
  expect(await of.join(10, [0])).toBe("tableFull: ten kiosks are at the table");
  const four = new Joiners(5, [0, 1, 2, 3]);
  four.seating = { seats: 8, seatsFree: 0, excluded: [] };
  await four.startFounders();
  expect(await four.join(4, [0])).toBe("noSeatFree: no seat is free");
  const there = four.visit(4, [0]);
  await four.run(15_000);
  const [table] = there.tables();
  expect(table).toMatchObject({ isKnown: true, announcers: 4, obstacle: "no seat" });
  expect(table!.tolerance.label).toBe("one kiosk may lie or fail");
  there.close();
});

test("a kiosk whose proof does not hold is refused by name, and let in with one that does", async () => {
  const of = new Joiners(5, [0, 1, 2, 3]);
  of.identify = (_, proof) => (proof[0] === 1 ? undefined : "not identified");
  await of.startFounders();
  expect(await of.join(4, [0])).toBe("proofRefused: not identified");
  await of.run(70_000);
  const node = await of.join(4, [0], { proof: Uint8Array.of(1) });
  expect(typeof node).toBe("object");
});

test("whoever is no member cannot make a table up for one that knows a member [H12]", async () => {
  const of = new Joiners(6, [0, 1, 2, 3]);
  await of.startFounders();
  // The fifth plays a table of its own, under the same name and with the same secret.
  const liar = new Joiners(6, [4]);
  await liar.startFounders();
  const here = of.visit(5, [4]);
  await of.run(15_000);
  expect(here.tables().map(({ isKnown, announcers }) => [isKnown, announcers])).toEqual([[false, 4]]);
  const visited = here.ask(request());
  let came: string | undefined;
  visited.then((each) => {
    came = each.type === "refused" ? each.why : each.type;
  });
  expect(await of.run(240_000, () => came !== undefined)).toBe(true);
  expect(came, "four say yes, and none of them is believed").toBe("no answer");
  here.close();
});
