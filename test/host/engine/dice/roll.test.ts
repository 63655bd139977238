import { describe, expect, test } from "vitest";
import { quorum } from "../../../../host/engine/consensus/quorum.ts";
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { type HeldPartial, PartialSaid } from "../../../../host/engine/dice/partial.ts";
import { decodeScalar, encodeScalar } from "../../../../host/engine/dice/scalar.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { epoch } from "../../../../protocol/core/units.ts";
import { type DiceTable, diceTable, lock, order, rollOnce, settleDown, silence } from "./kiosks.ts";
import { flipped, openInput, outputBy, partialBy, portsIn, subsets } from "./parts.ts";
import type { World } from "./stand-in.ts";

/** A key, an open roll, and nobody who says anything of its own accord. */
function open(count: number, world: World = "stand-in"): DiceTable {
  const of = diceTable(count, { world });
  settleDown(of);
  silence(of, ...of.kiosks.keys());
  expect(lock(of).ok).toBe(true);
  return of;
}

/** What becomes of a settlement by these partials; the state is as before. */
function tried(of: DiceTable, partials: readonly HeldPartial[], output = outputBy(of, partials)) {
  const before = structuredClone(of.state);
  const answer = order(of, 0, { type: "settle", roll: of.state.roll!.lock.roll, output, partials });
  of.state = before;
  return answer;
}

const SETTINGS: readonly (readonly [number, World])[] = [
  ...([4, 6, 7, 9, 10] as const).map((count) => [count, "stand-in"] as const),
  [4, "real"],
  [6, "real"],
];

describe("a roll", () => {
  test.each(SETTINGS)(
    "of %i has the same dice whichever threshold of partials makes it, on the %s [K03] [K04]",
    (count, world) => {
      const of = open(count, world);
      const partials = of.kiosks.map((_, holder) => partialBy(of, holder));
      const seen = new Set<string>();
      const ways = subsets(count, quorum(count));
      for (const way of ways) {
        const answer = tried(
          of,
          way.map((holder) => partials[holder]!),
        );
        if (!answer.ok || answer.change.type !== "rolled") throw new Error(JSON.stringify(answer));
        const { dice, seed } = answer.change;
        seen.add(`${dice} ${Buffer.from(seed).toString("hex")}`);
      }
      expect(ways.length).toBeGreaterThan(3);
      expect(seen.size).toBe(1);
    },
  );

  test("has other dice than the next, and than the same roll of other bets", () => {
    const seeds = [1, 2, 1].map((betRoot) => {
      const of = diceTable(4);
      settleDown(of);
      lock(of, betRoot);
      settleDown(of);
      const [, first] = of.changes;
      if (first?.type !== "rolled") throw new Error("no roll");
      return [first.seed, rollOnce(of).seed].map((seed) => Buffer.from(seed).toString("hex"));
    });
    expect(seeds[0]).toEqual(seeds[2]);
    // The second roll had the same bets each time.
    expect(seeds[0]![1]).toBe(seeds[1]![1]);
    expect(new Set(seeds.flat()).size).toBe(3);
  });

  test("needs all of a threshold: with one less, one twice, or one more it is refused", () => {
    const of = open(7);
    const partials = of.kiosks.map((_, holder) => partialBy(of, holder));
    const five = partials.slice(0, 5);
    expect(tried(of, five).ok).toBe(true);
    expect(tried(of, five.slice(1))).toEqual({ ok: false, why: "wrong count" });
    expect(tried(of, partials.slice(0, 6))).toEqual({ ok: false, why: "wrong count" });
    const output = outputBy(of, five);
    const twice = [five[0]!, five[0]!, ...five.slice(2)];
    expect(tried(of, twice, output)).toEqual({ ok: false, why: "wrong count" });
    expect(tried(of, five.toReversed(), output)).toEqual({ ok: false, why: "wrong count" });
  });

  test("is what its partials give, and no other output", () => {
    const of = open(4);
    const partials = [0, 1, 2].map((holder) => partialBy(of, holder));
    const { group } = portsIn(of);
    for (const output of [group.encode(group.base), new Uint8Array(32), partials[0]!.partial.point]) {
      expect(tried(of, partials, output)).toEqual({ ok: false, why: "wrong output" });
    }
  });
});

describe.each(["stand-in", "real"] as const)("a partial on the %s is refused", (world) => {
  const of = open(4, world);
  const good = [0, 1, 2].map((holder) => partialBy(of, holder));
  const output = outputBy(of, good);
  const { group } = portsIn(of);
  const replaced = (partial: HeldPartial["partial"], holder = 0) =>
    tried(of, [{ holder, partial }, good[1]!, good[2]!], output);
  const bad = { ok: false, why: "bad partial" };
  const [{ partial }] = good as [HeldPartial];

  test("where a bit of any byte of it was flipped [K08]", () => {
    expect(replaced(partial).ok).toBe(true);
    const { point, proof } = partial;
    for (let bit = 0; bit < 256; bit += 9) {
      expect(replaced({ point: flipped(point, bit), proof })).toEqual(bad);
      expect(replaced({ point, proof: { ...proof, challenge: flipped(proof.challenge, bit) } })).toEqual(bad);
      expect(replaced({ point, proof: { ...proof, response: flipped(proof.response, bit) } })).toEqual(bad);
    }
  });

  test("where another holder's stands in its place, or it is said to be another's", () => {
    expect(replaced(good[1]!.partial)).toEqual(bad);
    expect(tried(of, [good[1]!, { holder: 2, partial }, partialBy(of, 3)], output)).toEqual(bad);
    expect(tried(of, [good[1]!, good[2]!, { holder: 9, partial }], output)).toEqual(bad);
  });

  test("where it was made for another roll, other bets, another epoch or another table", () => {
    const input = openInput(of);
    const others = [
      { ...input, roll: input.roll + 1 },
      { ...input, lock: flipped(input.lock, 3) },
      { ...input, epoch: epoch(1) },
      { ...input, table: flipped(input.table, 3) },
    ];
    for (const other of others) expect(replaced(partialBy(of, 0, other).partial)).toEqual(bad);
  });

  test("where it is the identity, or not canonical, or its numbers are not below the order", () => {
    const { point, proof } = partial;
    const identity = group.encode(group.combine([]));
    const tooLarge = Uint8Array.from(point, () => 0xff);
    expect(replaced({ point: identity, proof })).toEqual(bad);
    expect(replaced({ point: tooLarge, proof })).toEqual(bad);
    for (const part of ["challenge", "response"] as const) {
      const number = decodeScalar(proof[part], group.order)!;
      expect(replaced({ point, proof: { ...proof, [part]: encodeScalar(number + group.order) } })).toEqual(bad);
    }
  });

  test("where somebody made it with a number that is not the holder's share [K08]", () => {
    expect(replaced(partialBy(of, 3).partial)).toEqual(bad);
    const share = { ...good[1]!.partial, proof };
    expect(replaced(share)).toEqual(bad);
  });
  const { proof } = partial;
});

test("partials of a roll and its settlement are short: 520 bytes among four, 1,040 among eight", () => {
  const sizes = [4, 8].map((count) => {
    const of = diceTable(count);
    settleDown(of);
    // A quorum says its own before anyone settles.
    of.filter = (_, effect) => (effect.type === "order" ? undefined : effect);
    lock(of);
    settleDown(of);
    expect(of.said).toHaveLength(quorum(count));
    const said = of.said.reduce((sum, each) => sum + encode(PartialSaid, each.said).length, 0);
    const partials = of.kiosks.slice(0, quorum(count)).map((_, holder) => partialBy(of, holder));
    const settlement = { type: "settle", roll: 1, output: outputBy(of, partials), partials } as const;
    return [said, encode(DiceOperation, settlement).length];
  });
  expect(sizes).toEqual([
    [291, 326],
    [582, 617],
  ]);
  expect(sizes[0]![0]).toBeLessThanOrEqual(520);
  expect(sizes[1]![0]).toBeLessThanOrEqual(1040);
});
