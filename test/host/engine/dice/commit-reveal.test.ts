import { describe, expect, test } from "vitest";
import { quorum } from "../../../../host/engine/consensus/quorum.ts";
import { commitmentBytes, commitmentDigest, drawOpening, openedSeed } from "../../../../host/engine/dice/commitment.ts";
import { COMMIT_MS, ORDER_REPEAT_MS, REVEAL_MS } from "../../../../host/engine/dice/limits.ts";
import type { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { lockBets, rollDeadline } from "../../../../host/engine/dice/roll.ts";
import { agreedMillis, memberIndex } from "../../../../protocol/core/units.ts";
import { type DiceTable, diceTable, lock, order, passTime, rollOnce, START, settleDown, silence } from "./kiosks.ts";
import { flipped, openInput, portsIn } from "./parts.ts";

function open(count: number, ...silent: readonly number[]): DiceTable {
  const of = diceTable(count, { revealAlways: true });
  silence(of, ...silent);
  lock(of);
  return of;
}

const everyone = (count: number): number[] => [...new Array(count).keys()];

/** These say digests, and never the secrets. */
function withhold(of: DiceTable, ...members: readonly number[]): void {
  of.filter = (member, effect) => {
    const reveals = effect.type === "order" && effect.operation.type === "reveal";
    return members.includes(member) && reveals ? undefined : effect;
  };
}

function commitBy(of: DiceTable, member: number): Extract<DiceOperation, { type: "commit" }> {
  const { ports, secret } = of.kiosks[member]!;
  const input = openInput(of);
  const digest = commitmentDigest(ports, input, member, drawOpening(ports, input, member, secret));
  const signature = ports.sign(commitmentBytes(input, member, digest));
  return { type: "commit", roll: input.roll, commitment: { digest, signature } };
}

function revealBy(of: DiceTable, member: number): Extract<DiceOperation, { type: "reveal" }> {
  const { ports, secret } = of.kiosks[member]!;
  const input = openInput(of);
  return { type: "reveal", roll: input.roll, opening: drawOpening(ports, input, member, secret) };
}

describe("a commitment", () => {
  test("is bound to table, epoch, roll, bets and member: each of them gives another [K01]", () => {
    const of = open(3, ...everyone(3));
    const [ports, input] = [portsIn(of), openInput(of)];
    const opening = drawOpening(ports, input, 0, of.kiosks[0]!.secret);
    const inputs = [
      input,
      { ...input, table: flipped(input.table, 0) },
      { ...input, epoch: (input.epoch + 1) as typeof input.epoch },
      { ...input, roll: input.roll + 1 },
      { ...input, lock: flipped(input.lock, 0) },
    ];
    const digests = inputs.flatMap((each) => [0, 1].map((member) => commitmentDigest(ports, each, member, opening)));
    expect(new Set(digests.map((digest) => `${digest}`)).size).toBe(10);
    for (const part of ["secret", "salt"] as const) {
      const other = { ...opening, [part]: flipped(opening[part], 0) };
      expect(commitmentDigest(ports, input, 0, other)).not.toEqual(digests[0]);
    }
  });

  test("of another said again opens to nothing, by the other's secret or by one's own [K01]", () => {
    const of = open(3, ...everyone(3));
    const victim = commitBy(of, 0);
    expect(order(of, 0, victim).ok).toBe(true);
    const { ports } = of.kiosks[1]!;
    const { digest } = victim.commitment;
    // As it stands it is not even signed by the thief; signed again it is taken, because refusing would favour who orders.
    expect(order(of, 1, victim)).toEqual({ ok: false, why: "bad signature" });
    const signature = ports.sign(commitmentBytes(openInput(of), 1, digest));
    expect(order(of, 1, { ...victim, commitment: { digest, signature } }).ok).toBe(true);
    expect(order(of, 2, commitBy(of, 2)).ok).toBe(true);
    const stolen = revealBy(of, 0);
    expect(order(of, 0, stolen).ok).toBe(true);
    expect(order(of, 1, stolen)).toEqual({ ok: false, why: "opens nothing" });
    expect(order(of, 1, revealBy(of, 1))).toEqual({ ok: false, why: "opens nothing" });
  });

  test("is signed by its member's own key, over all that it is bound to [K01]", () => {
    const of = open(3, ...everyone(3));
    const good = commitBy(of, 0);
    const { digest, signature } = good.commitment;
    const bad = { ok: false, why: "bad signature" };
    const tried = (commitment: typeof good.commitment) => order(of, 0, { ...good, commitment });
    expect(tried({ digest, signature: flipped(signature, 5) })).toEqual(bad);
    expect(tried({ digest: flipped(digest, 5), signature })).toEqual(bad);
    const elsewhere = of.kiosks[0]!.ports.sign(commitmentBytes({ ...openInput(of), roll: 2 }, 0, digest));
    expect(tried({ digest, signature: elsewhere })).toEqual(bad);
    expect(tried(good.commitment).ok).toBe(true);
    expect(tried(good.commitment)).toEqual({ ok: false, why: "committed already" });
  });

  test("opens to its own secret alone, once, and only when all are there [K01]", () => {
    const of = open(3, ...everyone(3));
    order(of, 0, commitBy(of, 0));
    expect(order(of, 0, revealBy(of, 0))).toEqual({ ok: false, why: "too early" });
    for (const member of [1, 2]) order(of, member, commitBy(of, member));
    expect(order(of, 0, commitBy(of, 0))).toEqual({ ok: false, why: "too late" });
    const { opening, ...rest } = revealBy(of, 0);
    const altered = { ...rest, opening: { ...opening, salt: flipped(opening.salt, 0) } };
    expect(order(of, 0, altered)).toEqual({ ok: false, why: "opens nothing" });
    expect(order(of, 0, revealBy(of, 0)).ok).toBe(true);
    expect(order(of, 0, revealBy(of, 0))).toEqual({ ok: false, why: "revealed already" });
    expect(order(of, 1, { ...revealBy(of, 1), roll: 9 })).toEqual({ ok: false, why: "another roll" });
  });
});

test("two equal secrets do not cancel out, and whose secret it is makes a difference", () => {
  const of = open(3, ...everyone(3));
  const opening = { secret: new Uint8Array(32).fill(1), salt: new Uint8Array(32).fill(2) };
  const seeds = [[0], [1], [0, 1], [0, 2], []].map((members) =>
    openedSeed(
      portsIn(of),
      openInput(of),
      members.map((member) => ({ member: memberIndex(member), opening })),
    ),
  );
  expect(new Set(seeds.map((seed) => `${seed}`)).size).toBe(5);
});

describe("the phases", () => {
  test("go by agreed time: 15 seconds for digests, then 15 for secrets, and not a millisecond less [K02]", () => {
    const of = open(4, 3);
    settleDown(of);
    expect(rollDeadline(of.state)).toBe(START + COMMIT_MS);
    expect(of.state.roll?.commitments).toHaveLength(3);
    passTime(of, COMMIT_MS - 1);
    expect(of.state.roll?.phase).toBe("committing");
    passTime(of, 1);
    // Three of four are enough: one of them is honest at least.
    expect(of.changes.at(-1)).toMatchObject({ type: "rolled", roll: 1 });
    withhold(of, 2);
    lock(of);
    settleDown(of);
    expect(of.state.roll).toMatchObject({ phase: "revealing", late: false });
    expect(rollDeadline(of.state)).toBe(START + of.now + REVEAL_MS);
    passTime(of, REVEAL_MS - 1);
    expect(of.state.roll?.late).toBe(false);
    passTime(of, 1);
    expect(of.changes.at(-1)).toMatchObject({ type: "void", roll: 2 });
    expect(COMMIT_MS).toBe(15_000);
    expect(REVEAL_MS).toBe(15_000);
  });

  test("do not wait where all have spoken [K02]", () => {
    const of = open(5);
    settleDown(of);
    expect(of.now).toBe(0);
    expect(of.changes).toMatchObject([{ type: "rolled" }]);
  });

  test("of digests ends without a quorum of them in a void, and nobody forfeits [K02]", () => {
    const of = open(4, 2, 3);
    settleDown(of);
    passTime(of, COMMIT_MS);
    expect(of.state.roll).toMatchObject({ phase: "committing", late: true });
    expect(rollDeadline(of.state)).toBeUndefined();
    // Two of four have given up; the third comes back.
    expect(of.changes).toEqual([]);
    expect(order(of, 2, { type: "giveUp", roll: 1 })).toEqual({
      ok: true,
      change: { type: "void", roll: 1, forfeits: [] },
    });
  });

  test("of digests takes one that comes late, as long as the roll is open", () => {
    const of = open(4, 2, 3);
    settleDown(of);
    passTime(of, COMMIT_MS);
    silence(of, 3);
    passTime(of, ORDER_REPEAT_MS);
    expect(of.changes).toMatchObject([{ type: "rolled" }]);
  });
});

describe("who withholds its secret", () => {
  test("of two voids the roll and forfeits nothing: it would have to agree to it [K03]", () => {
    const of = open(2);
    withhold(of, 1);
    settleDown(of);
    // Nor does it say that the roll is to end.
    silence(of, 1);
    passTime(of, REVEAL_MS);
    expect(of.changes).toEqual([{ type: "void", roll: 1, forfeits: [] }]);
    expect(of.state.roll).toBeUndefined();
  });

  test("of three forfeits its deposit of this roll, by the word of the two others, and the next roll is thrown [K03]", () => {
    const of = open(3);
    withhold(of, 1);
    settleDown(of);
    passTime(of, REVEAL_MS);
    expect(of.changes).toEqual([{ type: "void", roll: 1, forfeits: [1] }]);
    of.filter = (_, effect) => effect;
    expect(rollOnce(of).roll).toBe(2);
  });

  test.each([4, 7, 10])("of %i, up to f of them, all forfeit, and the table goes on [K03]", (count) => {
    const of = open(count);
    const withholding = everyone(count).slice(quorum(count));
    withhold(of, ...withholding);
    settleDown(of);
    passTime(of, REVEAL_MS);
    expect(of.changes).toEqual([{ type: "void", roll: 1, forfeits: withholding }]);
  });

  test("cannot be made to forfeit by one member, nor before the time, nor after it has revealed [K03]", () => {
    const of = open(3, 0, 1, 2);
    for (const member of [0, 1, 2]) order(of, member, commitBy(of, member));
    const giveUp = (member: number) => order(of, member, { type: "giveUp", roll: 1 });
    expect(giveUp(0)).toEqual({ ok: false, why: "too early" });
    order(of, 1, revealBy(of, 1));
    passTime(of, REVEAL_MS);
    expect(giveUp(0)).toEqual({ ok: true, change: { type: "noted" } });
    expect(giveUp(0)).toEqual({ ok: false, why: "gave up already" });
    expect(order(of, 2, revealBy(of, 2)).ok).toBe(true);
    expect(order(of, 0, revealBy(of, 0))).toMatchObject({ ok: true, change: { type: "rolled" } });
    expect(giveUp(1)).toEqual({ ok: false, why: "another roll" });
  });
});

test("a roll that is open bars the next, and a number is used once, after a void too", () => {
  const of = open(2);
  withhold(of, 1);
  settleDown(of);
  expect(lock(of)).toEqual({ ok: false, why: "a roll is open" });
  passTime(of, REVEAL_MS);
  expect(of.changes).toMatchObject([{ type: "void", roll: 1 }]);
  const bets = { roll: 1, betRoot: new Uint8Array(32), nonces: [] };
  expect(lockBets(of.state, bets, agreedMillis(START), portsIn(of))).toEqual({ ok: false, why: "another roll" });
  expect(lockBets(of.state, { ...bets, roll: 3 }, agreedMillis(START), portsIn(of)).ok).toBe(false);
  expect(lock(of).ok).toBe(true);
});
