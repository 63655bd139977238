import { describe, expect, test } from "vitest";
import { offencesOf } from "../../../../host/engine/judge/evidence-book.ts";
import { pointsOf } from "../../../../host/engine/judge/points.ts";
import type { Proof } from "../../../../host/engine/judge/proof.ts";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import { TableOperation } from "../../../../host/engine/table/operation.ts";
import { Evidence } from "../../../../protocol/agreement/evidence.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { agreedMillis, counter } from "../../../../protocol/core/units.ts";
import { START } from "../dice/kiosks.ts";
import { allCheats, CHEAT, contradiction, impossible, opening, type Scene, twoRequests } from "../judge/cheats.ts";
import { accuse, accusing, sceneOf, stakedHouse, text } from "./courtroom.ts";
import { accountAt, execute, type House, house, order, orderBytes, passTime } from "./house.ts";

const DAY = 86_400_000;
/** Where members agree nobody errs under its own signature. */
const AGREED = ["doubleVote", "consensusViolation"];
const snapshot = (of: House): Uint8Array => of.machine.snapshot(of.state);
const cheatKey = (of: House): Uint8Array => of.kiosks[CHEAT]!.member.key;
const stakeOf = (of: House, place: number) => {
  const { stake, unbonding } = accountAt(of, place)!;
  return stake + unbonding;
};

/** The same log, begun anew and begun in its middle, comes to the same bytes and the same answers. */
function expectReplayed(of: House): void {
  const whole = snapshot(of);
  const state = of.machine.initial();
  let middle: Uint8Array | undefined;
  for (const [i, entry] of of.log.entries()) {
    if (i === Math.floor(of.log.length / 2)) middle = of.machine.snapshot(state);
    expect(execute(of.machine, state, entry)).toEqual(of.answers[i]);
  }
  expect(of.machine.snapshot(state)).toEqual(whole);
  const later = of.machine.restore(middle!)!;
  for (const entry of of.log.slice(Math.floor(of.log.length / 2))) execute(of.machine, later, entry);
  expect(of.machine.snapshot(later)).toEqual(whole);
  expect(audit(of.state.ledger).ok).toBe(true);
}

function shuffled<T>(items: readonly T[], from: ReturnType<typeof chance>): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(drawBelow(from, rest.length), 1)[0]!);
}

describe("a cheat at the table", () => {
  test("is told its kind, its reason and its price, and pays once, whoever brings it and however often [P07] [P08] [M15]", () => {
    const price = { invalidStateTransition: 100, doubleVoting: 500, byzantineFailure: 0 };
    for (const [kind, proof] of allCheats(sceneOf(house(4)))) {
      const of = stakedHouse(house(4));
      const first = accuse(of, 3, proof);
      if (first.type !== "convicted") throw new Error(text(first));
      const chips = price[first.reason as keyof typeof price];
      expect(first).toEqual({ ...first, kind, chips, excluded: AGREED.includes(kind) });
      const after = snapshot(of);
      // As a member would have that has not heard yet: it asks a replica of before.
      for (const by of [0, 1, 3]) {
        const unaware = stakedHouse(house(4));
        expect(text(orderBytes(of, by, 0, accusing(unaware, by, proof)))).toBe("refused: known evidence");
      }
      expect(snapshot(of)).toEqual(after);
      expect([0, 1, 2, 3].map((place) => stakeOf(of, place))).toEqual([1_000, 1_000, 1_000 - chips, 1_000]);
      expectReplayed(of);
    }
  });

  test("with all that it did, shown by all in any order, twice, is punished for each once, and every replica knows the same [P07] [P08] [P16]", () => {
    const from = chance(5);
    const unaware = stakedHouse(house(4));
    const cheats = allCheats(sceneOf(unaware));
    const shown = cheats.flatMap(([, proof]) => [0, 1, 3].map((by) => ({ by, bytes: accusing(unaware, by, proof) })));
    const books = Array.from({ length: 12 }, () => {
      const of = stakedHouse(house(4));
      const answers = shuffled([...shown, ...shown], from).map(({ by, bytes }) => text(orderBytes(of, by, 0, bytes)));
      expect(answers.filter((each) => each === "convicted")).toHaveLength(cheats.length);
      expect(answers.filter((each) => each === "refused: known evidence")).toHaveLength(5 * cheats.length);
      expect([0, 1, 3].map((place) => stakeOf(of, place))).toEqual([1_000, 1_000, 1_000]);
      expectReplayed(of);
      return offencesOf(of.state.judge.book, cheatKey(of))
        .map(({ id }) => Buffer.from(id).toString("hex"))
        .sort();
    });
    for (const book of books) expect(book).toEqual(books[0]);
    expect(books[0]).toHaveLength(cheats.length);
  });

  test("costs whatever stake its kiosk has, at whichever of its seats [M15] [M16]", () => {
    const of = house(4, { places: 6 });
    for (const seat of [0, 1, 5]) {
      order(of, CHEAT, seat, { type: "sit" });
      order(of, CHEAT, seat, { type: "stake", counter: counter(0), amount: 1_000 as never });
    }
    order(of, 0, 0, { type: "sit" });
    expect(accuse(of, 0, contradiction(sceneOf(of), CHEAT))).toMatchObject({ chips: 1_500, excluded: true });
    expect([0, 1, 2].map((place) => stakeOf(of, place))).toEqual([500, 500, 500]);
    expectReplayed(of);
  });

  test("that opens another roll than it committed to has not opened this one [P08]", () => {
    const of = stakedHouse(house(4));
    const scene = sceneOf(of);
    const mixed: Scene = { ...scene, reveal: (roll, opening) => scene.reveal(roll + 1, opening) };
    expect(() => accusing(of, 0, opening(mixed, CHEAT))).toThrow("proves nothing");
    expect(() => accusing(of, 0, opening(scene, CHEAT))).not.toThrow();
  });

  test("is convicted under real keys as under those of tests, and under no other's [P08]", () => {
    const of = stakedHouse(house(4, { world: "real" }));
    const scene = sceneOf(of);
    for (const [kind, proof] of allCheats(scene))
      expect(accuse(of, 1, proof)).toMatchObject({ type: "convicted", kind });
    // Signed by the accuser in the other's name.
    const framing: Scene = { ...scene, ports: scene.ports.map(() => scene.ports[0]!) };
    for (const [, proof] of allCheats(framing)) expect(() => accusing(of, 1, proof)).toThrow("proves nothing");
  });

  test("loses points, and none of it touches anybody else [P14]", () => {
    const of = stakedHouse(house(4));
    accuse(of, 0, contradiction(sceneOf(of), CHEAT));
    const points = of.kiosks.map(({ member }) =>
      pointsOf(of.state.judge.points, member.key, agreedMillis(START + of.now)),
    );
    expect(points).toEqual([100, 100, 0, 100]);
  });
});

describe("an accusation", () => {
  test("that was changed in any bit proves nothing and moves nothing [P08]", () => {
    const of = stakedHouse(house(4));
    const before = snapshot(of);
    const words = new Set<string>();
    for (const [kind, proof] of allCheats(sceneOf(of))) {
      const bytes = accusing(of, 0, proof);
      for (let bit = 0; bit < 8 * bytes.length; bit += kind === "doubleVote" ? 1 : 7) {
        const forged = new Uint8Array(bytes);
        forged[bit >> 3]! ^= 1 << (bit & 7);
        const answer = orderBytes(of, 0, 0, forged);
        expect(answer.type).toBe("refused");
        words.add(text(answer));
      }
    }
    expect(snapshot(of)).toEqual(before);
    expect([...words]).toEqual(
      expect.arrayContaining([
        ...["refused: no evidence", "refused: proves nothing", "refused: another epoch", "refused: another suspect"],
        ...["refused: another severity", "refused: another name", "refused: bad signature"],
      ]),
    );
  });

  test("by the accused itself, by a stranger, or of an epoch that never was, is refused with a word [P08] [P11]", () => {
    const of = stakedHouse(house(4));
    const scene = sceneOf(of);
    const before = snapshot(of);
    const bytes = accusing(of, 0, contradiction(scene, CHEAT));
    expect(text(orderBytes(of, 4, 0, bytes))).toBe("refused: not a member");
    expect(() => accusing(of, CHEAT, contradiction(scene, CHEAT))).toThrow("proves nothing");
    expect(() => accusing(of, 0, contradiction(scene, CHEAT), 7)).toThrow("another epoch");
    expect(text(order(of, 0, 0, { type: "accuse", evidence: new Uint8Array(0) }))).toBe("refused: no evidence");
    expect(snapshot(of)).toEqual(before);
  });

  test("that does not fit an operation is not made: what is not ordered costs nobody anything [P08]", () => {
    const of = stakedHouse(house(4));
    const long = new Uint8Array(900).fill(0xff);
    expect(() => accusing(of, 0, impossible(sceneOf(of), CHEAT, long))).toThrow("too long");
    expect(() => accusing(of, 0, impossible(sceneOf(of), CHEAT, long.subarray(0, 800)))).not.toThrow();
  });

  test("of a thing that anybody may do is none: every kind of operation that a player makes is possible [P04]", () => {
    const of = stakedHouse(house(4));
    const scene = sceneOf(of);
    const operations: TableOperation[] = [
      ...([{ type: "sit" }, { type: "stand" }, { type: "rebuy", counter: counter(1) }] as const),
      { type: "stake", counter: counter(9), amount: 0 as never },
      { type: "accuse", evidence: Uint8Array.of(1, 2) },
      { type: "dispute", claim: Uint8Array.of(1, 2) },
      { type: "act", counter: counter(0), action: Uint8Array.of(4) },
    ];
    for (const operation of operations) {
      const proof = impossible(scene, CHEAT, encode(TableOperation, operation));
      expect(() => accusing(of, 0, proof)).toThrow("proves nothing");
    }
    for (const bytes of [Uint8Array.of(), Uint8Array.of(0xff), Uint8Array.of(3, 0, 1, 0xee), Uint8Array.of(5, 1, 9)])
      expect(() => accusing(of, 0, impossible(scene, CHEAT, bytes))).not.toThrow();
  });
});

describe("what agreement itself has found", () => {
  const evidenceOf = (proof: Proof): Uint8Array => {
    if (proof.type !== "agreement") throw new Error("of votes");
    return encode(Evidence, proof.evidence);
  };

  test("is the same offence as the table's, whichever of the two hears of it first [P08] [P11]", () => {
    const [one, other] = [stakedHouse(house(4)), stakedHouse(house(4))];
    const proof = contradiction(sceneOf(one), CHEAT);
    const at = agreedMillis(START + one.now);
    expect(one.machine.house!.convict(one.state, evidenceOf(proof), at)).toBe(true);
    expect(() => accusing(one, 0, proof)).toThrow("known");
    expect(text(orderBytes(one, 1, 0, accusing(other, 1, proof)))).toBe("refused: known evidence");
    expect(accuse(other, 0, proof)).toMatchObject({ type: "convicted", chips: 500 });
    expect(other.machine.house!.convict(other.state, evidenceOf(proof), at)).toBe(false);
    for (const of of [one, other]) {
      expect(stakeOf(of, CHEAT)).toBe(500);
      expect(of.machine.house!.outcasts(of.state)).toEqual([cheatKey(of)]);
    }
    const before = snapshot(one);
    for (const bytes of [
      Uint8Array.of(),
      Uint8Array.of(1, 2, 3),
      evidenceOf(contradiction(sceneOf(one), 1, {}, ["a", "a"])),
    ])
      expect(one.machine.house!.convict(one.state, bytes, at)).toBe(false);
    expect(snapshot(one)).toEqual(before);
  });

  test("makes an outcast once, and by three lesser offences too [P11]", () => {
    const of = stakedHouse(house(4));
    const scene = sceneOf(of);
    const outcasts = [impossible(scene, CHEAT), twoRequests(scene, CHEAT, 9), twoRequests(scene, CHEAT, 10)].map(
      (proof) => {
        accuse(of, 1, proof);
        return of.machine.house!.outcasts(of.state).length;
      },
    );
    expect(outcasts).toEqual([0, 0, 1]);
    accuse(of, 1, contradiction(scene, CHEAT));
    expect(of.machine.house!.outcasts(of.state)).toEqual([cheatKey(of)]);
  });
});

test("evidence that can still be brought is not forgotten, or it would be punished twice: an epoch lasts longer than a month [P09]", () => {
  const of = stakedHouse(house(4));
  const proof = contradiction(sceneOf(of), CHEAT);
  const again = accusing(of, 1, proof);
  accuse(of, 0, proof);
  passTime(of, 40 * DAY);
  expect(of.state.judge.book.entries).toHaveLength(1);
  expect(text(orderBytes(of, 1, 0, again))).toBe("refused: known evidence");
  const members = of.kiosks.map(({ member }) => member.key);
  const start = { sequence: 50 as never, digest: new Uint8Array(32) };
  of.machine.house!.change(of.state, { epoch: 1 as never, members, start, time: agreedMillis(START + of.now) });
  passTime(of, 29 * DAY);
  expect(of.state.judge.book.entries).toHaveLength(1);
  passTime(of, 2 * DAY);
  expect(of.state.judge.book.entries).toHaveLength(0);
  expect(of.state.epochs.map(({ epoch }) => epoch)).toEqual([1]);
  expect(text(orderBytes(of, 1, 0, again))).toBe("refused: another epoch");
});
