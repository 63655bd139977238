import { expect, test } from "vitest";
import { signRequest } from "../../../../host/engine/consensus/statements.ts";
import { TableOperation } from "../../../../host/engine/consensus/table.ts";
import { keyValueMachine } from "../../../../host/engine/keyvalue/key-value-machine.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { counter } from "../../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { type Rig, restart, run, submit } from "../../../simulator/rig.ts";
import { answers, calm, done, expectTogether, only, pass, set, watch } from "./stories.ts";

const APPROVAL = encode(TableOperation, { type: "approve", change: { type: "rules", version: 2 } });

function approve(of: Rig, who: readonly number[]): void {
  for (const index of who) {
    submit(of, index, APPROVAL, KIOSK_SEAT);
    run(of, of.now + 100);
  }
  run(of, of.now + 500);
}

const rules = (of: Rig): number[] => of.kiosks.map(({ replica }) => replica.state.table.rules);

/** A table whose machine says by which rules it was asked to play. */
function playing(known: readonly number[]): { readonly of: Rig; readonly played: number[] } {
  const of = calm(4, { rules: known });
  const played: number[] = [];
  const machine = { ...keyValueMachine };
  machine.execute = (state, operation) => {
    played.push(operation.rules);
    return keyValueMachine.execute(state, operation);
  };
  Object.assign(of.kiosks[0].world, { machine });
  return { of, played };
}

test("the version of the rules is what the table agreed on, and everyone has to know it first", () => {
  const { of, played } = playing([1, 2]);
  submit(of, 1, set("k", "old"));
  run(of, of.now + 50);
  approve(of, [0, 1, 2]);
  expect(rules(of)).toEqual([1, 1, 1, 1]);
  approve(of, [3]);
  expect(rules(of)).toEqual([2, 2, 2, 2]);
  // It came with a barrier: all of them play by it from the same place on.
  expect(of.kiosks.map(({ replica }) => [replica.stable.header.rules, replica.stable.header.barrier])).toEqual(
    of.kiosks.map(() => [2, 1]),
  );
  submit(of, 1, set("k", "new"));
  run(of, of.now + 50);
  expect(played).toEqual([1, 2]);
  expectTogether(of);
});

test("nobody approves of rules that its software does not have", () => {
  const { of } = playing([1]);
  submit(of, 1, APPROVAL, KIOSK_SEAT);
  expect(only(of.kiosks[1].told, "refused").map(({ why }) => why)).toEqual(["unknown rules"]);
  run(of, of.now + 500);
  expect([rules(of), of.kiosks[1].replica.state.table.proposed]).toEqual([[1, 1, 1, 1], []]);
});

test("a kiosk whose software is older than the rules stops and says so, and the others go on without it", () => {
  const { of } = playing([1, 2]);
  approve(of, [0, 1, 2, 3]);
  const heard = watch(of);
  // Yesterday's software.
  Object.assign(of.kiosks[3].founding, { options: { ...of.kiosks[3].founding.options, rules: [1] } });
  restart(of, 3);
  const { replica } = of.kiosks[3];
  expect(replica.outdated).toBe(true);
  for (let turn = 0; turn < 5; turn++) {
    submit(of, turn % 3, set("k", `${turn}`));
    run(of, of.now + 100);
  }
  expect([0, 1, 2].map((index) => answers(of, index).length)).toEqual([3, 3, 2]);
  expectTogether(of, [0, 1, 2]);
  submit(of, 3, set("k", "mine"));
  run(of, of.now + 1_000);
  expect(only(of.kiosks[3].told, "refused").map(({ why }) => why)).toEqual(["silent"]);
  const words = heard.filter(
    ({ from, said }) =>
      from === 3 && (said?.type === "ballot" || said?.type === "viewChange" || said?.type === "requests"),
  );
  expect(words).toHaveLength(0);
  expect(done(of, 3).filter((each) => each.startsWith("3/"))).toEqual(["3/1"]);
});

test("the same where it learns of them while it runs, because somebody approved in vain", () => {
  const of = calm(4, { rules: [1, 2] });
  Object.assign(of.kiosks[3].replica, { options: { ...of.kiosks[3].replica.options, rules: [1] } });
  const { replica, world } = of.kiosks[3];
  const signed = signRequest(replica, world.ports, 3, { seat: KIOSK_SEAT, number: counter(1), operation: APPROVAL });
  for (const to of [0, 1, 2]) pass(of, 3, to, { type: "requests", requests: [signed] });
  approve(of, [0, 1, 2]);
  expect(only(of.kiosks[3].told, "outdated").map((each) => each.rules)).toEqual([2]);
  expect(replica.outdated).toBe(true);
  submit(of, 0, set("k", "v"));
  run(of, of.now + 500);
  expect(answers(of, 0)).toHaveLength(2);
  const last = of.log.findLast(({ from, said }) => from === 3 && said?.type === "ballot")?.said;
  expect(last?.type === "ballot" && last.ballot.view).toBe(0);
});
