import { describe, expect, test } from "vitest";
import { runOnNode } from "./engine/node.ts";
import { runOnXs } from "./engine/run.ts";

/** The lines of one emitted program, the same on both engines. */
function onBoth(name: string, ...args: readonly number[]): readonly string[] {
  const entry = `test/xs/program/${name}.ts`;
  const words = args.map(String);
  const xs = runOnXs({ entry, args: words });
  expect(xs).toMatchObject({ exit: "done", stderr: "" });
  const node = runOnNode(entry, words);
  expect(node).toMatchObject({ exit: 0, stderr: "" });
  expect(xs.lines).toEqual(node.lines);
  return xs.lines;
}

const objects = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));

describe("the machines do the same on XS and on Node, to the byte of every effect and the bit of every state:", () => {
  test.each([0, 0.001, 0.005])(
    "the serial link, with %d of its bytes spoilt, passes packets whole and in order",
    (rate) => {
      const ends = objects(onBoth("serial-link", rate, 16));
      const whole = { delivered: 16, wrong: 0, closed: 0 };
      expect(ends).toMatchObject([whole, whole]);
      for (const { faults, counters } of ends) {
        expect(faults > 0).toBe(rate > 0);
        expect(counters.damaged + counters.misframed > 0).toBe(rate > 0);
      }
    },
  );

  test("fragments shuffled, repeated and mixed become the packets that were cut", () => {
    const [result] = objects(onBoth("reassembly", 24));
    expect(result.expected).toBeGreaterThan(40);
    expect(result.repeated).toBeGreaterThan(100);
    expect(result).toMatchObject({ complete: result.expected, wrong: 0, slots: 0, size: 0 });
  });

  test.each([0, 0.1])("two outboxes, with %d of all values lost and as many doubled, pass packets in order", (loss) => {
    const ends = objects(onBoth("outboxes", loss, 40));
    const whole = { delivered: 40, wrong: 0, sent: 40, dropped: 0 };
    expect(ends).toMatchObject([whole, whole]);
    for (const { counters } of ends) {
      expect(counters.repeated > 0).toBe(loss > 0);
      expect(counters.duplicates > 0).toBe(loss > 0);
    }
  });

  test("two outboxes that lose every third value give up the same packets", () => {
    const ends = objects(onBoth("outboxes", 0.35, 40));
    for (const { sent, dropped, counters } of ends) {
      expect(dropped).toBeGreaterThan(0);
      expect(sent + dropped).toBe(40);
      expect(counters.dropped + counters.unknown).toBe(dropped);
    }
  });

  test.each([0, 0.1])(
    "a radio between its host and a neighbour, with %d of all values lost, passes packets both ways",
    (loss) => {
      const [result] = objects(onBoth("modem", loss, 24));
      expect(result).toMatchObject({
        hostGot: 24,
        neighbourGot: 24,
        wrong: 0,
        sent: 24,
        dropped: 0,
        neighbourSent: 24,
      });
    },
  );

  test("a day of a radio goes through the power states", () => {
    expect(onBoth("power").slice(0, 10)).toEqual([
      "40 s powerSaver",
      "60 s active",
      "80 s lowPower",
      "110 s powerSaver",
      "120 s active",
      "260 s powerSaver",
      "420 s sleep",
      "600 s active",
      "605 s sleep",
      "700 s powerSaver",
    ]);
  });
});
