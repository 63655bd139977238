import { describe, expect, test } from "vitest";
import { disputeId, type Reexecuted } from "../../../../host/engine/judge/dispute.ts";
import { evidenceDigest, openDispute } from "../../../../host/engine/judge/disputes.ts";
import { judgeState } from "../../../../host/engine/judge/judge-snapshot.ts";
import { Proof } from "../../../../host/engine/judge/proof.ts";
import { type LoggedBatch, type LogPorts, reexecute } from "../../../../host/engine/judge/reexecution.ts";
import { keyValueMachine } from "../../../../host/engine/keyvalue/key-value-machine.ts";
import type { KeyValueState } from "../../../../host/engine/keyvalue/state.ts";
import type { Operation } from "../../../../host/engine/machine.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, memberIndex, sequence } from "../../../../protocol/core/units.ts";
import type { DisputeClaim } from "../../../../protocol/message/dispute.ts";
import { set } from "../keyvalue/operations.ts";
import { at } from "../stakes/stakers.ts";
import { bytes, CHEAT, contradiction, law, opening, proposal, scene, twoRequests } from "./cheats.ts";

const table = scene();

/** A batch as it was logged: three operations on a state that was not empty. */
function logged(): LoggedBatch {
  const state = keyValueMachine.initial();
  const operation = (operationBytes: Uint8Array): Operation => ({
    ...{ client: memberIndex(0), seat: 0, rules: 1, time: agreedMillis(1_000), bytes: operationBytes },
  });
  keyValueMachine.execute(state, operation(set("pot", "5")));
  const snapshot = keyValueMachine.snapshot(state);
  const operations = [set("pot", "6"), bytes(0xee), set("bet", "1")].map(operation);
  return { snapshot, operations, answers: operations.map((each) => keyValueMachine.execute(state, each)) };
}

const log = (batch: LoggedBatch | undefined): LogPorts<KeyValueState> => ({
  machine: keyValueMachine,
  batchAt: (height) => (height === 7 ? batch : undefined),
  ...{ bench: table.bench, ports: table.ports[0]!, law },
});

function claim(kind: DisputeClaim["kind"], evidence = bytes(1), height = 7): DisputeClaim {
  const digest = evidenceDigest(table.ports[0]!, evidence);
  return { kind, suspect: memberIndex(CHEAT), sequence: sequence(height), opened: at(0), digest, evidence };
}

describe.each(["invalidBet", "invalidRoll", "invalidPayout"] as const)("%s", (kind) => {
  test("is rejected where the batch, executed again, answers as it did [P12]", () => {
    expect(reexecute(log(logged()), claim(kind))).toBe("rejected");
  });

  test("is upheld where any answer was another, or was none [P12]", () => {
    const batch = logged();
    for (const [place, answer] of batch.answers.entries()) {
      const answers = batch.answers.map((each, i) => (i === place ? Uint8Array.of(...answer, 0) : each));
      expect(reexecute(log({ ...batch, answers }), claim(kind))).toBe("upheld");
    }
    expect(reexecute(log({ ...batch, answers: batch.answers.slice(1) }), claim(kind))).toBe("upheld");
  });

  test("is for the members where the log does not reach so far [P12]", () => {
    expect(reexecute(log(undefined), claim(kind))).toBe("undecidable");
    expect(reexecute(log(logged()), claim(kind, bytes(1), 8))).toBe("undecidable");
    expect(reexecute(log({ ...logged(), snapshot: bytes(9, 9) }), claim(kind))).toBe("undecidable");
    expect(reexecute(log({ ...logged(), operations: [] }), claim(kind))).toBe("undecidable");
  });
});

test("what a proof can show is decided by it, against its suspect alone, and the rest by members [P12]", () => {
  const decided = (kind: DisputeClaim["kind"], proof: Proof): Reexecuted =>
    reexecute(log(undefined), claim(kind, encode(Proof, proof)));
  expect(decided("doubleSpending", twoRequests(table, CHEAT))).toBe("upheld");
  expect(decided("consensusViolation", contradiction(table, CHEAT))).toBe("upheld");
  expect(decided("failedReveal", opening(table, CHEAT))).toBe("upheld");
  expect(decided("invalidSignature", proposal(table, CHEAT))).toBe("upheld");
  expect(decided("doubleSpending", twoRequests(table, 1))).toBe("rejected");
  expect(decided("failedReveal", opening(table, CHEAT, true))).toBe("rejected");
  expect(reexecute(log(undefined), claim("consensusViolation"))).toBe("undecidable");
  expect(reexecute(log(logged()), claim("timeout"))).toBe("undecidable");
});

test("a dispute over a falsified payout is won at once, on every replica alike [P12] [P15]", () => {
  const batch = logged();
  const falsified = { ...batch, answers: batch.answers.map((answer) => Uint8Array.of(...answer, 1)) };
  const states = [judgeState(), judgeState()].map((state) => {
    const ports = { table: table.bench.table, members: table.bench.members, ports: table.ports[0]! };
    const port = { ...ports, reexecute: (each: DisputeClaim) => reexecute(log(falsified), each) };
    const outcome = openDispute(state.disputes, state.points, 0, claim("invalidPayout"), at(0), port);
    expect(outcome).toMatchObject({ ok: true, resolved: { outcome: "upheld", by: "log" } });
    return state;
  });
  expect(states[0]).toEqual(states[1]);
  const id = disputeId(table.ports[0]!, table.bench.table, claim("invalidPayout"), table.bench.members[CHEAT]!);
  expect(states[0]!.disputes.decided).toEqual([id]);
});
