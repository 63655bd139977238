import { expect, test } from "vitest";
import type { Options } from "../../../../host/engine/consensus/options.ts";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import { operation, TUNED } from "../../../bench/consensus-load.ts";
import { type Mesh, mesh, run, submit } from "../../../bench/consensus-mesh.ts";

const DELAY_MS = 10;
/** A request on its way to the primary, a proposal, the votes on it. */
const HOPS_MS = 3 * DELAY_MS;

/** Proposal, prepares, commits. */
const PHASES_MS = 3 * DELAY_MS;

interface Batched {
  readonly of: Mesh;
  /** At the last member: when, and how many operations. */
  readonly batches: { readonly at: number; readonly length: number }[];
}

function idleTable(batchMs: number, options: Partial<Options> = {}): Batched {
  const profile = { ...LAN, batchMs };
  const of = mesh({ memberCount: 4, options: { ...TUNED, profile, ...options }, delayMs: DELAY_MS });
  run(of, 1_000);
  const batches: Batched["batches"] = [];
  of.onEffect = (seat, effect) => {
    if (seat === 3 && effect.type === "executed") batches.push({ at: of.now, length: effect.done.length });
  };
  return { of, batches };
}

function submitAll(of: Mesh, seat: number, count: number): void {
  for (let each = 0; each < count; each++) {
    submit(of, seat, operation(of.random, of.seats[seat]!.submitted + 1, 80));
  }
}

test("one request on an idle table waits for no others [F02]", () => {
  const { of, batches } = idleTable(200);
  const begun = of.now;
  submitAll(of, 1, 1);
  run(of, begun + 2_000);
  expect(batches).toEqual([{ at: begun + HOPS_MS, length: 1 }]);
});

test("one request behind another batch is decided within the batch time-out and the way there [F02]", () => {
  const batchMs = 8;
  const { of, batches } = idleTable(batchMs);
  submitAll(of, 1, 1);
  run(of, of.now + DELAY_MS + 1);
  const begun = of.now;
  submitAll(of, 2, 1);
  run(of, begun + 2_000);
  expect(batches.map((each) => each.length)).toEqual([1, 1]);
  expect(batches[1]!.at - begun).toBe(batchMs + HOPS_MS);
});

test("fifty requests go at once, as one batch, and forty-nine wait for the batch time-out or an idle table [F02]", () => {
  const endless = 500;
  for (const count of [49, 50]) {
    const { of, batches } = idleTable(endless, { fastPath: false });
    submitAll(of, 1, 1);
    run(of, of.now + DELAY_MS + 1);
    const begun = of.now;
    submitAll(of, 1, count);
    run(of, begun + 2_000);
    expect(batches.map((each) => each.length)).toEqual([1, count]);
    // When it is full, or else when nothing is under way any more, and then three phases.
    const goesAfterMs = count === 50 ? DELAY_MS : PHASES_MS - 1;
    expect(batches[1]!.at - begun).toBe(goesAfterMs + PHASES_MS);
  }
});

test("more than fifty make several batches, none longer [F02]", () => {
  const { of, batches } = idleTable(5);
  for (let seat = 0; seat < 4; seat++) submitAll(of, seat, 45);
  run(of, of.now + 3_000);
  const lengths = batches.map((each) => each.length);
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(180);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(50);
  expect(lengths.filter((length) => length === 50).length).toBeGreaterThanOrEqual(2);
});
