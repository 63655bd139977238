import { expect, test } from "vitest";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import type { Options } from "../../../host/engine/consensus/options.ts";
import type { KeyValueState } from "../../../host/engine/keyvalue/state.ts";
import type { RunningNode } from "../../../host/node/node.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { epoch } from "../../../protocol/core/units.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import { Neighbours } from "./neighbours.ts";

const MINUTE_MS = 60_000;

/** Packets pass only between those on one side. */
function cut(of: Neighbours, sideOf: (at: number) => number): void {
  of.carry = ({ from, to }) => sideOf(from) === sideOf(to);
}

const heal = (of: Neighbours): void => {
  of.carry = () => true;
};

const node = (of: Neighbours, at: number): RunningNode<KeyValueState> => of.kiosks[at]!.node!;
const steps = (of: Neighbours): (string | undefined)[] => of.kiosks.map(({ node }) => node?.standing()?.step);
const executed = (of: Neighbours): (number | undefined)[] => of.kiosks.map(({ node }) => node?.replica.executed);
/** And everybody knows what it signed before. */
const isWhole = (of: Neighbours): boolean =>
  of.kiosks.every(({ node }) => node?.standing()?.step === "whole" && node.replica.probing === undefined);

const isSame = (of: Neighbours): boolean =>
  new Set(of.kiosks.map(({ node }) => Buffer.from(node?.replica.state.history ?? []).toString("hex"))).size === 1;

const answered = (of: Neighbours, at: number): number =>
  of.kiosks[at]!.told.filter((effect: Effect) => effect.type === "answered").length;

async function started(count: number, options: Partial<Options> = {}): Promise<Neighbours> {
  const of = new Neighbours(count, options);
  await of.startAll();
  expect(await of.run(MINUTE_MS, () => isWhole(of)), "all find each other").toBe(true);
  return of;
}

test("three of four go on; the one that is alone says so and refuses what its player wants, until it is back [Q03 Q06 Q11]", async () => {
  const of = await started(4);
  of.submit(3, "a", "1");
  expect(await of.run(5_000, () => answered(of, 3) === 1)).toBe(true);
  cut(of, (at) => (at === 3 ? 1 : 0));
  await of.run(MINUTE_MS);
  expect(steps(of).slice(0, 3)).toEqual(["whole", "whole", "whole"]);
  const page = node(of, 3).standing()!;
  expect([page.mode, page.here, page.needed]).toEqual(["readOnly", 1, 3]);
  expect(page.sentences[0]).toContain("You can look and not play; what you have is safe");
  expect(node(of, 3).submit(0, new Uint8Array(3))?.words).toBe(page.sentences[0]);
  expect(of.kiosks[3]!.told.at(-1)).toEqual({ type: "refused", seat: 0, why: "silent" });
  for (let i = 0; i < 12; i++) of.submit(0, `k${i}`, "while away");
  expect(await of.run(5_000, () => answered(of, 0) === 12), "the side with a quorum decides").toBe(true);
  expect(node(of, 0).replica.members.length, "absence removes nobody").toBe(4);
  heal(of);
  const healedAt = of.now;
  expect(await of.run(MINUTE_MS, () => isWhole(of) && isSame(of))).toBe(true);
  // The propagation to who was away is that of the next heartbeat, and far within five minutes.
  expect(of.now - healedAt).toBeLessThan(15_000);
  expect(node(of, 3).standing()!.rejoinedAfterMs).toBeGreaterThan(40_000);
  of.submit(3, "b", "2");
  expect(await of.run(5_000, () => answered(of, 3) === 2), "and plays on").toBe(true);
});

test("two and two: nobody goes on, people are asked after five minutes, and may try again [Q03 Q04 Q10]", async () => {
  const of = await started(4);
  cut(of, (at) => at % 2);
  await of.run(MINUTE_MS);
  expect(steps(of)).toEqual(["readOnly", "readOnly", "readOnly", "readOnly"]);
  const before = executed(of);
  await of.run(5 * MINUTE_MS);
  expect(steps(of)).toEqual(["asking", "asking", "asking", "asking"]);
  expect(node(of, 0).standing()!.asked).toBe("no quorum");
  expect(executed(of)).toEqual(before);
  node(of, 0).answer("tryAgain");
  await of.run(1_000);
  expect([node(of, 0).standing()!.step, node(of, 0).standing()!.asked]).toEqual(["reconnecting", undefined]);
  heal(of);
  expect(await of.run(MINUTE_MS, () => isWhole(of) && isSame(of))).toBe(true);
});

test("of eight five are too few, and of seven four are [Q03]", async () => {
  for (const [count, side] of [
    [8, 5],
    [7, 4],
  ] as const) {
    const of = await started(count);
    cut(of, (at) => (at < side ? 0 : 1));
    await of.run(MINUTE_MS);
    expect(steps(of).every((step) => step === "readOnly")).toBe(true);
  }
});

/** What another history of the same members has decided, sealed as they would say it. */
async function otherHistory(): Promise<{ packet: Uint8Array; from: Neighbours }> {
  const other = await started(4);
  for (let i = 0; i < 3; i++) other.submit(0, `other${i}`, "another");
  await other.run(2_000, () => executed(other).every((each) => each! > 0));
  const { decision, table } = node(other, 0).replica;
  const sealed = sealSaid({ type: "certificate", certificate: decision!.certificate }, { id: table, epoch: epoch(0) });
  return { packet: sealed.bytes, from: other };
}

test("two certificates that contradict each other stop the table for good, and both are kept [Q07]", async () => {
  const of = await started(4);
  for (let i = 0; i < 3; i++) of.submit(1, `k${i}`, `${i}`);
  await of.run(2_000, () => executed(of).every((each) => each! > 0));
  const { packet } = await otherHistory();
  const { listener } = of.kiosks[2]!;
  const before = node(of, 2).replica.executed;
  listener!.onPacket(0, packet.slice());
  await of.run(100);
  expect(node(of, 2).standing()!.step).toBe("stopped");
  of.submit(0, "later", "on");
  await of.run(2_000);
  expect(node(of, 2).replica.executed, "nothing is agreed on here any more").toBe(before);
  expect(node(of, 2).submit(0, new Uint8Array(1))?.words).toContain("Two certificates contradict each other");
  await of.kill(2);
  await of.start(2);
  await of.run(2_000);
  expect(node(of, 2).standing()!.step, "after a restart as well").toBe("stopped");
  expect(node(of, 2).replica.executed).toBe(before);
});

test("a certificate of the own history stops nobody, nor does one whose signatures do not hold", async () => {
  const of = await started(4);
  for (let i = 0; i < 3; i++) of.submit(1, `k${i}`, `${i}`);
  await of.run(2_000, () => executed(of).every((each) => each! > 0));
  const { decision, table } = node(of, 1).replica;
  const own = sealSaid({ type: "certificate", certificate: decision!.certificate }, { id: table, epoch: epoch(0) });
  of.kiosks[2]!.listener!.onPacket(0, own.bytes.slice());
  const { packet } = await otherHistory();
  const forged = packet.slice();
  forged[forged.length - 20]! ^= 1;
  of.kiosks[2]!.listener!.onPacket(0, forged);
  await of.run(1_000);
  expect(node(of, 2).standing()!.step).toBe("whole");
});

/** All that it says until it is whole again. */
async function saysUntilWhole(of: Neighbours, at: number): Promise<Set<string>> {
  const said = new Set<string>();
  let wasAsked = 0;
  await of.run(5 * MINUTE_MS, () => {
    const page = node(of, at).standing()!;
    said.add(page.sentences[0]!);
    // The others play on, so that there are checkpoints.
    if (of.now > wasAsked + 500) {
      wasAsked = of.now;
      of.submit(0, "tick", `${wasAsked}`);
    }
    return page.step === "whole" && said.size > 1 && !node(of, at).replica.diverged && isSame(of);
  });
  return said;
}

const DAMAGED =
  "Something stored here was damaged: taking the last state that all agreed on, and all that came after it.";

test("a kiosk whose state is not the agreed one says so, takes the state of a stable checkpoint, and has what all have [Q08 D12]", async () => {
  const of = await started(4, { checkpointEvery: 10 });
  for (let i = 0; i < 12; i++) {
    of.submit(0, `k${i}`, `${i}`);
    await of.run(200);
  }
  // What a memory that forgets a bit would do: the state changes, and nothing was agreed on.
  const { replica } = node(of, 2);
  const { entries } = replica.state.machine as unknown as { entries: { value: Uint8Array }[] };
  entries[0]!.value[0]! ^= 1;
  expect([...(await saysUntilWhole(of, 2))]).toContain(DAMAGED);
  expect(node(of, 2).standing()!.mode).toBe("goesOn");
  expect(replica.state.machine).toEqual(node(of, 0).replica.state.machine);
});

test("a kiosk whose journal is damaged says so while it catches up, and loses nothing that was agreed on [Q08]", async () => {
  const of = await started(4, { checkpointEvery: 10 });
  for (let i = 0; i < 12; i++) {
    of.submit(0, `k${i}`, `${i}`);
    await of.run(200);
  }
  const kiosk = of.kiosks[2]!;
  await kiosk.node!.close();
  const disk = kiosk.disk.afterCut("everything", chance(1));
  const [name] = disk.list().filter((each) => each.startsWith("journal"));
  const spoilt = disk.keptBytes(name!).slice();
  spoilt[spoilt.length >> 1]! ^= 0x40;
  disk.spoil(name!, spoilt);
  kiosk.disk = disk;
  await of.start(2);
  expect([...(await saysUntilWhole(of, 2))]).toContain(DAMAGED);
  expect(isSame(of)).toBe(true);
});
