import { describe, expect, test } from "vitest";
import { cutEvidence, EvidencePart } from "../../../../host/engine/judge/evidence-parts.ts";
import { EVIDENCE_OPEN_MAX, EVIDENCE_PART_WAIT_MS, EVIDENCE_PARTS_MAX } from "../../../../host/engine/judge/limits.ts";
import { verdictOf } from "../../../../host/engine/judge/proof.ts";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import { lawOf } from "../../../../host/engine/table/law.ts";
import { TableOperation } from "../../../../host/engine/table/operation.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { chance, drawBelow, drawBytes } from "../../../../protocol/core/chance.ts";
import { OPERATION_SIZE_MAX } from "../../../../protocol/core/limits.ts";
import { epoch } from "../../../../protocol/core/units.ts";
import { type AgreementProof, amnesia, CHEAT, falseNewView } from "../judge/cheats.ts";
import { sceneOf, stakedHouse, text } from "./courtroom.ts";
import { accountAt, execute, type House, house, orderBytes, passTime } from "./house.ts";

const CLAIMS = 16;
const cheatKey = (of: House): Uint8Array => of.kiosks[CHEAT]!.member.key;
const stakeOf = (of: House, place: number) => accountAt(of, place)!.stake + accountAt(of, place)!.unbonding;
const snapshot = (of: House): Uint8Array => of.machine.snapshot(of.state);

const parts = (of: House, proof: AgreementProof): readonly Uint8Array[] =>
  of.machine.house!.bring(of.state, proof.evidence);
const long = (of: House, inView = 6): AgreementProof => falseNewView(sceneOf(of), CHEAT, inView, CLAIMS);
const bring = (of: House, by: number, ...bytes: readonly Uint8Array[]): string[] =>
  bytes.map((each) => text(orderBytes(of, by, 0, each)));

function partOf(bytes: Uint8Array): EvidencePart {
  const decoded = decode(TableOperation, bytes);
  if (!decoded.ok || decoded.value.type !== "evidencePart") throw new Error("a part");
  return decoded.value;
}
const operationOf = (part: EvidencePart): Uint8Array =>
  encode(TableOperation, { type: "evidencePart", ...part }).slice();

/** A part that names a next which nobody has. */
const junk = (from: ReturnType<typeof chance>, index = 0): Uint8Array =>
  operationOf({ offence: drawBytes(from, 32), index, next: drawBytes(from, 32), bytes: drawBytes(from, 500) });

/** Begun anew, and begun in its middle, the same log comes to the same bytes and the same answers. */
function expectReplayed(of: House): void {
  const whole = snapshot(of);
  for (const cut of [0, Math.floor(of.log.length / 2), of.log.length - 2]) {
    let state = of.machine.initial();
    for (const [i, entry] of of.log.entries()) {
      if (i === cut) state = of.machine.restore(of.machine.snapshot(state))!;
      expect(execute(of.machine, state, entry)).toEqual(of.answers[i]);
    }
    expect(of.machine.snapshot(state)).toEqual(whole);
  }
  expect(audit(of.state.ledger).ok).toBe(true);
}

describe("evidence that does not fit one operation", () => {
  test("is brought in parts, and costs stake and seat when the last is there, however many bring it [P08] [P11]", () => {
    const of = stakedHouse(house(4));
    const shown = parts(of, long(of));
    expect(shown.length).toBeGreaterThan(1);
    for (const bytes of shown) expect(bytes.length).toBeLessThanOrEqual(OPERATION_SIZE_MAX);
    // Everybody has found the same, and says it in the same bytes.
    const [first, ...later] = shown;
    expect([0, 1, 3].flatMap((by) => bring(of, by, first!))).toEqual(["done", "done", "done"]);
    expect(stakeOf(of, CHEAT)).toBe(1_000);
    expect(bring(of, 1, ...later)).toEqual([...later.slice(1).map(() => "done"), "convicted"]);
    const after = snapshot(of);
    for (const by of [0, 3]) for (const word of bring(of, by, ...shown)) expect(word).toBe("refused: known evidence");
    expect(snapshot(of)).toEqual(after);
    expect([0, 1, 2, 3].map((place) => stakeOf(of, place))).toEqual([1_000, 1_000, 500, 1_000]);
    expect(of.machine.house!.outcasts(of.state)).toEqual([cheatKey(of)]);
    expect([of.state.evidence, parts(of, long(of))]).toEqual([[], []]);
    expectReplayed(of);
  });

  test("is one offence with what was told in one piece, and one that fits is one part [P08]", () => {
    const of = stakedHouse(house(4));
    const short = parts(of, amnesia(sceneOf(of), CHEAT) as AgreementProof);
    expect(short).toHaveLength(1);
    expect(bring(of, 0, ...short)).toEqual(["convicted"]);
    expect(parts(of, amnesia(sceneOf(of), CHEAT) as AgreementProof)).toEqual([]);
  });

  test("is gone on with by whoever has it, where the first to bring it stopped, and is forgotten where nobody does [P08]", () => {
    const of = stakedHouse(house(4));
    const shown = parts(of, long(of));
    expect(bring(of, 0, ...shown.slice(0, 2))).toEqual(["done", "done"]);
    expect(bring(of, 3, ...shown)).toEqual(["done", "refused: not the next part", ...bringing(shown.slice(2))]);

    const other = stakedHouse(house(4));
    bring(other, 0, shown[0]!);
    passTime(other, 0.6 * EVIDENCE_PART_WAIT_MS);
    // Who says the first again keeps it.
    expect(bring(other, 1, shown[0]!)).toEqual(["done"]);
    passTime(other, 0.6 * EVIDENCE_PART_WAIT_MS);
    expect(bring(other, 1, shown[1]!)).toEqual(["done"]);
    passTime(other, EVIDENCE_PART_WAIT_MS);
    expect(other.state.evidence).toEqual([]);
    expect(bring(other, 1, shown[2]!)).toEqual(["refused: not the next part"]);
    expectReplayed(other);
  });

  test("is not spoilt by anybody: a part that is changed in any bit is refused, and keeps the right one from nothing [P08]", () => {
    const of = stakedHouse(house(4));
    const shown = parts(of, long(of));
    const [, second] = shown;
    bring(of, 0, shown[0]!);
    const before = snapshot(of);
    for (let bit = 0; bit < 8 * second!.length; bit += 5) {
      const forged = new Uint8Array(second!);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      expect(orderBytes(of, CHEAT, 0, forged).type).toBe("refused");
    }
    expect(snapshot(of)).toEqual(before);
    expect(bring(of, 1, ...shown.slice(1))).toEqual(bringing(shown.slice(1)));
  });

  test("that proves nothing, another thing, or of an epoch that never was, is refused with a word and kept nowhere [P08] [P15]", () => {
    const of = stakedHouse(house(4));
    const proof = long(of);
    const { ports } = of.rules;
    const id = verdictOf(sceneOf(of).bench, sceneOf(of).ports[0]!, lawOf(of.rules), proof)!.id;
    const before = snapshot(of);
    const told = (what: AgreementProof, name: Uint8Array, at = 0): string =>
      bring(of, 0, ...cutEvidence(ports, name, epoch(at), what)!.map(operationOf)).at(-1)!;
    expect(told(proof, id, 7)).toBe("refused: another epoch");
    expect(told(proof, new Uint8Array(32))).toBe("refused: another name");
    if (proof.evidence.type !== "falseNewView") throw new Error("of a new view");
    const { newView, bodies } = proof.evidence;
    const framed = {
      type: "agreement",
      evidence: { type: "falseNewView", newView: { ...newView, sender: 1 as never }, bodies },
    };
    expect(told(framed as AgreementProof, id)).toBe("refused: proves nothing");
    const nonsense: EvidencePart = { offence: id, index: 0, next: undefined, bytes: new Uint8Array(100).fill(7) };
    expect(bring(of, 0, operationOf(nonsense))).toEqual(["refused: no evidence"]);
    expect(snapshot(of)).toEqual(before);
    expect(parts(of, framed as AgreementProof)).toEqual([]);
  });

  test("is bounded: one set to a kiosk, a few to a table, so many parts to a set; and liars leave room for the honest", () => {
    const from = chance(3);
    const of = stakedHouse(house(6, { places: 6 }), 6);
    expect(bring(of, 0, junk(from), junk(from), junk(from, 1))).toEqual([
      ...["done", "refused: evidence open", "refused: not the next part"],
    ]);
    for (let by = 1; by < EVIDENCE_OPEN_MAX; by++) expect(bring(of, by, junk(from))).toEqual(["done"]);
    expect(bring(of, EVIDENCE_OPEN_MAX, junk(from))).toEqual(["refused: evidence full"]);
    expect(of.machine.restore(snapshot(of))).toEqual(of.state);
    passTime(of, EVIDENCE_PART_WAIT_MS);
    expect(of.state.evidence).toEqual([]);

    // The longest chain there may be, and one more.
    const { ports } = of.rules;
    const chain: Uint8Array[] = [];
    let next: Uint8Array | undefined = new Uint8Array(32);
    for (let index = EVIDENCE_PARTS_MAX - 1; index >= 0; index--) {
      const part: EvidencePart = { offence: new Uint8Array(32), index, next, bytes: new Uint8Array(10) };
      chain.unshift(operationOf(part));
      next = ports.digest("hardway evidence part", encode(EvidencePart, part));
    }
    expect(bring(of, 0, ...chain)).toEqual([...chain.slice(1).map(() => "done"), "refused: too long"]);
    // Nobody counts its parts otherwise, to have more of them.
    const again: EvidencePart = {
      offence: new Uint8Array(32),
      index: 5,
      next: new Uint8Array(32),
      bytes: new Uint8Array(1),
    };
    const named = ports.digest("hardway evidence part", encode(EvidencePart, again));
    const first = operationOf({ ...again, index: 0, next: named });
    expect(bring(of, 1, first, operationOf(again))).toEqual(["done", "refused: not the next part"]);
    expectReplayed(of);
  });

  test("whoever brings it in whatever order beside whatever junk: convicted once, on every replica alike [P08] [P16]", () => {
    const from = chance(11);
    for (let round = 0; round < 25; round++) {
      const of = stakedHouse(house(4));
      const shown = parts(of, long(of, 6 + round));
      const lines = [0, 1, 3].map(() => [...shown]);
      const words: string[] = [];
      while (lines.some((line) => line.length > 0)) {
        const at = drawBelow(from, lines.length + 1);
        // The liar knows its own lie, and may begin before anybody.
        if (at === lines.length)
          words.push(...bring(of, CHEAT, [junk(from), junk(from, 1), ...shown][drawBelow(from, 4)]!));
        const part = lines[at]?.shift();
        if (part !== undefined) words.push(...bring(of, [0, 1, 3][at]!, part));
      }
      expect(words.filter((word) => word === "convicted")).toHaveLength(1);
      expect([0, 1, 2, 3].map((place) => stakeOf(of, place))).toEqual([1_000, 1_000, 500, 1_000]);
      if (round % 8 === 0) expectReplayed(of);
    }
  });
});

const bringing = (rest: readonly Uint8Array[]): string[] => [...rest.slice(1).map(() => "done"), "convicted"];

test("the parts of one proof are the same at every witness, and come together as they were cut", () => {
  const of = stakedHouse(house(4));
  const [one, other] = [parts(of, long(of)), parts(stakedHouse(house(4)), long(of))];
  expect(one).toEqual(other);
  expect(one.map((bytes) => partOf(bytes).index)).toEqual(one.map((_, index) => index));
});
