import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../host/crypto/domain-digest.ts";
import { genesisHistory } from "../../../host/engine/consensus/genesis.ts";
import { nullName } from "../../../host/engine/consensus/log.ts";
import type { Record } from "../../../host/engine/consensus/records.ts";
import { recover } from "../../../host/engine/consensus/restart.ts";
import { keyValueMachine } from "../../../host/engine/keyvalue/key-value-machine.ts";
import { objectName } from "../../../host/engine/objects/tree.ts";
import { BLE } from "../../../host/engine/timing/profiles.ts";
import { retelling } from "../../../host/past/retelling.ts";
import type { Told } from "../../../host/past/told.ts";
import { Batch } from "../../../protocol/agreement/request.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { agreedMillis, counter, memberIndex, millis, sequence, view } from "../../../protocol/core/units.ts";
import { setNumber } from "../node/kill-table.ts";

const ports = { digest: domainDigest, sign: () => new Uint8Array(64), verify: () => true };
const table = new Uint8Array(16).fill(7);
const members = [1, 2, 3, 4].map((fill) => new Uint8Array(32).fill(fill));
const options = {
  ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true, rules: [1], profile: BLE },
};

const batchOf = (number: number): Batch => ({
  ...{ time: agreedMillis(1000 * number), barrier: undefined },
  requests: [
    {
      ...{ sender: memberIndex(1), signature: new Uint8Array(64) },
      request: { seat: 0, number: counter(number), operation: setNumber(1, number) },
    },
  ],
});
const nameOf = (batch: Batch) => objectName(ports, encode(Batch, batch));
const kept = (at: number, batch: Batch): Record => ({
  type: "batch",
  sequence: sequence(at),
  name: nameOf(batch),
  batch,
});

function decided(to: number, names: readonly ReturnType<typeof nameOf>[], phase: "unanimous" | "committed"): Record {
  const base = { sequence: sequence(0), digest: genesisHistory(ports, table) };
  const certificate = { phase, view: view(2), sequence: sequence(to), base, names, ballots: [] };
  return { type: "decided", certificate };
}

function toldBy(records: readonly Record[]): {
  readonly told: Told[];
  readonly executed: number;
  readonly passed: Record[];
} {
  const told: Told[] = [];
  const passed: Record[] = [];
  const telling = retelling(keyValueMachine, (each) => told.push(each));
  const world = { ports, machine: telling.machine };
  const founding = { options, table, members, key: members[0]!, at: millis(0), wallMs: 0 };
  const spied = function* (): Generator<Record> {
    for (const record of telling.records(records)) {
      passed.push(record);
      yield record;
    }
  };
  const replica = recover(founding, spied(), undefined, world);
  expect(telling.executed()).toBe(replica.executed);
  expect(telling.state()).toBe(replica.state.machine);
  return { told, executed: replica.executed, passed };
}

describe("a journal that is read again", () => {
  const [first, second, other] = [batchOf(1), batchOf(2), batchOf(3)];
  const names = [nameOf(first), nullName(), nameOf(second), nullName()];

  test("tells of gaps and of what came late in the order of sequences, each with its batch", () => {
    const records = [kept(1, other), kept(1, first), decided(4, names, "committed"), kept(3, second)];
    const { told, executed, passed } = toldBy(records);
    expect(executed).toBe(4);
    expect(passed).toEqual(records);
    expect(told.map(({ sequence: at, time, view: of, way }) => [at, time, of, way])).toEqual([
      [1, 1000, 2, "committed"],
      [2, 1000, 2, "committed"],
      [3, 2000, 2, "committed"],
      [4, 2000, 2, "committed"],
    ]);
    expect(told.map(({ done }) => done.map(({ number }) => number))).toEqual([[1], [], [2], []]);
    expect(told[0]!.done[0]!.result?.length).toBeGreaterThan(0);
  });

  test("tells of a gap between two that were executed together", () => {
    const { told } = toldBy([kept(1, first), kept(3, second), decided(4, names, "committed")]);
    expect(told.map(({ sequence: at, done }) => [at, done.map(({ number }) => number)])).toEqual([
      [1, [1]],
      [2, []],
      [3, [2]],
      [4, []],
    ]);
  });

  test("tells nothing of what is only decided and not here", () => {
    const { told, executed } = toldBy([kept(1, first), decided(4, names, "unanimous")]);
    expect([executed, told.map(({ sequence: at, way }) => [at, way])]).toEqual([
      2,
      [
        [1, "unanimous"],
        [2, "unanimous"],
      ],
    ]);
  });

  test("tells of a repeated request without an answer, for it was given before", () => {
    const again = { ...batchOf(1), time: agreedMillis(5000) };
    const list = [nameOf(first), nameOf(again)];
    const { told } = toldBy([kept(1, first), kept(2, again), decided(2, list, "committed")]);
    expect(told[1]!.done).toMatchObject([{ number: 1, result: undefined }]);
  });

  test("leaves no trace in the machine once it is over", () => {
    const told: Told[] = [];
    const telling = retelling(keyValueMachine, (each) => told.push(each));
    telling.end();
    const state = telling.machine.initial();
    telling.machine.advance(state, agreedMillis(5));
    for (const _ of telling.records([])) expect(_).toBeUndefined();
    expect(told).toEqual([]);
  });
});
