import { expect, test } from "vitest";
import { load, PLAIN, TUNED } from "../../../bench/consensus-load.ts";
import { mesh, run } from "../../../bench/consensus-mesh.ts";

const ROUND_TRIP_MS = 50;
const SPENT_MS = 5_000;

interface Piped {
  readonly perSecond: number;
  readonly openMax: number;
  /** Of each member, in the order in which it executed them. */
  readonly executed: readonly (readonly number[])[];
}

function piped(window: number, options = TUNED): Piped {
  const of = mesh({
    memberCount: 4,
    options: { ...options, window, batchLengthMax: 1 },
    delayMs: ROUND_TRIP_MS / 2,
  });
  const self = load(of, 80, 8);
  const executed: number[][] = of.seats.map(() => []);
  let openMax = 0;
  const answer = of.onEffect;
  of.onEffect = (seat, effect) => {
    answer(seat, effect);
    if (effect.type === "executed") executed[seat]!.push(effect.sequence);
    for (const { replica } of of.seats) openMax = Math.max(openMax, replica.known - replica.executed);
  };
  run(of, of.now + 1_000);
  const begun = self.executed;
  run(of, of.now + SPENT_MS);
  return { perSecond: ((self.executed - begun) * 1_000) / SPENT_MS, openMax, executed };
}

test.each([
  ["by the fast path", TUNED],
  ["by three phases", PLAIN],
] as const)(
  "three sequences at a time decide more than twice as much as one where a round trip takes 50 ms, %s [F03]",
  (_, options) => {
    const [one, three] = [piped(1, options), piped(3, options)];
    expect([one.openMax, three.openMax]).toEqual([1, 3]);
    expect(three.perSecond).toBeGreaterThan(2 * one.perSecond);
  },
);

test("whatever is under way at once is executed in its order, each sequence once, by every member [F03]", () => {
  for (const window of [1, 3, 8]) {
    for (const executed of piped(window).executed) {
      expect(executed.length).toBeGreaterThan(50);
      expect(executed).toEqual(executed.map((_, at) => at + 1));
    }
  }
});
