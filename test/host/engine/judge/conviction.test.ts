import { describe, expect, test } from "vitest";
import {
  type Convicted,
  type ConvictionRefusal,
  convict,
  isExcluded,
} from "../../../../host/engine/judge/conviction.ts";
import { CheatEvidence, coSign, giveEvidence } from "../../../../host/engine/judge/evidence.ts";
import {
  type EvidenceBook,
  enterOffence,
  evidenceBook,
  exonerate,
  expireOffences,
  isStaleSample,
  retentionMs,
} from "../../../../host/engine/judge/evidence-book.ts";
import { EVIDENCE_KEPT_MS, OFFENCES_PER_KEY_MAX, SAMPLES_KEPT_MS } from "../../../../host/engine/judge/limits.ts";
import { noPoints, type Points, pointsOf } from "../../../../host/engine/judge/points.ts";
import type { Proof } from "../../../../host/engine/judge/proof.ts";
import { verdictOf } from "../../../../host/engine/judge/proof.ts";
import { trustPpm } from "../../../../host/engine/judge/trust-score.ts";
import { STANDARD_STAKE_RULES } from "../../../../host/engine/stakes/rules.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, millis } from "../../../../protocol/core/units.ts";
import { account } from "../ledger/tables.ts";
import { at, chipsOf, DAY, type Economy, expectSound, HOUR, staked } from "../stakes/stakers.ts";
import {
  allCheats,
  amnesia,
  bytes,
  CHEAT,
  contradiction,
  falseNewView,
  impossible,
  law,
  opening,
  type Scene,
  scene,
  twoRequests,
} from "./cheats.ts";

const table = scene();
const KEPT = retentionMs(STANDARD_STAKE_RULES);

interface Replica extends Economy {
  readonly book: EvidenceBook;
  readonly points: Points;
}

const replica = (): Replica => ({
  ...staked([50_000, 50_000, 50_000, 50_000]),
  ...{ book: evidenceBook(), points: noPoints() },
});

/** The bytes as member `by` would order them. */
const told = (proof: Proof, by = 0, ms = 0, of: Scene = table): Uint8Array =>
  encode(CheatEvidence, giveEvidence(of.bench, of.ports[by]!, law, by, proof, at(ms))!);

const order = (
  of: Replica,
  evidence: Uint8Array,
  ms = 0,
  stakers = 4,
): Convicted | { readonly ok: false; readonly why: ConvictionRefusal } =>
  convict(
    of,
    {
      ...{ ports: table.ports[0]!, law },
      benchOf: (epoch) => (epoch === table.bench.epoch ? table.bench : undefined),
      accountsOf: (key) => {
        const member = table.bench.members.findIndex((each) => Buffer.compare(each, key) === 0);
        return member < 0 || member >= stakers ? [] : [account(member)];
      },
    },
    evidence,
    at(ms),
  );

describe("an offence that is ordered", () => {
  test("is punished once, however often and by whomever it is shown, and each kind as its reason says [P07] [P08] [P14]", () => {
    const cost = {
      balanceViolation: 10,
      invalidTransition: 10,
      forgedSignature: 0,
      doubleVote: 50,
      invalidRoll: 0,
      consensusViolation: 50,
    };
    for (const [kind, proof] of allCheats(table)) {
      const of = replica();
      const chips = (50_000 * cost[kind as keyof typeof cost]) / 100;
      expect(order(of, told(proof))).toMatchObject({ ok: true, chips, slashed: chips > 0, offence: { kind } });
      for (const by of [0, 1, 3])
        expect(order(of, told(proof, by, by * 60_000), HOUR)).toEqual({ ok: false, why: "known evidence" });
      expect([0, 1, 2, 3].map((kiosk) => chipsOf(of, kiosk)[1])).toEqual([50_000, 50_000, 50_000 - chips, 50_000]);
      expect(of.book.entries).toHaveLength(1);
      expect(pointsOf(of.points, table.bench.members[CHEAT]!, at(HOUR))).toBe(kind === "forgedSignature" ? 50 : 0);
      expectSound(of);
    }
  });

  test("is punished alike on every replica, in whatever words it was first shown to each [P08] [P16]", () => {
    const proof = contradiction(table, CHEAT);
    const swapped = contradiction(table, CHEAT, { phase: "committed" }, ["right", "left"]);
    const [one, other] = [replica(), replica()];
    for (const of of [one, other]) {
      expect(order(of, told(proof, 1, 5), 10)).toMatchObject({
        ok: true,
        slashed: true,
        chips: 25_000,
        excluded: true,
      });
      expect(order(of, told(swapped, 3, 6), 20)).toEqual({ ok: false, why: "known evidence" });
    }
    expect(one).toEqual(other);
  });

  test("of which it takes two is paid for at the second [P07]", () => {
    const of = replica();
    const opened = (roll: number): Uint8Array => told(opening(table, CHEAT, false, roll));
    expect(order(of, opened(6))).toMatchObject({ slashed: false, chips: 0, excluded: false });
    expect(order(of, opened(7), 1)).toMatchObject({ slashed: true, chips: 12_500, excluded: false });
  });

  test("of agreement itself costs stake and seat at once, whichever it is: nobody lies there by accident [P07] [P11]", () => {
    for (const proof of [contradiction(table, CHEAT), falseNewView(table, CHEAT), amnesia(table, CHEAT)])
      expect(order(replica(), told(proof))).toMatchObject({ slashed: true, chips: 25_000, excluded: true });
  });

  test("convicts who has no stake just as well [P11]", () => {
    const of = replica();
    expect(order(of, told(contradiction(table, CHEAT)), 0, 2)).toMatchObject({
      ok: true,
      slashed: false,
      chips: 0,
      excluded: true,
    });
  });

  test("is refused with a word and moves nothing, where it proves nothing [P08]", () => {
    const of = replica();
    const before = structuredClone(of);
    const late = told(contradiction(table, CHEAT), 0, 30_001);
    expect(order(of, bytes(1, 2, 3))).toEqual({ ok: false, why: "no evidence" });
    expect(order(of, new Uint8Array(0))).toEqual({ ok: false, why: "no evidence" });
    expect(order(of, late)).toEqual({ ok: false, why: "from the future" });
    const evidence = giveEvidence(table.bench, table.ports[0]!, law, 0, contradiction(table, CHEAT), at(0))!;
    const empty = { ...evidence, proof: contradiction(table, CHEAT, {}, ["same", "same"]) };
    expect(order(of, encode(CheatEvidence, empty))).toEqual({ ok: false, why: "proves nothing" });
    expect(of).toEqual(before);
    expect(order(of, late, 1)).toMatchObject({ ok: true });
  });
});

describe("a seat", () => {
  test("is not lost by one accuser, nor by three, nor by all, who have no proof [P11]", () => {
    const of = replica();
    let evidence = giveEvidence(table.bench, table.ports[0]!, law, 0, contradiction(table, CHEAT), at(0))!;
    for (const me of [1, 3]) {
      const signed = coSign(table.bench, table.ports[me]!, law, me, evidence);
      if (typeof signed === "string") throw new Error(signed);
      evidence = signed;
    }
    const words = { ...evidence, proof: contradiction(table, CHEAT, {}, ["same", "same"]) };
    for (let i = 0; i < 10; i++) expect(order(of, encode(CheatEvidence, words))).toMatchObject({ ok: false });
    expect(isExcluded(of.book, table.bench.members[CHEAT]!)).toBe(false);
    expect(order(of, encode(CheatEvidence, evidence))).toMatchObject({ ok: true, excluded: true });
    expect(isExcluded(of.book, table.bench.members[CHEAT]!)).toBe(true);
    expect(isExcluded(of.book, table.bench.members[1]!)).toBe(false);
  });

  test("is lost by three offences that do not break agreement, each proved [P11]", () => {
    const of = replica();
    const excluded = [impossible(table, CHEAT), twoRequests(table, CHEAT, 9), twoRequests(table, CHEAT, 10)].map(
      (proof) => {
        const done = order(of, told(proof));
        return done.ok && done.excluded;
      },
    );
    expect(excluded).toEqual([false, false, true]);
  });
});

describe("the book", () => {
  const found = (proof: Proof) => verdictOf(table.bench, table.ports[0]!, law, proof)!;

  test("keeps signed evidence for a month, or as long as a stake is in reach, and unsigned samples for an hour [P09]", () => {
    expect(KEPT).toBe(30 * DAY);
    expect(KEPT).toBe(EVIDENCE_KEPT_MS);
    expect(retentionMs({ ...STANDARD_STAKE_RULES, lockMs: millis(60 * DAY) })).toBe(60 * DAY);
    expect(SAMPLES_KEPT_MS).toBe(HOUR);
    expect(isStaleSample(at(0), at(HOUR - 1), SAMPLES_KEPT_MS)).toBe(false);
    expect(isStaleSample(at(0), at(HOUR), SAMPLES_KEPT_MS)).toBe(true);
  });

  test("forgets to the millisecond, and not what is disputed [P09]", () => {
    const book = evidenceBook();
    const offence = found(contradiction(table, CHEAT));
    enterOffence(book, offence, at(0));
    const left = (ms: number, isDisputed = false): number => {
      const copy = structuredClone(book);
      expireOffences(copy, at(ms), KEPT, () => isDisputed);
      return copy.entries.length;
    };
    expect([left(KEPT - 1), left(KEPT), left(KEPT, true), left(10 * KEPT, true)]).toEqual([1, 0, 1, 1]);
  });

  test("has so much room for one key, which leaves the others theirs [P09]", () => {
    const book = evidenceBook();
    for (let i = 0; i < OFFENCES_PER_KEY_MAX; i++)
      expect(enterOffence(book, found(twoRequests(table, CHEAT, i)), at(i)).ok).toBe(true);
    expect(enterOffence(book, found(twoRequests(table, CHEAT, 99)), at(99))).toEqual({
      ok: false,
      why: "evidence full",
    });
    expect(enterOffence(book, found(twoRequests(table, 1, 99)), at(99))).toEqual({ ok: true });
  });

  test("gives trust back as an offence grows old, and all of it where it is taken back [P10]", () => {
    const book = evidenceBook();
    const key = table.bench.members[CHEAT]!;
    const trust = (ms: number): number => trustPpm(book, key, at(ms), KEPT);
    expect(trust(0)).toBe(1_000_000);
    const [double, impossibles] = [found(contradiction(table, CHEAT)), found(impossible(table, CHEAT))];
    enterOffence(book, double, at(0));
    expect([trust(0), trust(KEPT / 2), trust(KEPT)]).toEqual([300_000, 650_000, 1_000_000]);
    enterOffence(book, impossibles, at(0));
    expect([trust(0), trust(KEPT / 2)]).toEqual([30_000, 357_500]);
    expect(exonerate(book, double.id)).toBe(true);
    expect(exonerate(book, double.id)).toBe(false);
    expect(trust(0)).toBe(100_000);
    exonerate(book, impossibles.id);
    expect(trust(0)).toBe(1_000_000);
    expect(trustPpm(book, table.bench.members[0]!, agreedMillis(0), KEPT)).toBe(1_000_000);
  });
});
