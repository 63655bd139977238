import { expect, test } from "vitest";
import { faultsMax } from "../../../../host/engine/consensus/quorum.ts";
import {
  broadcast,
  costTable,
  membersForByzantine,
  membersForCrashes,
  pointToPoint,
  raft,
} from "../../../../host/engine/generals/message-costs.ts";

test("agreement over single links takes 24 messages for four, 112 for eight, 19,800 for a hundred", () => {
  expect([4, 7, 8, 10, 100].map(pointToPoint)).toEqual([24, 84, 112, 180, 19_800]);
  for (let n = 1; n <= 100; n++) expect(pointToPoint(n)).toBe(2 * n * (n - 1));
});

test("agreement by broadcasts takes 16 for eight: two a member", () => {
  expect([4, 7, 8, 10].map(broadcast)).toEqual([8, 14, 16, 20]);
  for (let n = 1; n <= 100; n++) expect(broadcast(n)).toBe(2 * n);
});

test("where nobody lies the messages grow as the members do, and else as their square", () => {
  expect([3, 5, 100].map(raft)).toEqual([4, 8, 198]);
  for (let n = 2; n <= 50; n++) {
    expect(raft(2 * n) / raft(n)).toBeLessThanOrEqual(3);
    expect(pointToPoint(2 * n) / pointToPoint(n)).toBeGreaterThanOrEqual(4);
    // One liar may cost a member's messages n times over.
    expect(pointToPoint(n) / raft(n)).toBe(n);
  }
});

test("f faults take 2f + 1 members where they only stop, and 3f + 1 where they may do anything", () => {
  expect([1, 2, 3].map(membersForCrashes)).toEqual([3, 5, 7]);
  expect([1, 2, 3].map(membersForByzantine)).toEqual([4, 7, 10]);
  for (let f = 1; f <= 33; f++) {
    expect([faultsMax(membersForByzantine(f)), faultsMax(membersForByzantine(f) - 1)]).toEqual([f, f - 1]);
  }
});

test("the table puts both side by side", () => {
  expect(costTable(3).map((row) => Object.values(row))).toEqual([
    [1, 3, 4, 4, 24, 8],
    [2, 5, 8, 7, 84, 14],
    [3, 7, 12, 10, 180, 20],
  ]);
});
