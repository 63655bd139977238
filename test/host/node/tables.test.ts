import { expect, test } from "vitest";
import type { Replica } from "../../../host/engine/consensus/state.ts";
import { OLD_EPOCHS_MAX } from "../../../host/node/limits.ts";
import { placeNow, tablesOf } from "../../../host/node/tables.ts";
import { epoch } from "../../../protocol/core/units.ts";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const founders = [key(1), key(2), key(3)];

/** In its epoch, with another fourth member in each. */
function replica(now: number): Replica<unknown> {
  const members = (at: number): Uint8Array[] => [...founders, key(10 + at)];
  const lineage = Array.from({ length: now }, (_, at) => ({
    header: { epoch: epoch(at + 1), members: members(at + 1) },
  }));
  return { table: key(7), epoch: now, members: members(now), lineage } as unknown as Replica<unknown>;
}

test("the words of the present epoch are understood, and those of the last before it, each with its own members", () => {
  expect(tablesOf(replica(0), founders, []).map(({ epoch }) => epoch)).toEqual([0]);
  const tables = tablesOf(replica(3), founders, []);
  expect(tables.map(({ epoch, members }) => [epoch, members[3]?.[0]])).toEqual([
    [3, 13],
    [2, 12],
    [1, 11],
    [0, undefined],
  ]);
  expect(tablesOf(replica(9), founders, [])).toHaveLength(1 + OLD_EPOCHS_MAX);
});

test("what was opened in an epoch stays remembered when the next one begins", () => {
  const before = tablesOf(replica(1), founders, []);
  const after = tablesOf(replica(2), founders, before);
  expect(after[1]).toBe(before[0]);
  expect(after[2]).toBe(before[1]);
});

test("a member is known by its key, wherever it stands now", () => {
  expect(placeNow(replica(2), key(12))).toBe(3);
  expect(placeNow(replica(1), key(12))).toBe(undefined);
});
