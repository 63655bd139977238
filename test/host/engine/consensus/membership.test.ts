import { describe, expect, test } from "vitest";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { type Change, TableOperation, TableResult } from "../../../../host/engine/consensus/table.ts";
import { Evidence } from "../../../../protocol/agreement/evidence.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import {
  accusations,
  answers,
  ballotBy,
  calm,
  complaints,
  done,
  empty,
  expectOneHistory,
  expectTogether,
  hex,
  only,
  proposing,
  saying,
  set,
  tell,
} from "./stories.ts";

const order = (of: Rig, who: number, operation: TableOperation): string => {
  const before = answers(of, who).length;
  submit(of, who, encode(TableOperation, operation), KIOSK_SEAT);
  run(of, of.now + 2_000, () => answers(of, who).length > before);
  const decoded = decode(TableResult, answers(of, who).at(-1)!.result);
  if (!decoded.ok) throw new Error("a result can be read");
  return decoded.value.type === "refused" ? `refused ${decoded.value.why}` : decoded.value.type;
};
const approve = (of: Rig, who: number, change: Change): string => order(of, who, { type: "approve", change });
const keyOf = (of: Rig, index: number): Uint8Array => of.kiosks[index].founding.key;
const admit = (of: Rig, index: number): Change => ({ type: "admit", key: keyOf(of, index) });

/** How a kiosk sees the table: epoch, its kiosks by number, f and q, and its own place. */
function seen(of: Rig, index: number) {
  const { epoch, members, faults, quorum, me } = of.kiosks[index].replica;
  const who = members.map((key) => of.kiosks.findIndex(({ founding }) => hex(founding.key) === hex(key)));
  return { epoch, who, faults, quorum, me };
}

/** Something is asked and executed by those. */
function goesOn(of: Rig, who: number, among: readonly number[]): void {
  const before = answers(of, who).length;
  submit(of, who, set("alive", `${of.now}`));
  run(of, of.now + 10_000, () => answers(of, who).length > before);
  run(of, of.now + 300);
  expect(answers(of, who).length).toBe(before + 1);
  expectTogether(of, among);
}

describe("a new member", () => {
  test("comes when a quorum has approved of its key, at a barrier, with f and q computed anew", () => {
    const of = calm(4, { checkpointEvery: 50 }, 1);
    expect([approve(of, 0, admit(of, 4)), approve(of, 1, admit(of, 4))]).toEqual(["noted", "noted"]);
    // Again is once.
    expect(approve(of, 0, admit(of, 4))).toBe("noted");
    run(of, of.now + 1_000);
    expect(of.kiosks[2].replica.epoch).toBe(0);
    expect(approve(of, 3, admit(of, 4))).toBe("due");
    run(of, of.now + 1_000);
    const table = { epoch: 1, who: [0, 1, 2, 3, 4], faults: faultsMax(5), quorum: quorum(5) };
    for (const index of [0, 1, 2, 3]) expect(seen(of, index)).toEqual({ ...table, me: index });
    const { header } = of.kiosks[0].replica.stable;
    expect([header.barrier, header.epoch, header.members.length]).toEqual([1, 1, 5]);
    expect(approve(of, 2, admit(of, 4))).toBe("refused 1");
  });

  test("catches up by the checkpoint that made it one, and its vote is needed at once", () => {
    const of = calm(4, { checkpointEvery: 50 }, 1);
    of.kiosks[4].up = false;
    for (let turn = 0; turn < 30; turn++) {
      submit(of, turn % 4, set(`k${turn % 7}`, `${turn}`));
      run(of, of.now + 25);
    }
    for (const who of [0, 1, 2]) approve(of, who, admit(of, 4));
    run(of, of.now + 1_000);
    of.kiosks[4].up = true;
    run(of, of.now + 8_000);
    expect(seen(of, 4)).toEqual({ epoch: 1, who: [0, 1, 2, 3, 4], faults: 1, quorum: 4, me: 4 });
    // It has executed nothing of what came before.
    expect(done(of, 4).length).toBeLessThan(3);
    of.kiosks[2].up = false;
    goesOn(of, 4, [0, 1, 3, 4]);
  });

  test("is known to a member that was away, by names, by the checkpoint, and by the batches at last; and it goes on from there", () => {
    const of = calm(4, { checkpointEvery: 50 }, 1);
    of.drop = ({ from, to }) => from === 3 || to === 3;
    for (const who of [0, 1, 2]) approve(of, who, admit(of, 4));
    run(of, of.now + 1_000);
    of.queue = [];
    const { proof } = of.kiosks[0].replica.stable;
    const decisions = of.kiosks[0].journal.flatMap((record) => (record.type === "decided" ? [record.certificate] : []));
    const last = decisions.filter(({ sequence }) => sequence <= proof!.header.sequence).at(-1);
    tell(of, 3, { type: "certificate", certificate: last! });
    tell(of, 3, { type: "checkpoint", proof: proof! });
    const { replica } = of.kiosks[3];
    expect([replica.epoch, replica.executed, replica.decided]).toEqual([1, 0, proof!.header.sequence]);
    of.drop = () => false;
    run(of, of.now + 1_000, () => replica.executed === proof!.header.sequence);
    expect([replica.executed, replica.stable.header.sequence]).toEqual([
      proof!.header.sequence,
      proof!.header.sequence,
    ]);
  });

  test("each, up to seven: two may be faulty then, and are", () => {
    const of = calm(4, { checkpointEvery: 50 }, 3);
    for (const joiner of [4, 5, 6]) {
      for (let who = 0; who < quorum(joiner); who++) approve(of, who, admit(of, joiner));
      run(of, of.now + 8_000);
    }
    expect(seen(of, 6)).toEqual({ epoch: 3, who: [0, 1, 2, 3, 4, 5, 6], faults: 2, quorum: 5, me: 6 });
    of.kiosks[0].up = of.kiosks[3].up = false;
    goesOn(of, 5, [1, 2, 4, 5, 6]);
  });
});

test("who is no member may watch: it executes what the members decide, and signs nothing", () => {
  const of = calm(4, { checkpointEvery: 5 }, 1);
  for (let turn = 0; turn < 12; turn++) {
    submit(of, turn % 4, set(`k${turn}`, `${turn}`));
    run(of, of.now + 50);
  }
  run(of, of.now + 1_000);
  expect([done(of, 4).length, of.kiosks[4].replica.me]).toEqual([12, -1]);
  // Proofs of others it may pass on.
  const said = of.log.flatMap(({ from, said }) => (from === 4 && said !== undefined ? [said.type] : []));
  expect(said.filter((type) => type !== "checkpoint" && type !== "certificate")).toEqual([]);
  expectTogether(of);
});

describe("a member that leaves", () => {
  test("is a spectator from the barrier on; places, f and q are those of the others, and each executes its requests once", () => {
    const of = calm(5, { checkpointEvery: 50 });
    for (let turn = 0; turn < 10; turn++) {
      submit(of, turn % 5, set(`k${turn}`, `${turn}`));
      run(of, of.now + 20);
    }
    expect(order(of, 1, { type: "leave" })).toBe("due");
    // On its way while the places move.
    for (const who of [0, 2, 3, 4]) submit(of, who, set(`late${who}`, "v"));
    run(of, of.now + 3_000);
    for (const [me, index] of [0, 2, 3, 4].entries())
      expect(seen(of, index)).toEqual({ epoch: 1, who: [0, 2, 3, 4], faults: 1, quorum: 3, me });
    expect(seen(of, 1)).toEqual({ epoch: 1, who: [0, 2, 3, 4], faults: 1, quorum: 3, me: -1 });
    for (const who of [0, 2, 3, 4]) expect(answers(of, who)).toHaveLength(3);
    // What it wants now nobody takes.
    submit(of, 1, set("mine", "v"));
    expect(only(of.kiosks[1].told, "refused").map(({ why }) => why)).toEqual(["silent"]);
    goesOn(of, 4, [0, 2, 3, 4]);
    expectOneHistory(of);
  });

  test("may come back, and counts its requests anew", () => {
    const of = calm(5, { checkpointEvery: 50 });
    submit(of, 1, set("before", "v"));
    run(of, of.now + 50);
    order(of, 1, { type: "leave" });
    run(of, of.now + 3_000);
    for (const who of [0, 2, 3]) approve(of, who, admit(of, 1));
    run(of, of.now + 8_000);
    expect(seen(of, 1)).toEqual({ epoch: 2, who: [0, 1, 2, 3, 4], faults: 1, quorum: 4, me: 1 });
    of.kiosks[3].up = false;
    goesOn(of, 1, [0, 1, 2, 4]);
  });

  test("is let go while two remain, and no further", () => {
    const of = calm(3, { checkpointEvery: 50 });
    expect(order(of, 0, { type: "leave" })).toBe("due");
    run(of, of.now + 3_000);
    expect(seen(of, 2)).toEqual({ epoch: 1, who: [1, 2], faults: 0, quorum: 2, me: 1 });
    expect(order(of, 1, { type: "leave" })).toBe("refused 3");
    goesOn(of, 2, [1, 2]);
  });
});

describe("a member that is accused", () => {
  test("with what it signed itself is removed; its own wish is not asked", () => {
    const of = calm(5, { checkpointEvery: 50 });
    const [one, other] = [proposing(of, 0, [empty(100)]), proposing(of, 0, [empty(101)])];
    const first = ballotBy(of, 3, { prepared: one.places[0] });
    tell(of, 2, one.said);
    for (const ballot of [first, ballotBy(of, 3, { prepared: other.places[0] })]) tell(of, 2, saying(ballot));
    const [evidence] = accusations(of, 2);
    expect(evidence.type).toBe("contradiction");
    of.kiosks[3].up = false;
    of.drop = () => false;
    run(of, of.now + 3_000);
    expect(order(of, 2, { type: "accuse", evidence: encode(Evidence, evidence) })).toBe("due");
    run(of, of.now + 3_000);
    expect(seen(of, 0)).toEqual({ epoch: 1, who: [0, 1, 2, 4], faults: 1, quorum: 3, me: 0 });
    goesOn(of, 4, [0, 1, 2, 4]);
  });

  test("without proof stays, whoever says so and however many approve", () => {
    const of = calm(4, { checkpointEvery: 50 });
    const { places } = proposing(of, 0, [empty(100)]);
    const ballot = ballotBy(of, 2, { prepared: places[0] });
    const lies: Evidence[] = [
      { type: "contradiction", first: ballot, second: ballot },
      {
        type: "contradiction",
        first: ballot,
        second: { ...ballot, prepared: { sequence: places[0].sequence, history: new Uint8Array(32) } },
      },
      {
        type: "contradiction",
        first: ballot,
        second: {
          ...ballotBy(of, 1, { prepared: { ...places[0], digest: new Uint8Array(32) } }),
          sender: ballot.sender,
        },
      },
    ];
    for (const evidence of lies)
      expect(order(of, 1, { type: "accuse", evidence: encode(Evidence, evidence) })).toBe("refused 4");
    expect(order(of, 1, { type: "accuse", evidence: Uint8Array.of(1, 2, 3) })).toBe("refused 4");
    for (const who of [0, 1, 3]) expect(approve(of, who, { type: "remove", key: keyOf(of, 2) })).toBe("refused 4");
    expect(seen(of, 1).who).toEqual([0, 1, 2, 3]);
  });
});

test("absence removes nobody: who was away for a day comes back as the member that it was", () => {
  const of = calm(4, { checkpointEvery: 10 });
  submit(of, 0, set("k", "v"));
  run(of, of.now + 100);
  of.kiosks[3].up = false;
  run(of, of.now + 3_600_000);
  for (let turn = 0; turn < 12; turn++) {
    submit(of, turn % 3, set("k", `${turn}`));
    run(of, of.now + 1_000);
  }
  expect(seen(of, 0)).toEqual({ epoch: 0, who: [0, 1, 2, 3], faults: 1, quorum: 3, me: 0 });
  of.kiosks[3].up = true;
  run(of, of.now + 10_000);
  of.kiosks[2].up = false;
  goesOn(of, 3, [0, 1, 3]);
});

test("votes of the epoch before count for nothing in the next", () => {
  const of = calm(5, { checkpointEvery: 50 });
  const old = structuredClone(of.kiosks[4].replica);
  order(of, 0, { type: "leave" });
  run(of, of.now + 3_000);
  const { replica } = of.kiosks[1];
  expect(replica.epoch).toBe(1);
  const next = { sequence: (replica.state.sequence + 1) as never, digest: new Uint8Array(32) };
  const place = of.kiosks[4].replica;
  of.kiosks[4].replica = { ...old, view: replica.view };
  // Its place then and now: 4 of five, 3 of four.
  const ballot = ballotBy(of, 4, { committed: next });
  of.kiosks[4].replica = place;
  for (const sender of [3, 4]) {
    const effects = tell(of, 1, saying({ ...ballot, sender: sender as never }));
    expect(complaints(effects)).toEqual([sender === 4 ? "no such member" : "bad signature"]);
  }
  expect(replica.votes.committed.every((at) => at < next.sequence)).toBe(true);
});
