import { describe, expect, test } from "vitest";
import type { DisputeAnswer } from "../../../../host/engine/judge/dispute.ts";
import { evidenceDigest } from "../../../../host/engine/judge/disputes.ts";
import { DISPUTE_LONG_MS, DISPUTE_SHORT_MS } from "../../../../host/engine/judge/limits.ts";
import { pointsOf } from "../../../../host/engine/judge/points.ts";
import { Proof } from "../../../../host/engine/judge/proof.ts";
import type { TableAnswer } from "../../../../host/engine/table/answer.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, epoch, memberIndex, sequence } from "../../../../protocol/core/units.ts";
import { DisputeClaim } from "../../../../protocol/message/dispute.ts";
import { START } from "../dice/kiosks.ts";
import { CHEAT, contradiction, opening, proposal, twoRequests } from "../judge/cheats.ts";
import { sceneOf, stakedHouse, text } from "./courtroom.ts";
import { accountAt, diceSettle, type House, house, order, passTime } from "./house.ts";

const DAY = 86_400_000;
const WORD = Uint8Array.of(1, 2, 3);

function claim(of: House, by: number, change: Partial<DisputeClaim> = {}): TableAnswer {
  const evidence = change.evidence ?? WORD;
  const digest = evidenceDigest(of.kiosks[0]!.ports, evidence);
  const opened = agreedMillis(START + of.now);
  const rest = { kind: "invalidPayout", suspect: memberIndex(CHEAT), sequence: sequence(7), opened } as const;
  const bytes = encode(DisputeClaim, { ...rest, evidence, digest, ...change });
  return order(of, by, 0, { type: "dispute", claim: bytes });
}

function opened(of: House, change: Partial<DisputeClaim> = {}): Uint8Array {
  const answer = claim(of, 0, change);
  if (answer.type !== "disputed") throw new Error(text(answer));
  return answer.dispute;
}

const vote = (of: House, by: number, dispute: Uint8Array, answer: DisputeAnswer): TableAnswer =>
  order(of, by, 0, { type: "vote", vote: { dispute, answer, reason: "" } });
const points = (of: House): number[] =>
  of.kiosks.map(({ member }) => pointsOf(of.state.judge.points, member.key, agreedMillis(START + of.now)));
const restored = (of: House): House => ({ ...of, state: of.machine.restore(of.machine.snapshot(of.state))! });

describe("a dispute at the table", () => {
  test("that a proof decides is decided in the same operation, for points and never for chips [P12] [P14] [P15]", () => {
    const scene = sceneOf(stakedHouse(house(4)));
    for (const [kind, proof] of [
      ["doubleSpending", twoRequests(scene, CHEAT)],
      ["consensusViolation", contradiction(scene, CHEAT)],
      ["failedReveal", opening(scene, CHEAT)],
      ["invalidSignature", proposal(scene, CHEAT)],
    ] as const) {
      const of = stakedHouse(house(4));
      const evidence = encode(Proof, proof);
      expect(claim(of, 0, { kind, evidence })).toMatchObject({ type: "decided", outcome: "upheld", by: "log" });
      expect(points(of)).toEqual([120, 100, 60, 100]);
      expect(claim(of, 1, { kind, evidence, suspect: memberIndex(3) })).toMatchObject({
        outcome: "rejected",
        by: "log",
      });
      expect(points(of)).toEqual([120, 40, 60, 100]);
      expect(text(claim(of, 3, { kind, evidence }))).toBe("refused: decided already");
      expect([0, 1, 2, 3].map((place) => accountAt(of, place)!.stake)).toEqual([1_000, 1_000, 1_000, 1_000]);
    }
  });

  test("may be about what was signed by others' places, in an epoch that is over: a key is a key [P12]", () => {
    const of = stakedHouse(house(4));
    const evidence = encode(Proof, twoRequests(sceneOf(of), CHEAT));
    of.machine.house!.change(of.state, {
      ...{ epoch: epoch(1), members: [3, CHEAT, 0].map((kiosk) => of.kiosks[kiosk]!.member.key) },
      start: { sequence: sequence(50), digest: new Uint8Array(32) },
      time: agreedMillis(START + of.now),
    });
    const about = { kind: "doubleSpending", evidence } as const;
    expect(claim(of, 0, { ...about, suspect: memberIndex(1) })).toMatchObject({ type: "decided", outcome: "upheld" });
    expect(claim(of, 0, { ...about, suspect: memberIndex(2) })).toMatchObject({ type: "decided", outcome: "rejected" });
    expect(points(of)).toEqual([100, 100, 60, 60]);
  });

  test("about what only a log can show is for the members, and ends with the quorum's vote [P12] [P13]", () => {
    for (const kind of ["invalidBet", "invalidRoll", "invalidPayout", "timeout"] as const) {
      const of = stakedHouse(house(4));
      const id = opened(of, { kind });
      expect(vote(of, 0, id, "uphold").type).toBe("done");
      expect(text(vote(of, 0, id, "reject"))).toBe("refused: voted already");
      expect(vote(of, 1, id, "uphold").type).toBe("done");
      const last = vote(restored(of), 3, id, "uphold");
      expect(last).toMatchObject({ type: "decided", outcome: "upheld", by: "quorum", moreEvidence: false });
      expect(vote(of, 3, id, "uphold")).toEqual(last);
      expect(text(vote(of, 2, id, "reject"))).toBe("refused: no such dispute");
    }
  });

  test("that was false costs its claimant, and one that nobody could decide costs nobody [P14] [P15]", () => {
    const of = stakedHouse(house(4));
    const lost = opened(of);
    for (const by of [1, 2, 3]) vote(of, by, lost, "reject");
    expect(points(of)).toEqual([40, 100, 100, 100]);
    const tied = opened(of, { sequence: sequence(8) });
    for (const by of [0, 1, 2, 3]) vote(of, by, tied, by % 2 === 0 ? "uphold" : "reject");
    expect(points(of)).toEqual([40, 100, 100, 100]);
    expect(of.state.judge.disputes.open).toEqual([]);
  });

  test("is over at its deadline, to the millisecond, for which the table asks by itself [P13]", () => {
    for (const [kind, span] of [
      ["timeout", DISPUTE_SHORT_MS],
      ["invalidPayout", DISPUTE_LONG_MS],
    ] as const) {
      const of = stakedHouse(house(4));
      diceSettle(of);
      const id = opened(of, { kind });
      const due = START + of.now + span;
      expect(of.machine.deadline(of.state)).toBe(due);
      passTime(of, span - 1);
      expect(of.state.judge.disputes.open).toHaveLength(1);
      passTime(of, 1);
      expect(of.state.judge.disputes.open).toEqual([]);
      expect(of.machine.deadline(of.state)).toBeUndefined();
      expect(text(vote(of, 1, id, "uphold"))).toBe("refused: no such dispute");
      // An hour of play has its own worth.
      expect(new Set(points(of)).size).toBe(1);
    }
  });

  test("keeps the accused's stake where it is until it is decided [M20]", () => {
    const of = stakedHouse(house(4));
    const spending = () => ({ counter: accountAt(of, CHEAT)!.nextCounter });
    order(of, CHEAT, 0, { type: "unstake", ...spending(), amount: 1_000 as never });
    passTime(of, 8 * DAY);
    const id = opened(of);
    expect(text(order(of, CHEAT, 0, { type: "withdraw", ...spending() }))).toBe("refused: accused");
    expect(text(order(restored(of), CHEAT, 0, { type: "withdraw", ...spending() }))).toBe("refused: accused");
    for (const by of [0, 1, 3]) vote(of, by, id, "reject");
    expect(order(of, CHEAT, 0, { type: "withdraw", ...spending() })).toEqual({ type: "done" });
    expect(accountAt(of, CHEAT)).toMatchObject({ free: 1_000, unbonding: 0 });
  });

  test("is refused with a word where it is none, and nothing moves [P12] [P01]", () => {
    const of = stakedHouse(house(4));
    const before = of.machine.snapshot(of.state);
    const far = agreedMillis(START + of.now + 40_000);
    expect([
      text(order(of, 0, 0, { type: "dispute", claim: WORD })),
      text(claim(of, 0, { evidence: new Uint8Array(0) })),
      text(claim(of, 0, { digest: new Uint8Array(32) })),
      text(claim(of, 0, { opened: far })),
      text(claim(of, 0, { suspect: memberIndex(7) })),
      text(claim(of, CHEAT)),
      text(vote(of, 0, new Uint8Array(32), "uphold")),
    ]).toEqual([
      "refused: not a claim",
      "refused: no evidence",
      "refused: wrong digest",
      "refused: wrong time",
      "refused: not a member",
      "refused: own case",
      "refused: no such dispute",
    ]);
    expect(of.machine.snapshot(of.state)).toEqual(before);
  });
});
