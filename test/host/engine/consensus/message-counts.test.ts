import { expect, test } from "vitest";
import { faultsMax } from "../../../../host/engine/consensus/quorum.ts";
import { broadcast, costTable, pointToPoint } from "../../../../host/engine/generals/message-costs.ts";
import { operation, PLAIN, TUNED } from "../../../bench/consensus-load.ts";
import { mesh, run, submit } from "../../../bench/consensus-mesh.ts";
import { total, type Weight } from "../../../bench/consensus-scale.ts";

const BATCHES = 12;
/** Less than a window under way at a time, so that a batch is a request. */
const APART_MS = 30;

interface Counted {
  readonly votes: Weight;
  readonly proposed: Weight;
  readonly prepared: Weight;
  readonly committed: Weight;
}

/** What is said to decide so many batches of one request, when nothing is lost and nobody is late. */
function counted(memberCount: number, options = PLAIN): Counted {
  const of = mesh({ memberCount, options, delayMs: 5 });
  run(of, 1_000);
  let executed = 0;
  of.onEffect = (_, effect) => {
    if (effect.type === "executed") executed += 1;
  };
  for (let batch = 0; batch < BATCHES; batch++) {
    const seat = batch % memberCount;
    submit(of, seat, operation(of.random, of.seats[seat]!.submitted + 1, 200));
    run(of, of.now + APART_MS);
  }
  run(of, of.now + 1_000);
  expect(executed).toBe(BATCHES * memberCount);
  const that = (part: string) => total(of.scale, (kind) => kind.startsWith("ballot: ") && kind.includes(part));
  return { votes: that(""), proposed: that("proposed"), prepared: that("prepared"), committed: that("committed") };
}

test.each([4, 5, 7, 8, 10])(
  "a batch of %i members takes (n − 1) + (n − 1)² + n(n − 1) messages over single links, and 1 + (n − 1) + n broadcasts [B16]",
  (n) => {
    const { votes, proposed, prepared, committed } = counted(n);
    expect(proposed.messages / BATCHES).toBe(n - 1);
    expect(prepared.messages / BATCHES).toBe((n - 1) ** 2);
    expect(committed.messages / BATCHES).toBe(n * (n - 1));
    expect(votes.messages / BATCHES).toBe(pointToPoint(n));
    expect([proposed, prepared, committed].map((each) => each.broadcasts / BATCHES)).toEqual([1, n - 1, n]);
    expect(votes.broadcasts / BATCHES).toBe(broadcast(n));
  },
);

test("what is sent to bear one fault, two and three is what the table of costs says, and grows as the square of the members [R16]", () => {
  const measured = costTable(3).map(({ byzantineMembers }) => counted(byzantineMembers).votes);
  expect(measured.map((each) => each.messages / BATCHES)).toEqual(costTable(3).map((row) => row.byzantineMessages));
  expect(measured.map((each) => each.broadcasts / BATCHES)).toEqual(costTable(3).map((row) => row.byzantineBroadcasts));
  expect(costTable(3).map(({ byzantineMembers }) => faultsMax(byzantineMembers))).toEqual([1, 2, 3]);
  // Of those who only stop, so many fewer say so much less.
  for (const [at, { crashMessages }] of costTable(3).entries()) {
    expect(measured[at]!.messages / BATCHES).toBeGreaterThanOrEqual(6 * crashMessages);
  }
});

test("bundles and the fast path leave n broadcasts of two n: whoever votes says once that it has prepared", () => {
  for (const n of [4, 7, 10]) {
    const { votes, prepared } = counted(n, { ...TUNED, batchLengthMax: 1 });
    // Commits come late and apart only where the table falls idle.
    expect(prepared.broadcasts / BATCHES).toBe(n - 1);
    expect(votes.broadcasts / BATCHES).toBeLessThanOrEqual(n);
  }
});
