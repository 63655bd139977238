import { describe, expect, test } from "vitest";
import { CrapsAction } from "../../../../host/engine/games/craps/moves.ts";
import { PASS } from "../../../../host/engine/games/craps/spots.ts";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import { accusation } from "../../../../host/engine/table/accusation.ts";
import { Evidence } from "../../../../protocol/agreement/evidence.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, counter } from "../../../../protocol/core/units.ts";
import { restart } from "../../../simulator/rig.ts";
import { contradiction, impossible, twoRequests } from "../judge/cheats.ts";
import { type Agreed, agreedHouse, order, orderAbout, pass, replicaOf, sceneAt, stateOf } from "./agreed.ts";
import { text } from "./courtroom.ts";

const CHEAT = 2;
const STAKE = { type: "stake", counter: counter(0), amount: 1_000 as never } as const;

function seated(members: number, spare = 0): Agreed {
  const of = agreedHouse(members, spare);
  for (let who = 0; who < members; who++) order(of, who, 0, { type: "sit" });
  pass(of, 3_000);
  return of;
}

const accusationBy = (of: Agreed, by: number, proof: Parameters<typeof accusation>[5], epoch = 0): Uint8Array => {
  const { ports } = of.dice[by]!;
  const made = accusation(
    of.rules,
    stateOf(of, by),
    ports,
    ports.key,
    epoch,
    proof,
    agreedMillis(replicaOf(of, by).state.time),
  );
  if (!made.ok) throw new Error(made.why);
  return made.operation;
};

const evidenceOf = (of: Agreed, by: number, words = ["left", "right"]): Uint8Array => {
  const proof = contradiction(sceneAt(of, by, 0), CHEAT, {}, words);
  if (proof.type !== "agreement") throw new Error("of votes");
  return encode(Evidence, proof.evidence);
};

/** All who are up are at one place, with one state. */
function expectTogether(of: Agreed): void {
  const up = of.dice.map((_, index) => index).filter((index) => of.rig.kiosks[index]!.up);
  const machine = of.rig.kiosks[0]!.world.machine as unknown as { snapshot(state: unknown): Uint8Array };
  const first = machine.snapshot(stateOf(of, up[0]!));
  for (const index of up) {
    expect(replicaOf(of, index).executed).toBe(replicaOf(of, up[0]!).executed);
    expect(machine.snapshot(stateOf(of, index))).toEqual(first);
    expect(audit(stateOf(of, index).ledger).ok).toBe(true);
  }
}

const members = (of: Agreed, by = 0): number[] =>
  replicaOf(of, by).members.map((key) => of.dice.findIndex(({ member }) => Buffer.compare(member.key, key) === 0));
const stakeOf = (of: Agreed, by = 0): number => {
  const { stake, unbonding } = stateOf(of, by).ledger.accounts[CHEAT]!;
  return stake + unbonding;
};

describe("a kiosk that voted twice", () => {
  test("and is shown at the table pays and is let go by the consensus, at a barrier, and the dice are the others' from then on [P11]", () => {
    const of = seated(5);
    order(of, CHEAT, 0, STAKE);
    const proof = contradiction(sceneAt(of, 0, 0), CHEAT);
    expect(order(of, 0, 0, accusationBy(of, 0, proof))).toMatchObject({
      type: "convicted",
      chips: 500,
      excluded: true,
    });
    pass(of, 4_000);
    expect(members(of)).toEqual([0, 1, 3, 4]);
    expect(stateOf(of, 0).dice.members.map(({ key }) => key)).toEqual(replicaOf(of, 0).members);
    expect(stateOf(of, 0).epochs.map(({ epoch, ended }) => [epoch, ended !== undefined])).toEqual([
      [0, true],
      [1, false],
    ]);
    // What the judge checks of a new view counts from the same place as the consensus'.
    expect(stateOf(of, 0).epochs[1]!.start).toEqual(replicaOf(of, 0).epochStart);
    expect([stakeOf(of), stateOf(of, 1).outcasts]).toEqual([500, []]);
    expect(stateOf(of, 0).dice.key!.deal.holders).toHaveLength(4);
    expect(orderAbout(of, 1, { type: "accuse", evidence: evidenceOf(of, 1) })).toBe("refused 4");
    expect(stakeOf(of)).toBe(500);
    expectTogether(of);
  });

  test("and is shown to the consensus pays at the table too, once, and the table's own accusation comes too late [P11]", () => {
    const of = seated(5);
    order(of, CHEAT, 0, STAKE);
    const late = accusationBy(of, 1, contradiction(sceneAt(of, 1, 0), CHEAT));
    expect(orderAbout(of, 0, { type: "accuse", evidence: evidenceOf(of, 0) })).toBe("due");
    expect(text(order(of, 1, 0, late))).toBe("refused: known evidence");
    pass(of, 4_000);
    expect([members(of), stakeOf(of)]).toEqual([[0, 1, 3, 4], 500]);
    expectTogether(of);
  });

  test("and is one of two cannot be let go, but its stake answers all the same [P11]", () => {
    const of = seated(3);
    order(of, CHEAT, 0, STAKE);
    expect(orderAbout(of, 0, { type: "leave" })).toBe("due");
    pass(of, 4_000);
    expect(members(of, 1)).toEqual([1, 2]);
    const at = sceneAt(of, 1, 1);
    const proof = contradiction(at, 1);
    if (proof.type !== "agreement") throw new Error("of votes");
    const evidence = encode(Evidence, proof.evidence);
    expect(orderAbout(of, 1, { type: "accuse", evidence })).toBe("noted");
    expect(orderAbout(of, 1, { type: "accuse", evidence })).toBe("refused 3");
    expect([members(of, 1), stakeOf(of, 1), stateOf(of, 1).outcasts.length]).toEqual([[1, 2], 500, 1]);
  });

  test("is known to a replica that begins again from its journal, and to one that was away [P07] [P09]", () => {
    const of = seated(5);
    order(of, CHEAT, 0, STAKE);
    of.rig.kiosks[4]!.up = false;
    const late = accusationBy(of, 1, contradiction(sceneAt(of, 1, 0), CHEAT));
    order(of, 0, 0, accusationBy(of, 0, contradiction(sceneAt(of, 0, 0), CHEAT)));
    pass(of, 3_000);
    of.rig.kiosks[4]!.up = true;
    for (const index of [1, 3]) restart(of.rig, index);
    pass(of, 12_000);
    expectTogether(of);
    expect([members(of, 4), stakeOf(of, 4)]).toEqual([[0, 1, 3, 4], 500]);
    expect(text(order(of, 1, 0, late))).toBe("refused: known evidence");
    expectTogether(of);
  });
});

test("three lesser offences cost the seat, and two do not [P11]", () => {
  const of = seated(5);
  const scene = sceneAt(of, 0, 0);
  for (const proof of [impossible(scene, CHEAT), twoRequests(scene, CHEAT, 1_000)]) {
    expect(order(of, 0, 0, accusationBy(of, 0, proof))).toMatchObject({ type: "convicted", excluded: false });
  }
  pass(of, 4_000);
  expect(members(of)).toEqual([0, 1, 2, 3, 4]);
  order(of, 0, 0, accusationBy(of, 0, twoRequests(scene, CHEAT, 1_001)));
  pass(of, 4_000);
  expect(members(of)).toEqual([0, 1, 3, 4]);
  expectTogether(of);
});

describe("a roll that is open", () => {
  const bet = (of: Agreed, who: number, action: CrapsAction) => {
    const account = stateOf(of, who).ledger.accounts[who]!;
    return order(of, who, 0, { type: "act", counter: account.nextCounter, action: encode(CrapsAction, action) });
  };

  test("is finished by those who opened it before anybody leaves, and one who comes is dealt to [P11] [K04]", () => {
    const of = seated(5, 1);
    bet(of, 0, { type: "bet", code: PASS, chips: 10 as never });
    // Whoever would settle it is the kiosk that leaves: the others have to wait for their turn.
    bet(of, 0, { type: "roll" });
    expect(stateOf(of, 0).dice.roll ?? stateOf(of, 0).rolls[0]).toBeDefined();
    orderAbout(of, CHEAT, { type: "leave" });
    pass(of, 8_000);
    const [roll] = stateOf(of, 0).rolls;
    expect([roll!.epoch, members(of)]).toEqual([0, [0, 1, 3, 4]]);
    for (const who of [0, 1, 3])
      orderAbout(of, who, { type: "approve", change: { type: "admit", key: of.dice[5]!.member.key } });
    pass(of, 8_000);
    expect(members(of)).toEqual([0, 1, 3, 4, 5]);
    expect(stateOf(of, 5).dice.key!.deal.holders).toHaveLength(5);
    bet(of, 1, { type: "bet", code: PASS, chips: 10 as never });
    // Whose turn it is may have nothing on the line: the dice pass first.
    pass(of, 45_000);
    expect(stateOf(of, 5).rolls.length).toBeGreaterThan(1);
    expectTogether(of);
  });

  /** Partials come to nobody until this is called: the roll stays open. */
  function withheld(of: Agreed): () => void {
    const kept = of.dice.map(({ own }) => own);
    for (const each of of.dice) each.own = { ...each.own, diceKey: new Uint8Array(32) };
    return () => {
      for (const [index, own] of kept.entries()) of.dice[index]!.own = { ...own, now: of.dice[index]!.own.now };
    };
  }

  test.each(["an honest primary", "a primary that will not wait"])(
    "holds up the barrier as long as it is open, and no longer, and none of its bets is void: %s",
    (who) => {
      const of = seated(5);
      bet(of, 0, { type: "bet", code: PASS, chips: 10 as never });
      bet(of, 1, { type: "bet", code: PASS, chips: 20 as never });
      const release = withheld(of);
      bet(of, 0, { type: "roll" });
      if (who !== "an honest primary") {
        const primary = of.rig.kiosks[replicaOf(of, 0).view % 5]!;
        const { machine } = primary.world;
        const house = { ...(machine.house as object), mayChange: () => true };
        (primary as { world: unknown }).world = { ...primary.world, machine: { ...machine, house } };
      }
      orderAbout(of, CHEAT, { type: "leave" });
      pass(of, 10_000);
      expect([stateOf(of, 0).dice.roll?.lock.roll, members(of).length]).toEqual([1, 5]);
      release();
      pass(of, 15_000);
      expect([stateOf(of, 0).rolls.length, members(of)]).toEqual([1, [0, 1, 3, 4]]);
      expect(of.rig.kiosks.flatMap(({ told }) => told.filter(({ type }) => type === "evidence"))).toEqual([]);
      expectTogether(of);
    },
  );
});
