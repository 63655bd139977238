import { expect, test } from "vitest";
import { TableOperation as MemberOperation } from "../../../host/engine/consensus/table.ts";
import { RollProof } from "../../../host/engine/dice/roll-proof.ts";
import { verifyRoll } from "../../../host/engine/dice/verify-roll.ts";
import { audit } from "../../../host/engine/ledger/audit.ts";
import { verifierPorts } from "../../../host/node/dice-ports.ts";
import { partialMessage, partialOf } from "../../../host/node/partial-message.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import { counter, epoch, memberIndex } from "../../../protocol/core/units.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { MANNERS } from "../storage/simulated-disk.ts";
import { CrapsKiosks, diceAskedFor, toldOf } from "./craps-kiosks.ts";

/** The same dice wherever the roll was seen, and every chip in its place. */
function expectAlike(of: CrapsKiosks, roll: number): void {
  const rolls = of.seen.flatMap((seen) => seen.filter((each) => each.roll === roll));
  expect(rolls.length).toBeGreaterThan(0);
  for (const each of rolls) expect(each).toEqual(rolls[0]);
  const states = of.kiosks.flatMap(({ node }) => (node === undefined ? [] : [node.replica.state]));
  for (const state of states) {
    expect(state).toEqual(states[0]);
    expect(audit(state.machine.ledger)).toEqual({ ok: true });
  }
}

const fell = (of: CrapsKiosks, roll: number) =>
  of.seen.flatMap((seen) => seen.filter((each) => each.roll === roll)).at(0)?.fell;

/** No kiosk says a part of a roll that it does not know to be decided. */
function watchPartials(of: CrapsKiosks): { count: number; readonly early: string[] } {
  const watched = { count: 0, early: [] as string[] };
  of.carry = (packet) => {
    const roll = of.partialIn(packet);
    // Whoever passes on another's says nothing of its own.
    if (roll === undefined || packet.signer !== packet.from) return true;
    watched.count += 1;
    if (!of.isLocked(packet.from, roll)) watched.early.push(`${packet.from} says ${roll}`);
    return true;
  };
  return watched;
}

test("four kiosks throw with their own keys: the same dice fall for all, and whoever has the keys can check them [K04] [K07]", async () => {
  const of = new CrapsKiosks(4, "real");
  const partials = watchPartials(of);
  await of.seated();
  for (let roll = 1; roll <= 3; roll++) {
    expect(await of.locked()).toBe(roll);
    expect(await of.ended(roll)).toBe(true);
    expectAlike(of, roll);
    const { proof, keys } = fell(of, roll)!;
    const bytes = encode(RollProof, proof).slice();
    expect(verifyRoll(verifierPorts, keys, bytes)).toMatchObject({ ok: true, roll, dice: [proof.first, proof.second] });
    bytes[bytes.length - 40]! ^= 1;
    expect(verifyRoll(verifierPorts, keys, bytes).ok).toBe(false);
  }
  expect(of.seen.map((seen) => seen.length)).toEqual([3, 3, 3, 3]);
  // To all, once a roll and by no more than all: nothing had to be said again.
  expect(partials.count).toBeGreaterThan(0);
  expect(partials.count).toBeLessThanOrEqual(3 * 4 * 3);
  expect(partials.early).toEqual([]);
  for (const { node } of of.kiosks) expect(node!.refused).toEqual({});
}, 60_000);

test("no kiosk says its part before the bets are decided where it is, however late it learns of that", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const of = new CrapsKiosks(4);
    const from = chance(seed);
    await of.seated();
    await of.betted();
    const partials = watchPartials(of);
    const { carry } = of;
    // A third of all packets is lost, so that some learn of the bets from others' partials first.
    of.carry = (packet) => carry(packet) && drawBelow(from, 3) > 0;
    const roll = await of.locked();
    expect(await of.ended(roll, 60_000)).toBe(true);
    expect(partials.count).toBeGreaterThan(0);
    expect(partials.early).toEqual([]);
    expectAlike(of, roll);
  }
}, 60_000);

/** A roll, and one kiosk whose power goes before that operation of its disk from the seating on. */
async function cut(at: number, operation: number): Promise<boolean> {
  const of = new CrapsKiosks(4, "stand-in", { checkpointEvery: 3, batchLengthMax: 2 });
  await of.seated();
  const kiosk = of.kiosks[at]!;
  const partials = watchPartials(of);
  await of.betted();
  kiosk.disk.faults.cutAt = kiosk.disk.operations + operation;
  const roll = await of.locked();
  await of.run(1000, () => kiosk.failure !== undefined || (of.stateOf(0)?.dice.lastRoll ?? 0) > roll);
  const isCut = kiosk.failure !== undefined;
  kiosk.disk.faults.cutAt = Number.POSITIVE_INFINITY;
  if (isCut) {
    kiosk.disk = kiosk.disk.afterCut(MANNERS[operation % MANNERS.length]!, chance(operation));
    await of.start(at);
  }
  // Where the shooter's word itself was lost, the table goes on by itself.
  expect(await of.ended(roll, 60_000), `cut before ${operation}`).toBe(true);
  expect(await of.run(20_000, () => of.isSettled())).toBe(true);
  expectAlike(of, roll);
  expect(fell(of, roll)).toBeDefined();
  expect(partials.early).toEqual([]);
  for (const { told } of of.kiosks) {
    for (const type of ["evidence", "malformed"] as const) expect(toldOf(told, type)).toEqual([]);
  }
  return isCut;
}

test.each([
  ["the shooter's", 0],
  ["another's", 2],
])(
  "%s power goes in the middle of a roll, whenever: the roll ends, with the same dice for all",
  async (_, at) => {
    let operation = 0;
    while (await cut(at, operation)) operation += 1;
    expect(operation).toBeGreaterThan(4);
  },
  120_000,
);

test("with two of four gone nothing falls, and with one of them back the roll ends", async () => {
  const of = new CrapsKiosks(4);
  await of.seated();
  let isHeld = false;
  // Bets are locked, and no partial gets through before two are gone.
  of.carry = (packet) => {
    isHeld ||= of.partialIn(packet) !== undefined;
    return of.partialIn(packet) === undefined;
  };
  const roll = await of.locked();
  const isBegun = () => of.kiosks.every((_, at) => of.stateOf(at)!.dice.roll !== undefined);
  expect(await of.run(5000, () => isHeld && isBegun())).toBe(true);
  for (const at of [2, 3]) await of.kill(at);
  of.carry = () => true;
  expect(await of.ended(roll, 10_000)).toBe(false);
  expect(of.stateOf(0)?.dice.roll).toBeDefined();
  await of.start(3);
  expect(await of.ended(roll, 30_000)).toBe(true);
  expect(fell(of, roll)).toBeDefined();
  expectAlike(of, roll);
});

test("who leads stops in the middle of a roll: another leads, the roll ends, and who was away has the same dice", async () => {
  const of = new CrapsKiosks(4);
  await of.seated();
  let paused: number | undefined;
  of.carry = (packet) => {
    if (paused === undefined && of.partialIn(packet) !== undefined) {
      const { node } = of.kiosks[packet.from]!;
      paused = of.kiosks.findIndex((_, at) => at === node!.replica.view % 4);
      of.kiosks[paused]!.node!.pause(9000);
    }
    return packet.from !== paused || of.kiosks[paused]?.node?.isPaused() === false;
  };
  const roll = await of.locked();
  const isOver = () => of.kiosks.every((_, at) => at === paused || of.stateOf(at)!.dice.roll === undefined);
  expect(await of.run(8000, () => paused !== undefined && isOver())).toBe(true);
  expect(of.stateOf(paused!)!.dice.lastRoll === roll && of.stateOf(paused!)!.dice.roll === undefined).toBe(false);
  const other = of.kiosks.findIndex((_, at) => at !== paused);
  expect(of.kiosks[other]!.node!.replica.view).toBeGreaterThan(0);
  expect(await of.ended(roll, 30_000)).toBe(true);
  expect(fell(of, roll)).toBeDefined();
  expectAlike(of, roll);
});

test("what was dealt or committed before a crash is the same after it", async () => {
  for (const count of [3, 4]) {
    const of = new CrapsKiosks(count);
    let asked = (): number => diceAskedFor(of.kiosks[1]!.told).length;
    if (count === 4) {
      // Nothing is decided any more once it has dealt: a crash, and it must deal again.
      of.carry = () => asked() === 0;
      await of.startAll();
      expect(await of.run(20_000, () => asked() > 0)).toBe(true);
    } else {
      await of.seated();
      of.carry = () => asked() === 0;
      await of.locked();
      expect(await of.run(5000, () => asked() > 0)).toBe(true);
    }
    await of.kill(1);
    const before = diceAskedFor(of.kiosks[1]!.told);
    expect(before).toMatchObject([{ type: count === 4 ? "deal" : "commit" }]);
    of.carry = () => true;
    of.kiosks[1]!.told.length = 0;
    // As if the request itself had never been written.
    of.kiosks[1]!.disk = of.kiosks[1]!.disk.afterCut("nothing", chance(1));
    await of.start(1);
    asked = () => diceAskedFor(of.kiosks[1]!.told).length;
    expect(await of.run(30_000, () => asked() > 0)).toBe(true);
    expect(diceAskedFor(of.kiosks[1]!.told)[0]).toEqual(before[0]);
  }
});

test("a member whose partials are none is heard once, named by its refusal, and holds up nothing [K08]", async () => {
  const of = new CrapsKiosks(4);
  await of.seated();
  const liar = of.kiosks[3]!;
  let number = Math.floor(2e12);
  of.carry = (packet) => {
    const message = packet.from === 3 ? of.messageIn(packet) : undefined;
    const said = message === undefined ? undefined : partialOf(message);
    if (said === undefined) return true;
    const { challenge, response } = said.partial.proof;
    // Another's would do as well: what the proof is of is not what it says.
    const forged = {
      ...said,
      partial: { point: said.partial.point, proof: { challenge: response, response: challenge } },
    };
    const sender = { type: "member", table: of.table, epoch: epoch(0), sender: memberIndex(3) } as const;
    const sealed = seal(partialMessage(forged), { ...sender, counter: counter(number++) }, liar.ports);
    of.kiosks[packet.to]!.listener?.onPacket(3, sealed.bytes.slice());
    return false;
  };
  const roll = await of.locked();
  expect(await of.ended(roll)).toBe(true);
  expectAlike(of, roll);
  const refused = [0, 1, 2].map((at) => of.kiosks[at]!.node!.refused["forged partial"] ?? 0);
  // Who had three good ones before did not look at it.
  expect(Math.max(...refused)).toBe(1);
  const { randomness } = fell(of, roll)!.proof;
  assert(randomness.type === "distributed", "four throw by a key");
  expect(randomness.partials.map(({ holder }) => holder)).toEqual([0, 1, 2]);
});

test("a member leaves: the others make a key of their own, and throw by it", async () => {
  const of = new CrapsKiosks(5);
  await of.seated();
  const first = await of.locked();
  expect(await of.ended(first)).toBe(true);
  of.kiosks[4]!.node!.submit(KIOSK_SEAT, encode(MemberOperation, { type: "leave" }));
  const others = [0, 1, 2, 3];
  const isKeyed = (at: number): boolean => {
    const dice = of.stateOf(at)!.dice;
    return dice.epoch === 1 && dice.members.length === 4 && dice.deal === undefined;
  };
  expect(await of.run(30_000, () => others.every(isKeyed))).toBe(true);
  await of.kill(4);
  const roll = await of.locked();
  expect(await of.ended(roll, 30_000)).toBe(true);
  const { proof, keys } = fell(of, roll)!;
  expect(keys.key?.number).toBe(2);
  expect(keys.members).toHaveLength(4);
  expect(verifyRoll(of.rulesOf(0).ports, keys, encode(RollProof, proof))).toMatchObject({ ok: true, roll });
  expectAlike(of, roll);
}, 60_000);
