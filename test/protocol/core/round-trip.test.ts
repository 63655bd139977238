import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RETRANSMIT_INITIAL_MS, RETRANSMIT_MAX_MS, RETRANSMIT_MIN_MS } from "../../../protocol/core/limits.ts";
import { measured, roundTrip, timedOut } from "../../../protocol/core/round-trip.ts";

describe("round trip", () => {
  test("before anything is measured the time-out is the initial one", () => {
    expect(roundTrip()).toEqual({ smoothedMs: undefined, variationMs: 0, timeoutMs: RETRANSMIT_INITIAL_MS });
  });

  test("the first measurement counts whole, with half of it as variation (RFC 6298 2.2)", () => {
    const trip = roundTrip();
    measured(trip, 40);
    expect(trip).toEqual({ smoothedMs: 40, variationMs: 20, timeoutMs: 120 });
  });

  test("later ones count an eighth, and a quarter against the old mean (RFC 6298 2.3)", () => {
    const trip = roundTrip();
    measured(trip, 40);
    measured(trip, 80);
    expect(trip).toEqual({ smoothedMs: 45, variationMs: 25, timeoutMs: 145 });
  });

  test("a steady round trip brings the time-out down to a millisecond above it", () => {
    const trip = roundTrip();
    for (let i = 0; i < 200; i++) measured(trip, 50);
    expect(trip.timeoutMs).toBeCloseTo(51, 6);
  });

  test("each time-out doubles the next, up to the largest, until a measurement undoes it (RFC 6298 5.5)", () => {
    const trip = roundTrip();
    measured(trip, 40);
    timedOut(trip);
    expect(trip.timeoutMs).toBe(240);
    for (let i = 0; i < 10; i++) timedOut(trip);
    expect(trip.timeoutMs).toBe(RETRANSMIT_MAX_MS);
    measured(trip, 40);
    expect(trip.timeoutMs).toBeLessThan(120);
  });

  test("no measurements and time-outs lead outside the bounds", () => {
    const events = fc.array(fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant("timeout" as const)));
    fc.assert(
      fc.property(events, (steps) => {
        const trip = roundTrip();
        for (const step of steps) {
          if (step === "timeout") timedOut(trip);
          else measured(trip, step);
          expect(trip.timeoutMs >= RETRANSMIT_MIN_MS && trip.timeoutMs <= RETRANSMIT_MAX_MS).toBe(true);
          expect(trip.variationMs).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
