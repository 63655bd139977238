import { describe, expect, test } from "vitest";
import { drawTwoDice } from "../../../../host/engine/dice/draw.ts";
import { outputSeed } from "../../../../host/engine/dice/output.ts";
import { rollPoint } from "../../../../host/engine/dice/partial.ts";
import { evaluate, pointOf, weightsAtZero } from "../../../../host/engine/dice/polynomial.ts";
import { modulo } from "../../../../host/engine/dice/scalar.ts";
import { diceTable, lock, settleDown, silence } from "./kiosks.ts";
import { openInput, portsIn, shareOf, subsets } from "./parts.ts";

describe("one share less than the threshold", () => {
  test.each([2, 3, 4])("of %i leaves every secret exactly as likely as every other", (threshold) => {
    // A field so small that all polynomials can be counted.
    const order = 11n;
    const holders = [...new Array(threshold - 1).keys()].map((each) => each + 2);
    const counts = new Map<string, number[]>();
    for (let code = 0n; code < order ** BigInt(threshold); code++) {
      const coefficients = [...new Array(threshold).keys()].map((at) => (code / order ** BigInt(at)) % order);
      const shares = holders.map((holder) => evaluate(coefficients, pointOf(holder), order));
      const secrets = counts.get(`${shares}`) ?? new Array<number>(11).fill(0);
      secrets[Number(coefficients[0])]! += 1;
      counts.set(`${shares}`, secrets);
    }
    expect(counts.size).toBe(11 ** (threshold - 1));
    for (const secrets of counts.values()) expect(secrets).toEqual(new Array(11).fill(1));
  });

  test("and one more gives it, whichever they are", () => {
    const order = 101n;
    const coefficients = [42n, 7n, 99n];
    for (const holders of subsets(6, 3)) {
      const weights = weightsAtZero(holders, order);
      const secret = holders.reduce(
        (sum, holder, at) => sum + weights[at]! * evaluate(coefficients, pointOf(holder), order),
        0n,
      );
      expect(modulo(secret, order)).toBe(42n);
    }
  });
});

test("t − 1 colluders guess the dice no better than chance, by the best that their partials give", () => {
  const of = diceTable(4);
  settleDown(of);
  silence(of, 0, 1, 2, 3);
  const ports = portsIn(of);
  const shares = [0, 1, 2].map((holder) => shareOf(of, holder));
  lock(of);
  const rolls = 3600;
  let hits = 0;
  for (let roll = 1; roll <= rolls; roll++) {
    const input = { ...openInput(of), roll };
    const point = rollPoint(ports.group, input);
    const thrownBy = (holders: readonly number[]): string => {
      const weights = weightsAtZero(holders, ports.group.order);
      const secret = holders.reduce((sum, holder, at) => sum + weights[at]! * shares[holder]!, 0n);
      const output = ports.group.multiply(point.element, modulo(secret, ports.group.order));
      return `${drawTwoDice(ports, outputSeed(ports, input, ports.group.encode(output)))}`;
    };
    // What two would get if the polynomial were one degree lower: all that can be computed from two.
    if (thrownBy([0, 1, 2]) === thrownBy([0, 1])) hits += 1;
  }
  // 100 are chance, and four standard deviations are 40.
  expect(Math.abs(hits - rolls / 36)).toBeLessThan(40);
});
