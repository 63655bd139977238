import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AdaptiveTimeout,
  adaptiveTimeout,
  beganView,
  measuredLatency,
  timeoutMs,
} from "../../../../host/engine/timing/adaptive.ts";
import { LATENCIES_MAX, LATENCIES_MIN, TIMEOUT_MARGIN_PERCENT } from "../../../../host/engine/timing/limits.ts";
import { BLE, LAN, type Profile, requestMs } from "../../../../host/engine/timing/profiles.ts";
import { type Chance, chance, draw } from "../../../../protocol/core/chance.ts";

function measured(latencies: readonly number[], profile: Profile = BLE): AdaptiveTimeout {
  const adaptive = adaptiveTimeout(profile);
  for (const latency of latencies) measuredLatency(adaptive, profile, latency);
  return adaptive;
}

const times = (count: number, latency: number): number[] => new Array(count).fill(latency);

/** The textbook's way, over what is remembered. */
function directly(latencies: readonly number[], profile: Profile): number {
  const kept = latencies.slice(-LATENCIES_MAX).map((each) => Math.min(profile.timeoutMaxMs, Math.ceil(each)));
  const mean = kept.reduce((sum, each) => sum + each, 0) / kept.length;
  const variance = kept.reduce((sum, each) => sum + (each - mean) ** 2, 0) / kept.length;
  return (mean + 2 * Math.sqrt(variance)) * (1 + TIMEOUT_MARGIN_PERCENT / 100);
}

describe("adaptive time-out", () => {
  test("before enough was measured the profile's own holds [C09]", () => {
    for (const profile of [LAN, BLE]) {
      const adaptive = measured(times(LATENCIES_MIN - 1, 500), profile);
      expect(timeoutMs(adaptive, profile)).toBe(requestMs(profile));
      measuredLatency(adaptive, profile, 500);
      expect(timeoutMs(adaptive, profile)).toBe(750);
    }
  });

  test("it is mean + 2σ with a margin of half: 400 and 600 in turn give 500 + 200, and 1050 [C09]", () => {
    const turns = times(LATENCIES_MAX, 0).map((_, index) => (index % 2 === 0 ? 400 : 600));
    expect(timeoutMs(measured(turns), BLE)).toBe(1_050);
  });

  test("a step in latency is covered after 6 samples and settled after 100, up and down [C09]", () => {
    const adaptive = measured(times(LATENCIES_MAX, 400));
    expect(timeoutMs(adaptive, BLE)).toBe(600);
    const rise: number[] = [];
    for (let i = 0; i < LATENCIES_MAX; i++) {
      measuredLatency(adaptive, BLE, 1_200);
      rise.push(timeoutMs(adaptive, BLE));
    }
    expect(rise.findIndex((each) => each >= 1_200) + 1).toBe(6);
    expect(rise.at(-1)).toBe(1_800);
    expect(Math.max(...rise)).toBe(2_542);
    const fall: number[] = [];
    for (let i = 0; i < LATENCIES_MAX; i++) {
      measuredLatency(adaptive, BLE, 400);
      fall.push(timeoutMs(adaptive, BLE));
    }
    expect(fall.indexOf(600) + 1).toBe(LATENCIES_MAX);
    expect(Math.min(...fall)).toBe(600);
  });

  test("it is never below four round trips and never above four seconds on the air [C09]", () => {
    const quick = measured(times(LATENCIES_MAX, 10));
    expect(timeoutMs(quick, BLE)).toBe(480);
    expect(timeoutMs(quick, { ...BLE, roundTripMs: 300 })).toBe(1_200);
    expect(timeoutMs(quick, { ...BLE, roundTripMs: 20_000 })).toBe(4_000);
    expect(timeoutMs(measured(times(LATENCIES_MAX, 3_900)), BLE)).toBe(4_000);
    expect(timeoutMs(measured(times(LATENCIES_MAX, 1), LAN), LAN)).toBe(100);
    expect(timeoutMs(measured(times(LATENCIES_MAX, 900), LAN), LAN)).toBe(1_000);
  });

  test("it is what the textbook computes over the last hundred, after any number of samples [C09]", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 6_000, noNaN: true }), { minLength: 10, maxLength: 400 }),
        (all) => {
          const due = Math.min(BLE.timeoutMaxMs, Math.max(480, directly(all, BLE)));
          expect(Math.abs(timeoutMs(measured(all), BLE) - due)).toBeLessThanOrEqual(1.001);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test("sums are exact after a million samples, and memory is what a hundred take", () => {
    const from = chance(5);
    const adaptive = adaptiveTimeout(BLE);
    for (let i = 0; i < 1_000_000; i++) measuredLatency(adaptive, BLE, draw(from) * 5_000);
    const { latencies } = adaptive;
    expect(latencies).toHaveLength(LATENCIES_MAX);
    expect(adaptive.sum).toBe(latencies.reduce((sum, each) => sum + each, 0));
    expect(adaptive.squares).toBe(latencies.reduce((sum, each) => sum + each * each, 0));
  });

  test("one batch that waited for an hour is no more than one of the longest", () => {
    const adaptive = measured([...times(LATENCIES_MAX - 1, 400), 3_600_000]);
    expect(timeoutMs(adaptive, BLE)).toBe(Math.ceil(directly([...times(LATENCIES_MAX - 1, 400), 4_000], BLE)));
  });

  test("a primary that is as slow as it dares doubles the patience of a view, and no more", () => {
    const adaptive = measured(times(LATENCIES_MAX, 400));
    const granted = timeoutMs(adaptive, BLE);
    beganView(adaptive, granted);
    for (let i = 0; i < 10_000; i++) measuredLatency(adaptive, BLE, timeoutMs(adaptive, BLE) - 1);
    expect(timeoutMs(adaptive, BLE)).toBe(2 * granted);
    // Without the view's ceiling it would have had all that there is.
    adaptive.ceilingMs = BLE.timeoutMaxMs;
    for (let i = 0; i < 10_000; i++) measuredLatency(adaptive, BLE, timeoutMs(adaptive, BLE) - 1);
    expect(timeoutMs(adaptive, BLE)).toBe(BLE.timeoutMaxMs);
  });

  test("an air with bursts of loss makes one honest primary in forty look slow, at most", () => {
    const from = chance(11);
    const air = { isBad: false };
    const adaptive = measured(times(LATENCIES_MAX, 0).map(() => crossings(air, from)));
    let late = 0;
    for (let i = 0; i < 20_000; i++) {
      const latency = crossings(air, from);
      if (latency > withoutFloor(adaptive)) late += 1;
      measuredLatency(adaptive, BLE, latency);
    }
    expect(late).toBeGreaterThan(100);
    expect(late).toBeLessThan(500);
  });

  test("what ends before it began is our mistake", () => {
    expect(() => measuredLatency(adaptiveTimeout(BLE), BLE, -1)).toThrow("what ends has begun");
  });

  test("a snapshot goes on as the original would", () => {
    const adaptive = measured([...times(50, 400), ...times(70, 900)]);
    const copy = structuredClone(adaptive);
    measuredLatency(adaptive, BLE, 123);
    measuredLatency(copy, BLE, 123);
    expect(copy).toEqual(adaptive);
  });
});

/** Four times through an air of 20 ms intervals that loses a tenth, in bursts of five on average (Gilbert–Elliott). */
function crossings(air: { isBad: boolean }, from: Chance): number {
  let ms = 0;
  for (let i = 0; i < 4; i++) {
    ms += 5 + 20 * draw(from);
    for (;;) {
      const turns = draw(from) < (air.isBad ? 1 / 5 : 1 / 45);
      if (turns) air.isBad = !air.isBad;
      if (!air.isBad) break;
      ms += 20;
    }
  }
  return ms;
}

/** The four round trips would hide most of it. */
function withoutFloor(adaptive: AdaptiveTimeout): number {
  return timeoutMs(adaptive, { ...BLE, roundTripMs: 0 });
}
