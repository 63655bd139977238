import { describe, expect, it } from "vitest";
import { ECHO_WITHIN_MS, ECHOES_MISSING_MAX } from "../../../host/radio/limits.ts";
import { isSmall, patterns } from "../../../host/radio/wire-patterns.ts";
import { isGood, step, type WireMeasure, type WireTestEffect, wireTest } from "../../../host/radio/wire-test.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { ECHO_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { link } from "../../../protocol/link/state.ts";
import { SERIAL_COUNTERS } from "../../../protocol/radio/counter-names.ts";
import { config } from "../../protocol/link/pair.ts";

interface Wire {
  /** What the radio echoes; undefined: nothing. */
  readonly echo?: (bytes: Uint8Array) => Uint8Array | undefined;
  /** Frames damaged on the way to the radio and to the host, by each echo. */
  readonly damage?: (bytes: Uint8Array) => readonly [number, number];
  /** Whether the radio tells its counters. */
  readonly counts?: boolean;
}

/** Runs a whole test against a radio that is made of a few words. */
function measure({ echo = (bytes) => bytes, damage = () => [0, 0], counts = true }: Wire, brief = false) {
  const host = link(config({ space: 4096 })).counters;
  const radio = link(config({ space: 256 })).counters;
  const test = wireTest(230_400, brief, millis(0), chance(1));
  const said: number[] = [];
  let now = millis(0);
  let todo: WireTestEffect[] = [];
  step(test, { type: "begin", at: now }, host, todo);
  for (;;) {
    const next: WireTestEffect[] = [];
    for (const effect of todo) {
      if (effect.type === "measured") return { measure: effect.measure, said };
      const { order } = effect;
      now = millis(now + 1);
      if (order.type === "counters" && counts) {
        const values = SERIAL_COUNTERS.map((name) => radio[name]);
        step(test, { type: "counted", at: now, values }, host, next);
      } else if (order.type === "echo") {
        said.push(order.bytes.length);
        const [down, up] = damage(order.bytes);
        radio.framesIn += 2;
        radio.damaged += down;
        host.framesIn += 2;
        host.damaged += up;
        const bytes = echo(order.bytes);
        if (bytes !== undefined) step(test, { type: "echoed", at: now, bytes }, host, next);
      }
    }
    if (next.length === 0) {
      expect(test.by).toBeDefined();
      now = millis(test.by ?? 0);
      step(test, { type: "tick", at: now }, host, next);
    }
    todo = next;
  }
}

const large = (bytes: Uint8Array): boolean => !isSmall(bytes);

describe("the patterns", () => {
  it("are short first and long then, hold zeros, ones, edges, the framing's own bytes, each value, and chance", () => {
    const all = patterns(false, chance(1));
    expect(all.map(isSmall)).toEqual(all.map((_, at) => at < 6));
    expect(Math.max(...all.map(({ length }) => length))).toBe(ECHO_SIZE_MAX);
    const tails = all.filter(({ length }) => length === ECHO_SIZE_MAX).map((bytes) => new Set(bytes.subarray(1)));
    expect(tails.slice(0, 4)).toEqual([new Set([0]), new Set([255]), new Set([0x55]), new Set([0xc0, 0xdb])]);
    expect(tails[4].size).toBe(256);
    expect(all.map(([first]) => first)).toEqual(all.map((_, at) => at));
  });
});

describe("the test of a wire", () => {
  it("finds a clean wire good", () => {
    const { measure: found } = measure({});
    expect(found).toMatchObject({ baud: 230_400, echoes: 18, wrong: 0, missing: 0, damagedPercent: 0, frames: 72 });
    expect(isGood(found)).toBe(true);
    expect(measure({}, true).measure.echoes).toBe(6);
  });

  it("counts what the link had to repair, each way, and calls a wire bad that needs much of it", () => {
    const few = measure({ damage: (bytes) => (bytes[0] === 3 ? [1, 0] : bytes[0] === 9 ? [0, 1] : [0, 0]) }).measure;
    expect(few).toMatchObject({ damagedToRadio: 1, damagedToHost: 1, cutsLong: false });
    expect(isGood(few)).toBe(true);
    const much = measure({ damage: () => [1, 0] }).measure;
    expect(much.damagedPercent).toBeCloseTo(20);
    expect(isGood(much)).toBe(false);
  });

  it("knows a bridge that spoils only what is long, and takes no even noise for one", () => {
    const cut = (found: WireMeasure): boolean => found.cutsLong;
    expect(cut(measure({ damage: (bytes) => (large(bytes) ? [1, 0] : [0, 0]) }).measure)).toBe(true);
    expect(cut(measure({ damage: (bytes) => (large(bytes) ? [0, 1] : [0, 0]) }).measure)).toBe(true);
    expect(cut(measure({ echo: (bytes) => (large(bytes) ? undefined : bytes) }).measure)).toBe(true);
    expect(cut(measure({ damage: () => [1, 1] }).measure)).toBe(false);
    expect(cut(measure({ echo: () => undefined }).measure)).toBe(false);
  });

  it("tells wrong echoes from missing ones, and gives up after a few of these", () => {
    const wrong = measure({ echo: (bytes) => bytes.map((byte) => byte ^ 1) }).measure;
    expect(wrong).toMatchObject({ wrong: 18, missing: 0 });
    const { measure: missing, said } = measure({ echo: () => undefined });
    expect(missing).toMatchObject({ wrong: 0, missing: ECHOES_MISSING_MAX });
    expect(said).toHaveLength(ECHOES_MISSING_MAX);
    expect(missing.tookMs).toBeGreaterThanOrEqual(ECHOES_MISSING_MAX * ECHO_WITHIN_MS);
    expect(isGood(wrong) || isGood(missing)).toBe(false);
  });

  it("an echo that comes after it was given up is late, not wrong", () => {
    const host = link(config({ space: 4096 })).counters;
    const test = wireTest(undefined, true, millis(0), chance(1));
    const effects: WireTestEffect[] = [];
    const say = (): Uint8Array => {
      const last = effects.at(-1);
      return last?.type === "tell" && last.order.type === "echo" ? last.order.bytes : new Uint8Array(0);
    };
    step(test, { type: "begin", at: millis(0) }, host, effects);
    step(test, { type: "tick", at: millis(1000) }, host, effects);
    const late = say();
    step(test, { type: "tick", at: millis(1000 + ECHO_WITHIN_MS) }, host, effects);
    step(test, { type: "echoed", at: millis(3500), bytes: late }, host, effects);
    expect(test).toMatchObject({ missing: 1, wrong: 0, right: 0 });
    step(test, { type: "echoed", at: millis(3501), bytes: say() }, host, effects);
    expect(test).toMatchObject({ missing: 1, wrong: 0, right: 1 });
  });

  it("works with a radio that does not tell its counters", () => {
    const found = measure({ counts: false, damage: () => [5, 0] }).measure;
    expect(found).toMatchObject({ damagedToRadio: 0, frames: 36, echoes: 18 });
  });
});
