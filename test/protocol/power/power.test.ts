import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { POWER_DWELL_MS } from "../../../protocol/core/limits.ts";
import { HIGH, LOW } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import {
  nextDeadline,
  type Power,
  type PowerEffect,
  type PowerEvent,
  power,
  step,
} from "../../../protocol/power/power.ts";
import { POWER_RULES, type PowerState } from "../../../protocol/power/rules.ts";

type Untimed = PowerEvent extends infer E ? (E extends PowerEvent ? Omit<E, "at"> : never) : never;

/** A radio in virtual time: ticks come when they are due, entries are written down. */
class Trace {
  readonly power: Power = power(millis(0));
  readonly entered: [at: number, state: PowerState][] = [];

  at(atMs: number, event: Untimed): this {
    this.until(atMs);
    return this.feed(atMs, event);
  }

  until(atMs: number): this {
    while (nextDeadline(this.power) <= atMs) this.feed(nextDeadline(this.power), { type: "tick" });
    return this;
  }

  private feed(atMs: number, event: Untimed): this {
    const effects: PowerEffect[] = [];
    step(this.power, { ...event, at: millis(atMs) } as PowerEvent, effects);
    for (const effect of effects) this.entered.push([atMs, effect.state]);
    return this;
  }
}

describe("power states", () => {
  test("each state has its interval, value size, compression and classes [J01] [J02] [J03] [J04]", () => {
    const table = Object.entries(POWER_RULES).map(([state, row]) => [
      state,
      row.intervalMs,
      row.valueSizeMax,
      row.compressFrom,
      row.lastClass,
    ]);
    expect(table).toEqual([
      ["active", 20, 244, 128, 3],
      ["powerSaver", 50, 200, 64, 3],
      ["lowPower", 100, 150, 32, 2],
      ["sleep", 200, 100, 32, 0],
    ]);
  });

  test("idle for 30 s saves, idle for 300 s sleeps, evaluated every 10 s [J02] [J04] [J05]", () => {
    expect(new Trace().until(1_000_000).entered).toEqual([
      [30_000, "powerSaver"],
      [300_000, "sleep"],
    ]);
  });

  test("an operation ends Sleep at once, a heartbeat does not [J04]", () => {
    const trace = new Trace().until(301_000);
    trace.at(301_500, { type: "operation", class: LOW });
    expect(trace.power.state).toBe("sleep");
    trace.at(301_600, { type: "operation", class: HIGH });
    expect(trace.entered[trace.entered.length - 1]).toEqual([301_600, "active"]);
  });

  test("below 15 % is LowPower, and only from 20 % no longer [J03] [J05]", () => {
    const trace = new Trace();
    const busy = (at: number) => trace.at(at, { type: "operation", class: HIGH });
    for (let at = 1_000; at < 200_000; at += 1_000) {
      busy(at);
      if (at % 5_000 !== 0) continue;
      // Down to 14, then jitters around both thresholds.
      const percent = at < 20_000 ? 15 : at < 100_000 ? [14, 15, 16, 19][(at / 5_000) % 4] : 20;
      trace.at(at, { type: "battery", percent });
    }
    expect(trace.entered).toEqual([
      [20_000, "lowPower"],
      [100_000, "active"],
    ]);
  });

  test("a jittering battery, quality and idleness change the state no oftener than the least stay [J05]", () => {
    const trace = new Trace();
    for (let at = 0; at < 600_000; at += 500) {
      trace.at(at, { type: "battery", percent: (at / 500) % 2 === 0 ? 14 : 21 });
      trace.at(at, { type: "quality", reliability: (at / 500) % 3 === 0 ? 0.89 : 0.96 });
    }
    for (let i = 1; i < trace.entered.length; i++) {
      expect(trace.entered[i][0] - trace.entered[i - 1][0]).toBeGreaterThanOrEqual(POWER_DWELL_MS);
    }
    expect(trace.entered.length).toBeLessThanOrEqual(60);
  });

  test("at a threshold, noise within the hysteresis changes nothing at all [J05]", () => {
    const trace = new Trace();
    for (let at = 0; at < 600_000; at += 1_000) {
      trace.at(at, { type: "operation", class: HIGH });
      trace.at(at, { type: "battery", percent: 15 + ((at / 1_000) % 5) });
      trace.at(at, { type: "quality", reliability: 0.9 + ((at / 1_000) % 5) / 100 });
    }
    expect(trace.entered).toEqual([]);
  });

  test("a poor link holds idleness back, not an empty battery [J05]", () => {
    const trace = new Trace().at(1_000, { type: "quality", reliability: 0.85 }).until(400_000);
    expect(trace.entered).toEqual([]);
    trace.at(400_500, { type: "quality", reliability: 0.93 }).until(410_000);
    expect(trace.entered).toEqual([]);
    trace.at(410_500, { type: "battery", percent: 10 });
    expect(trace.power.state).toBe("lowPower");
    trace.at(421_000, { type: "quality", reliability: 0.95 });
    expect(trace.power.state).toBe("sleep");
  });

  test("the host's word overrides, until it is taken back [J05]", () => {
    const trace = new Trace().at(1_000, { type: "force", state: "sleep" });
    trace.at(1_100, { type: "operation", class: HIGH });
    expect(trace.power.state).toBe("sleep");
    trace.at(1_200, { type: "force", state: "lowPower" });
    trace.at(1_300, { type: "unforce" }).until(20_000);
    expect(trace.entered).toEqual([
      [1_000, "sleep"],
      [1_200, "lowPower"],
      [20_000, "active"],
    ]);
  });

  test("every event in every state lands in a lawful state [J05]", () => {
    const state = fc.constantFrom<PowerState>("active", "powerSaver", "lowPower", "sleep");
    const event: fc.Arbitrary<Untimed> = fc.oneof(
      fc.record({ type: fc.constant("operation" as const), class: fc.constantFrom(0, 1, 2, 3) }),
      fc.record({ type: fc.constant("battery" as const), percent: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ type: fc.constant("quality" as const), reliability: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ type: fc.constant("force" as const), state }),
      fc.record({ type: fc.constant("unforce" as const) }),
      fc.record({ type: fc.constant("tick" as const) }),
    ) as fc.Arbitrary<Untimed>;
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 40_000 })), { maxLength: 60 }), (script) => {
        const trace = new Trace();
        let at = 0;
        for (const [one, afterMs] of script) {
          at += afterMs;
          const before = trace.entered.length;
          trace.at(at, one);
          expect(Object.keys(POWER_RULES)).toContain(trace.power.state);
          expect(nextDeadline(trace.power)).toBeGreaterThan(at);
          if (trace.power.forced !== undefined) expect(trace.power.state).toBe(trace.power.forced);
          for (const [enteredAt, entered] of trace.entered.slice(before)) {
            if (trace.power.forced !== undefined || one.type === "unforce") continue;
            const idleMs = enteredAt - trace.power.lastOperationAt;
            if (entered === "sleep" && one.type !== "operation") expect(idleMs).toBeGreaterThanOrEqual(300_000);
            if (entered === "powerSaver" && one.type !== "operation") expect(idleMs).toBeGreaterThanOrEqual(30_000);
          }
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
