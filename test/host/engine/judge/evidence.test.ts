import { describe, expect, test } from "vitest";
import { CHEAT_KINDS, severityOf, slashReasonOf } from "../../../../host/engine/judge/cheat.ts";
import {
  type CheatEvidence,
  coSign,
  giveEvidence,
  CheatEvidence as Layout,
  verifyEvidence,
} from "../../../../host/engine/judge/evidence.ts";
import { Proof, verdictOf } from "../../../../host/engine/judge/proof.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, memberIndex } from "../../../../protocol/core/units.ts";
import { hashedTable } from "../divergence/kiosks.ts";
import {
  allCheats,
  amnesia,
  bytes,
  CHEAT,
  contradiction,
  impossible,
  law,
  opening,
  proposal,
  type Scene,
  scene,
  twoRequests,
  vote,
} from "./cheats.ts";

const table = scene();
const TIME = agreedMillis(1_767_225_600_000);
const verdict = (proof: Proof, of: Scene = table) => verdictOf(of.bench, of.ports[0]!, law, proof);
const give = (proof: Proof, me = 0): CheatEvidence =>
  giveEvidence(table.bench, table.ports[me]!, law, me, proof, TIME)!;
const check = (evidence: CheatEvidence, of: Scene = table) => verifyEvidence(of.bench, of.ports[1]!, law, evidence);

test("each kind of cheating has its severity, and what proves it its reason for a slash [P07]", () => {
  expect(CHEAT_KINDS.map((kind) => severityOf(kind))).toEqual([1_000, 900, 800, 700, 600, 500, 400]);
  expect(CHEAT_KINDS.map((kind) => slashReasonOf(kind))).toEqual([
    ...["invalidStateTransition", "invalidStateTransition", "byzantineFailure", "doubleVoting", "byzantineFailure"],
    ...[undefined, "doubleVoting"],
  ]);
});

describe("a proof", () => {
  test.each(allCheats(table))("convicts whoever signed it: %s [P07] [P08]", (kind, proof) => {
    expect(verdict(proof)).toMatchObject({ kind, suspect: CHEAT, key: table.bench.members[CHEAT] });
  });

  test("of one offence gives one name, whichever votes show it, and of another offence another [P16]", () => {
    const names = (proofs: readonly Proof[]): string[] =>
      proofs.map((proof) => Buffer.from(verdict(proof)!.id).toString("hex"));
    const sameVotes = [
      contradiction(table, CHEAT),
      contradiction(table, CHEAT, {}, ["right", "left"]),
      contradiction(table, CHEAT, { at: 6 }, ["left", "third"]),
      contradiction(table, CHEAT, { phase: "committed" }),
    ];
    expect(new Set(names(sameVotes)).size).toBe(1);
    const others = [
      contradiction(table, CHEAT),
      contradiction(table, CHEAT, { view: 2 }),
      contradiction(table, 1),
      contradiction(table, CHEAT, { phase: "checkpoint" }),
      twoRequests(table, CHEAT, 9),
      twoRequests(table, CHEAT, 10),
      opening(table, CHEAT),
      opening(table, CHEAT, false, 13),
      amnesia(table, CHEAT, 2),
      amnesia(table, CHEAT, 3),
    ];
    expect(new Set(names(others)).size).toBe(others.length);
  });

  test("is none where what was signed is what honest members sign [P08]", () => {
    const same = contradiction(table, CHEAT, {}, ["same", "same"]);
    const [first, second, third] = [twoRequests(table, CHEAT), twoRequests(table, 1), twoRequests(table, CHEAT, 10)];
    for (const proof of [
      same,
      impossible(table, CHEAT, bytes(1)),
      proposal(table, CHEAT, false),
      opening(table, CHEAT, true),
      { ...first, second: first.first },
      { ...first, second: second.second },
      { ...first, second: third.second },
    ]) {
      expect(verdict(proof)).toBeUndefined();
    }
  });

  test("of the same request told twice, by an honest kiosk that repeats itself, is none [P08]", () => {
    expect(verdict(twoRequests(table, CHEAT, 9, [bytes(1, 2), bytes(1, 2)]))).toBeUndefined();
  });

  test("does not stand with one bit of it flipped, whoever it would then convict [P08]", () => {
    for (const [, proof] of allCheats(table)) {
      const whole = encode(Layout, give(proof));
      const before = decode(Layout, whole);
      expect(before.ok && check(before.value).ok).toBe(true);
      for (let at = 0; at < whole.length; at++) {
        const flipped = Uint8Array.from(whole);
        flipped[at]! ^= 1 << (at % 8);
        const decoded = decode(Layout, flipped);
        if (decoded.ok) expect([at, check(decoded.value).ok]).toEqual([at, false]);
      }
    }
  });

  test("holds by what is signed in it, to the last bit, without any witness [P08]", () => {
    for (const [, proof] of allCheats(table)) {
      const whole = encode(Proof, proof);
      for (let at = 0; at < whole.length; at++) {
        const flipped = Uint8Array.from(whole);
        flipped[at]! ^= 1 << (at % 8);
        const decoded = decode(Proof, flipped);
        if (decoded.ok) expect([at, verdict(decoded.value)]).toEqual([at, undefined]);
      }
    }
  });

  test("does not hold a secret of one table against a commitment at another, where the same kiosk sits [P08]", () => {
    expect(verdict(opening(table, CHEAT, false, 12, new Uint8Array(16).fill(3)))).toBeUndefined();
  });

  test("of one epoch or one table is none at another [P08]", () => {
    const elsewhere: Scene = { ...table, bench: { ...table.bench, epoch: 4 } };
    const other: Scene = { ...table, bench: { ...table.bench, table: new Uint8Array(16).fill(1) } };
    for (const [, proof] of allCheats(table)) {
      expect(verdict(proof, elsewhere)).toBeUndefined();
      expect(verdict(proof, other)).toBeUndefined();
      expect(check(give(proof), elsewhere)).toEqual({ ok: false, why: "another epoch" });
    }
  });

  test("names members that there are, or is none", () => {
    const stranger = scene(9);
    expect(verdict(contradiction(stranger, 8))).toBeUndefined();
    expect(verdict(twoRequests(stranger, 8))).toBeUndefined();
    expect(verdict(impossible(stranger, 8))).toBeUndefined();
    expect(verdict(opening(stranger, 8))).toBeUndefined();
    expect(verdict(proposal(stranger, 8))).toBeUndefined();
  });
});

describe("evidence", () => {
  test("is checked by a third party from its bytes and the members' keys alone [P08]", () => {
    for (const [kind, proof] of allCheats(table)) {
      const sent = encode(Layout, give(proof));
      // Somebody with no key at this table, who holds nothing but its members' public keys.
      const stranger: Scene = {
        ...table,
        bench: structuredClone(table.bench),
        ports: [hashedTable(4).ports[0]!, hashedTable(4).ports[1]!],
      };
      const decoded = decode(Layout, sent);
      expect(decoded.ok && check(decoded.value, stranger)).toMatchObject({
        ok: true,
        offence: { kind, suspect: CHEAT },
      });
    }
  });

  test("says its own kind, severity, suspect and name, and nothing else is believed [P08]", () => {
    const evidence = give(contradiction(table, CHEAT));
    const why = (change: Partial<CheatEvidence>) => check({ ...evidence, ...change });
    expect(why({})).toMatchObject({ ok: true });
    expect(why({ severity: 701 })).toEqual({ ok: false, why: "another severity" });
    expect(why({ kind: "invalidRoll", severity: 600 })).toEqual({ ok: false, why: "another kind" });
    expect(why({ suspect: memberIndex(3) })).toEqual({ ok: false, why: "another suspect" });
    expect(why({ id: new Uint8Array(32) })).toEqual({ ok: false, why: "another name" });
    expect(why({ time: agreedMillis(TIME + 1) })).toEqual({ ok: false, why: "bad signature" });
    expect(why({ proof: contradiction(table, CHEAT, {}, ["same", "same"]) })).toEqual({
      ok: false,
      why: "proves nothing",
    });
  });

  test("has witnesses that signed it, none of them the suspect, each once [P08]", () => {
    const one = give(contradiction(table, CHEAT));
    const two = coSign(table.bench, table.ports[3]!, law, 3, one) as CheatEvidence;
    const three = coSign(table.bench, table.ports[1]!, law, 1, two) as CheatEvidence;
    expect(three.witnesses.map(({ member }) => member)).toEqual([0, 1, 3]);
    expect(check(three)).toMatchObject({ ok: true });
    expect(coSign(table.bench, table.ports[1]!, law, 1, three)).toEqual(three);
    expect(coSign(table.bench, table.ports[CHEAT]!, law, CHEAT, three)).toBe("witness in its own case");
    expect(giveEvidence(table.bench, table.ports[CHEAT]!, law, CHEAT, one.proof, TIME)).toBeUndefined();
    const [first] = one.witnesses;
    expect(check({ ...one, witnesses: [] })).toEqual({ ok: false, why: "no witness" });
    expect(check({ ...one, witnesses: [{ ...first!, member: memberIndex(9) }] })).toEqual({
      ok: false,
      why: "not a member",
    });
    expect(check({ ...one, witnesses: [{ ...first!, member: memberIndex(CHEAT) }] })).toMatchObject({
      ok: false,
      why: "witness in its own case",
    });
    expect(check({ ...one, witnesses: [{ ...first!, member: memberIndex(1) }] })).toEqual({
      ok: false,
      why: "bad signature",
    });
    expect(decode(Layout, encode(Layout, three)).ok).toBe(true);
  });

  test("is given by nobody about a vote that it only suspects [P08]", () => {
    const one = vote(table, CHEAT, "left");
    const forged = { ...vote(table, CHEAT, "right"), signature: new Uint8Array(64) };
    const proof: Proof = { type: "agreement", evidence: { type: "contradiction", first: one, second: forged } };
    expect(giveEvidence(table.bench, table.ports[0]!, law, 0, proof, TIME)).toBeUndefined();
    expect(coSign(table.bench, table.ports[1]!, law, 1, { ...give(contradiction(table, CHEAT)), proof })).toBe(
      "proves nothing",
    );
  });
});
