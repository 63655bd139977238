import { describe, expect, test } from "vitest";
import { quorum } from "../../../../host/engine/consensus/quorum.ts";
import type { DisputeAnswer } from "../../../../host/engine/judge/dispute.ts";
import { advanceDisputes, disputesDeadline, isAccused, isDisputed } from "../../../../host/engine/judge/disputes.ts";
import {
  type JudgeState,
  judgeState,
  restoreJudge,
  takeJudgeSnapshot,
} from "../../../../host/engine/judge/judge-snapshot.ts";
import { DISPUTES_DECIDED_MAX, DISPUTES_OPEN_MAX } from "../../../../host/engine/judge/limits.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { memberIndex, sequence } from "../../../../protocol/core/units.ts";
import type { DisputeClaim } from "../../../../protocol/message/dispute.ts";
import { at, HOUR } from "../stakes/stakers.ts";
import { bytes } from "./cheats.ts";
import { type Court, claim, court, open, opened, points, vote } from "./court.ts";

const KINDS: readonly DisputeClaim["kind"][] = [
  ...(["invalidBet", "invalidRoll", "invalidPayout", "doubleSpending", "consensusViolation"] as const),
  ...(["failedReveal", "invalidSignature", "timeout"] as const),
];
const MINUTE = 60_000;

const advance = (of: Court, ms: number, keys = of.keys) =>
  advanceDisputes(of.state.disputes, of.state.points, keys, at(ms));

describe("a dispute that the log decides", () => {
  test.each(KINDS)("is decided at once, by executing again: %s [P12]", (kind) => {
    const asked: string[] = [];
    const of = court(4, (each) => {
      asked.push(each.kind);
      return each.sequence === 7 ? "upheld" : "rejected";
    });
    expect(open(of, 0, { kind })).toMatchObject({ ok: true, resolved: { outcome: "upheld", by: "log" } });
    expect(open(of, 1, { kind, sequence: sequence(8) })).toMatchObject({
      resolved: { outcome: "rejected", by: "log" },
    });
    expect(asked).toEqual([kind, kind]);
    expect(of.state.disputes.open).toEqual([]);
  });

  test("costs points of whoever was wrong, and nobody chips [P14] [P15]", () => {
    const right = court(4, () => "upheld");
    open(right, 0);
    expect([0, 1, 2].map((member) => points(right, member))).toEqual([120, 100, 60]);
    const wrong = court(4, () => "rejected");
    open(wrong, 0);
    expect([0, 1, 2].map((member) => points(wrong, member))).toEqual([40, 100, 100]);
  });

  test("is not filed again by anybody, nor by itself with another moment [P12]", () => {
    const of = court(4, () => "rejected");
    open(of, 0);
    for (const client of [0, 1, 3])
      expect(open(of, client, { opened: at(5) }, 10)).toEqual({ ok: false, why: "decided already" });
    expect(open(of, 0, { evidence: bytes(9) })).toMatchObject({ ok: true });
  });
});

describe("a dispute that members decide", () => {
  test("wants two thirds of them, rounded up, which is a quorum at every table [P13]", () => {
    for (let members = 2; members <= 10; members++) {
      expect(quorum(members)).toBe(Math.ceil((2 * members) / 3));
      const of = court(members);
      const suspect = memberIndex(members - 1);
      const id = opened(of, { suspect });
      const outcomes = of.keys.slice(0, quorum(members)).map((_, member) => vote(of, member, "uphold", id));
      expect(outcomes.map((each) => each.ok && each.resolved?.outcome)).toEqual([
        ...new Array(quorum(members) - 1).fill(undefined),
        "upheld",
      ]);
    }
  });

  test("is upheld, rejected, or wants more evidence, as the quorum says [P13]", () => {
    for (const [answer, outcome, more, mine] of [
      ["uphold", "upheld", false, 120],
      ["reject", "rejected", false, 40],
      ["needMoreEvidence", "undecided", true, 100],
    ] as const) {
      const of = court();
      const id = opened(of);
      for (const member of [0, 1]) expect(vote(of, member, answer, id)).toMatchObject({ resolved: undefined });
      expect(vote(of, 3, answer, id)).toMatchObject({ resolved: { outcome, by: "quorum", moreEvidence: more } });
      expect(points(of, 0)).toBe(mine);
    }
  });

  test("has one vote of each member, and the first stands [P13]", () => {
    const of = court();
    const id = opened(of);
    for (let i = 0; i < 3; i++) vote(of, 0, i === 0 ? "reject" : "uphold", id);
    expect(vote(of, 0, "uphold", id)).toEqual({ ok: false, why: "voted already" });
    expect(of.state.disputes.open[0]!.votes).toHaveLength(1);
    expect(vote(of, 7, "uphold", id)).toEqual({ ok: false, why: "not a member" });
    expect(vote(of, 1, "uphold", new Uint8Array(32))).toEqual({ ok: false, why: "no such dispute" });
  });

  test("ends in a tie where all have voted and no two thirds agree, and nobody pays [P13] [P15]", () => {
    const of = court();
    const id = opened(of);
    for (const member of [0, 1]) vote(of, member, "uphold", id);
    expect(vote(of, 2, "reject", id)).toMatchObject({ resolved: undefined });
    expect(vote(of, 3, "abstain", id)).toMatchObject({ resolved: { outcome: "undecided", by: "tie" } });
    expect([0, 2].map((member) => points(of, member))).toEqual([100, 100]);
  });

  test("is over at its deadline by agreed time, a minute or an hour after it was opened, and nobody pays [P13] [P15]", () => {
    for (const [kind, span] of [
      ["timeout", MINUTE],
      ["failedReveal", MINUTE],
      ["invalidPayout", HOUR],
      ["consensusViolation", HOUR],
    ] as const) {
      const of = court();
      opened(of, { kind });
      expect(disputesDeadline(of.state.disputes)).toBe(at(span));
      expect(advance(of, span - 1)).toEqual([]);
      expect(advance(of, span)).toMatchObject([{ outcome: "undecided", by: "time" }]);
      expect(disputesDeadline(of.state.disputes)).toBeUndefined();
      expect([0, 2].map((member) => points(of, member, span))).toEqual([100, 100]);
    }
  });

  test("does not hear those who left the table: what they said is no part of the quorum [P13]", () => {
    const of = court(5);
    const id = opened(of);
    for (const member of [2, 3, 4]) vote(of, member, "uphold", id);
    expect(advance(of, 2, of.keys.slice(0, 4))).toEqual([]);
    // Of three that stay two are a quorum, and two have said so.
    expect(advance(of, 3, [of.keys[0]!, of.keys[2]!, of.keys[3]!])).toMatchObject([
      { outcome: "upheld", by: "quorum" },
    ]);
  });
});

describe("what a dispute is refused for", () => {
  test.each([
    ["no evidence", 0, { evidence: new Uint8Array(0) }],
    ["wrong digest", 0, { digest: new Uint8Array(32) }],
    ["not a member", 9, {}],
    ["not a member", 0, { suspect: memberIndex(9) }],
    ["own case", 2, {}],
    ["wrong time", 0, { opened: at(30_001) }],
    ["wrong time", 0, { opened: at(-30_001) }],
  ] as const)("%s, and nothing changes [P12]", (why, client, change) => {
    const of = court();
    const before = structuredClone(of.state);
    expect(open(of, client, change)).toEqual({ ok: false, why });
    expect(of.state).toEqual(before);
  });

  test("a claim may be half a minute off, and no more [P01]", () => {
    for (const off of [30_000, -30_000]) expect(open(court(), 0, { opened: at(off) })).toMatchObject({ ok: true });
  });

  test("being open already, and being one too many of one claimant or of all [P12]", () => {
    const of = court(10);
    const number = (i: number) => ({ evidence: bytes(i + 1), suspect: memberIndex(9) });
    expect(open(of, 0, number(0))).toMatchObject({ ok: true });
    expect(open(of, 1, number(0))).toEqual({ ok: false, why: "disputed already" });
    expect(open(of, 0, number(1))).toMatchObject({ ok: true });
    expect(open(of, 0, number(2))).toEqual({ ok: false, why: "disputes full" });
    for (let i = 2; i < DISPUTES_OPEN_MAX; i++) expect(open(of, i >> 1, number(i))).toMatchObject({ ok: true });
    expect(open(of, 8, number(99))).toEqual({ ok: false, why: "disputes full" });
  });
});

test("while a dispute is open its suspect is accused and its evidence kept, and not after [P12]", () => {
  const of = court();
  const id = opened(of);
  const { disputes } = of.state;
  const { digest } = claim(of);
  expect([isAccused(disputes, of.keys[2]!), isAccused(disputes, of.keys[1]!), isDisputed(disputes, digest)]).toEqual([
    true,
    false,
    true,
  ]);
  for (const member of [0, 1, 3]) vote(of, member, "reject", id);
  expect([isAccused(disputes, of.keys[2]!), isDisputed(disputes, digest)]).toEqual([false, false]);
});

test("random disputes keep every bound, and their bytes say the same state on every replica [P13]", () => {
  const from = chance(7);
  const answers: readonly DisputeAnswer[] = ["uphold", "reject", "abstain", "needMoreEvidence"];
  const of = court(
    7,
    (each) => (["undecidable", "upheld", "rejected"] as const)[each.evidence[0]! % 7] ?? "undecidable",
  );
  let restored: JudgeState = judgeState();
  for (let ms = 0; ms < 4_000; ms++) {
    const now = ms * 2_000;
    const client = drawBelow(from, 8);
    const each = of.state.disputes.open[drawBelow(from, 16)];
    if (each === undefined || drawBelow(from, 4) === 0) {
      const evidence = bytes(drawBelow(from, 256), drawBelow(from, 256));
      open(
        of,
        client,
        { evidence, opened: at(now), kind: KINDS[drawBelow(from, 8)]!, suspect: memberIndex(drawBelow(from, 8)) },
        now,
      );
    } else vote(of, client, answers[drawBelow(from, 4)]!, each.id, now);
    advance(of, now);
    expect(of.state.disputes.open.length).toBeLessThanOrEqual(DISPUTES_OPEN_MAX);
    expect(of.state.disputes.decided.length).toBeLessThanOrEqual(DISPUTES_DECIDED_MAX);
    if (ms % 200 === 0) {
      restored = restoreJudge(takeJudgeSnapshot(of.state))!;
      expect(restored).toEqual(of.state);
    }
  }
  expect(of.state.disputes.decided).toHaveLength(DISPUTES_DECIDED_MAX);
  expect(restoreJudge(takeJudgeSnapshot(of.state).subarray(1))).toBeUndefined();
});
