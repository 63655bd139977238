import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clear, first, peek, push, queue, shift } from "../../../protocol/core/queue.ts";

describe("queue", () => {
  test("what came first leaves first", () => {
    const line = queue<string>(3);
    for (const item of ["a", "b", "c"]) expect(push(line, item)).toBe(true);
    expect([first(line), shift(line), shift(line), shift(line), shift(line)]).toEqual(["a", "a", "b", "c", undefined]);
    expect(first(line)).toBeUndefined();
  });

  test("a full queue refuses and stays as it was", () => {
    const line = queue<number>(2);
    push(line, 1);
    push(line, 2);
    const before = structuredClone(line);
    expect(push(line, 3)).toBe(false);
    expect(line).toEqual(before);
  });

  test("what was taken is not kept alive", () => {
    const line = queue<object>(2);
    push(line, {});
    shift(line);
    expect(line.slots.every((slot) => slot === undefined)).toBe(true);
    push(line, {});
    push(line, {});
    clear(line);
    expect(line.slots.every((slot) => slot === undefined)).toBe(true);
    expect(line.length).toBe(0);
  });

  test("asking for a place that is not taken, or for a queue of nothing, is our mistake", () => {
    const line = queue<number>(2);
    push(line, 1);
    expect(peek(line, 0)).toBe(1);
    expect(() => peek(line, 1)).toThrow("the place is taken");
    expect(() => peek(line, -1)).toThrow("the place is taken");
    expect(() => queue(0)).toThrow("a queue holds something");
  });

  test("any pushes and shifts do what an array does, within the bound, also after a snapshot", () => {
    const actions = fc.array(fc.oneof(fc.nat(), fc.constant("shift"), fc.constant("clear"), fc.constant("snapshot")));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), actions, (lengthMax, steps) => {
        let line = queue<number>(lengthMax);
        const model: number[] = [];
        for (const step of steps) {
          if (typeof step === "number") {
            expect(push(line, step)).toBe(model.length < lengthMax);
            if (model.length < lengthMax) model.push(step);
          } else if (step === "shift") expect(shift(line)).toBe(model.shift());
          else if (step === "snapshot") line = structuredClone(line);
          else {
            clear(line);
            model.length = 0;
          }
          expect(first(line)).toBe(model[0]);
          expect(Array.from({ length: line.length }, (_, index) => peek(line, index))).toEqual(model);
          expect(line.slots.length).toBeLessThanOrEqual(lengthMax);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
