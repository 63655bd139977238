import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as neighbours from "../../../host/mesh/limits.ts";
import * as limits from "../../../protocol/core/limits.ts";
import * as envelopes from "../../../protocol/envelope/limits.ts";

const { CLASS_COUNT } = limits;

const textOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const paths = ["protocol/core/limits.ts", "protocol/envelope/limits.ts", "host/mesh/limits.ts"];
const lines = paths.flatMap((path) => textOf(path).split("\n"));
const bound = /^export const ([A-Z][A-Z0-9_]*) = /;
const values: { readonly [name: string]: unknown } = { ...limits, ...envelopes, ...neighbours };

/** How many bounds the comment above line `at` has to speak for, that line's included; 0 without a comment. */
function sharers(at: number): number {
  let above = at - 1;
  while (above >= 0 && bound.test(lines[above])) above -= 1;
  return lines[above].endsWith("*/") ? at - above : 0;
}

describe("limits", () => {
  test("nothing but finite numbers is a bound, one or one for each class", () => {
    const names = Object.keys(values);
    expect(names.length).toBeGreaterThan(80);
    for (const name of names) {
      const each = [values[name]].flat();
      expect([name, each.every(Number.isFinite), [1, CLASS_COUNT].includes(each.length)]).toEqual([name, true, true]);
    }
    expect(lines.filter((line) => bound.test(line))).toHaveLength(names.length);
  });

  test("every bound says why, three at most in one sentence", () => {
    const silent = lines.flatMap((line, at) => {
      const name = bound.exec(line)?.[1];
      return name !== undefined && (sharers(at) === 0 || sharers(at) > 3) ? [name] : [];
    });
    expect(silent).toEqual([]);
  });

  test("a name says what its number counts", () => {
    const named =
      /_(MAX|MIN|SIZE|MS|MTU|COUNT|OVERHEAD|SLOTS|INTERVALS|PERCENT|DBM|SECOND|WINDOW|AFTER|ABOVE|SHARE|RESERVED)(_|$)/;
    const qualities = ["RELIABILITY_POOR", "RELIABILITY_FINE"];
    const vague = Object.keys(values).filter((name) => !named.test(`_${name}`) && !qualities.includes(name));
    expect(vague).toEqual([]);
  });

  test("the least is not above the most, nor a base above its largest", () => {
    const pairs = Object.keys(values).flatMap((name) => {
      const most = name.replace(/_MIN(?=_|$)/, "_MAX");
      return most !== name && most in values ? [[name, most] as const] : [];
    });
    expect(pairs.length).toBeGreaterThan(3);
    for (const [least, most] of pairs) expect(values[least]).toBeLessThan(values[most] as number);
  });

  test("what crosses a layer fits the layer below", () => {
    expect(limits.GATT_VALUE_SIZE_MAX).toBe(244);
    expect(limits.CHUNK_SIZE_MAX).toBeGreaterThanOrEqual(limits.GATT_VALUE_SIZE_MAX);
    expect(limits.CHUNK_SIZE_MAX + limits.DATA_FRAME_OVERHEAD + limits.CRC_SIZE).toBe(limits.SERIAL_FRAME_SIZE_MAX);
    expect(limits.WIRE_FRAME_SIZE_MAX).toBe(2 * limits.SERIAL_FRAME_SIZE_MAX + 2);
    expect(limits.ENVELOPE_SIZE_MAX + limits.SESSION_OVERHEAD_MAX).toBeLessThanOrEqual(limits.PACKET_SIZE_MAX);
    expect(limits.BODY_SIZE_MAX + limits.ENVELOPE_OVERHEAD_MAX).toBeLessThanOrEqual(limits.ENVELOPE_SIZE_MAX);
    expect(2 * limits.VOTE_SIZE_MAX).toBeLessThanOrEqual(limits.GATT_VALUE_SIZE_MAX);
  });

  test("a count of k bytes of varint uses them all", () => {
    for (const value of [limits.EPOCH_MAX, limits.VIEW_MAX, limits.SEQUENCE_MAX]) expect(value).toBe(128 ** 5 - 1);
    for (const value of [limits.COUNTER_MAX, limits.TIME_MAX_MS]) expect(value).toBe(128 ** 6 - 1);
  });

  test("relations of bounds are asserted where the bounds stand", () => {
    expect(lines.filter((line) => line.startsWith("assert(")).length).toBeGreaterThan(15);
  });
});
