import { describe, expect, test } from "vitest";
import { RollProof } from "../../../../host/engine/dice/roll-proof.ts";
import { type ProofPlace, type RollKeys, verifyRoll } from "../../../../host/engine/dice/verify-roll.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { type DiceTable, diceTable, rollOnce } from "./kiosks.ts";
import { flipped, keyIn, portsIn } from "./parts.ts";
import type { World } from "./stand-in.ts";

const keysOf = (of: DiceTable): RollKeys => ({
  table: of.state.table,
  epoch: of.state.epoch,
  members: of.kiosks.map(({ member }) => member.key),
  key: of.state.key?.key,
});

function proved(count: number, world: World, revealAlways: boolean) {
  const of = diceTable(count, { world, revealAlways });
  const rolled = rollOnce(of);
  return { of, rolled, keys: keysOf(of), bytes: encode(RollProof, rolled.proof) };
}

const SETTINGS: readonly (readonly [string, number, World, boolean])[] = [
  ["distributed, stand-in", 4, "stand-in", false],
  ["distributed, real", 4, "real", false],
  ["distributed among ten, stand-in", 10, "stand-in", false],
  ["revealed, stand-in", 3, "stand-in", true],
  ["revealed, real", 2, "real", true],
  ["revealed among seven, stand-in", 7, "stand-in", true],
];

describe.each(SETTINGS)("the proof of a roll, %s", (_, count, world, revealAlways) => {
  const { of, rolled, keys, bytes } = proved(count, world, revealAlways);
  const ports = portsIn(of);

  test("gives the same dice to whoever has the members' keys and nothing else [K07]", () => {
    const verdict = verifyRoll(ports, keys, bytes);
    expect(verdict).toEqual({ ok: true, roll: 1, dice: rolled.dice, seed: rolled.seed });
  });

  test("fails where a bit of it was flipped, and says where [K07]", () => {
    const decoded = decode(RollProof, bytes);
    if (!decoded.ok) throw new Error("no proof");
    const places = new Map<ProofPlace, number>();
    // On the stand-in each byte once at least.
    for (let bit = 0; bit < 8 * bytes.length; bit += world === "real" ? 37 : 5) {
      const verdict = verifyRoll(ports, keys, flipped(bytes, bit));
      if (verdict.ok) throw new Error(`bit ${bit} makes no difference`);
      places.set(verdict.where, (places.get(verdict.where) ?? 0) + 1);
      expect([bit, verdict.where]).toEqual([bit, expect.toBeOneOf(expected(bit >> 3, decoded.value))]);
    }
    const must: ProofPlace[] = revealAlways
      ? ["table", "input", "commitment", "signature", "dice"]
      : ["table", "input", "partial", "output", "dice"];
    if (world === "real") return;
    for (const place of must) expect([place, places.has(place)]).toEqual([place, true]);
  });

  test("fails with other keys, and says which [K07]", () => {
    expect(verifyRoll(ports, { ...keys, table: flipped(keys.table, 0) }, bytes)).toEqual({ ok: false, where: "table" });
    expect(verifyRoll(ports, { ...keys, epoch: 1 }, bytes)).toEqual({ ok: false, where: "epoch" });
    const strangers = diceTable(count, { world, revealAlways, seed: 2 });
    rollOnce(strangers);
    const where = revealAlways ? "signature" : "partial";
    expect(verifyRoll(ports, keysOf(strangers), bytes)).toEqual({ ok: false, where, member: expect.any(Number) });
  });

  test("fails where it is cut short or goes on [K07]", () => {
    expect(verifyRoll(ports, keys, bytes.subarray(1))).toMatchObject({ ok: false });
    expect(verifyRoll(ports, keys, bytes.subarray(0, -1))).toMatchObject({ ok: false, where: "layout" });
    expect(verifyRoll(ports, keys, Uint8Array.of(...bytes, 0))).toEqual({
      ok: false,
      where: "layout",
      at: bytes.length,
    });
  });
});

/** What a flipped bit in this byte may be told as; lengths and tags may break the layout instead. */
function expected(byte: number, proof: RollProof): ProofPlace[] {
  const lengths = [16, 1, encodedLock(proof), 32];
  const [table, epoch, lock, input] = lengths.map((_, at) =>
    lengths.slice(0, at + 1).reduce((sum, each) => sum + each),
  );
  if (byte < table!) return ["table"];
  if (byte < epoch!) return ["epoch", "layout"];
  if (byte < lock!) return ["input", "layout"];
  if (byte < input!) return ["input"];
  const total = encode(RollProof, proof).length;
  if (byte >= total - 2) return ["dice"];
  const at = byte - input!;
  if (proof.randomness.type === "distributed") {
    if (at === 0) return ["layout"];
    if (at === 1) return ["key", "layout"];
    if (at < 34) return ["output"];
    if (at === 34) return ["layout", "count"];
    // A holder may become one that comes too early, or none.
    return (at - 35) % 97 === 0 ? ["partial", "count", "layout"] : ["partial"];
  }
  if (at < 2) return ["layout", "count"];
  const within = (at - 2) % 161;
  if (within === 0) return ["count", "layout", "commitment"];
  return within < 33 || within >= 97 ? ["commitment"] : ["signature"];
}

const encodedLock = ({ lock }: RollProof): number =>
  1 + 32 + 1 + lock.nonces.reduce((sum, nonce) => sum + 1 + nonce.length, 0);

test("an altered secret is found although its altered digest fits: the digest is signed [K07]", () => {
  const { of, keys, rolled } = proved(3, "stand-in", true);
  const { randomness } = rolled.proof;
  if (randomness.type !== "revealed") throw new Error("not revealed");
  const [first, second, third] = randomness.secrets.map((each) => each);
  if (first === undefined || second === undefined || third === undefined) throw new Error("not three");
  const moved = { ...second, opening: third.opening, commitment: third.commitment };
  const bytes = encode(RollProof, { ...rolled.proof, randomness: { ...randomness, secrets: [first, moved, third] } });
  expect(verifyRoll(portsIn(of), keys, bytes)).toEqual({ ok: false, where: "commitment", member: 1 });
});

test("a proof by fewer than a quorum is none [K07]", () => {
  const { of, keys, rolled } = proved(7, "stand-in", true);
  const { randomness } = rolled.proof;
  if (randomness.type !== "revealed") throw new Error("not revealed");
  const bytes = encode(RollProof, {
    ...rolled.proof,
    randomness: { ...randomness, secrets: randomness.secrets.slice(3) },
  });
  expect(verifyRoll(portsIn(of), keys, bytes)).toEqual({ ok: false, where: "count" });
});

test("a proof of a key that is not there is told so", () => {
  const { of, keys, bytes } = proved(4, "stand-in", false);
  expect(verifyRoll(portsIn(of), { ...keys, key: undefined }, bytes)).toEqual({ ok: false, where: "key" });
  const key = { ...keyIn(of).key, number: 9 };
  expect(verifyRoll(portsIn(of), { ...keys, key }, bytes)).toEqual({ ok: false, where: "key" });
});
