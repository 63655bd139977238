import { expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { NODES_MAX } from "../../../hardware/virtual/air/state.ts";
import { meshPlan } from "../../../host/node/mesh-plan.ts";

const { linksAsClient, linksAsServer } = boards.esp32.ble;

test.each([2, 3, 4, 5, 6, 7])(
  "of %i kiosks every pair has one that dials and one radio that waits for it",
  (kiosks) => {
    const plans = meshPlan(kiosks);
    for (let me = 0; me < kiosks; me++) {
      for (let other = 0; other < me; other++) {
        const dials = (from: number, to: number): number =>
          plans[from]!.filter((plan) => plan.role === "client" && plan.dials.includes(to)).length;
        const waits = (from: number, to: number): number =>
          plans[to]!.filter((plan) => plan.role === "server" && plan.awaits === from).length;
        expect(dials(me, other) + dials(other, me)).toBe(1);
        expect([waits(me, other), waits(other, me)]).toEqual([dials(me, other), dials(other, me)]);
      }
    }
  },
);

test("no radio has more links than a stock board, and no air more radios than it holds", () => {
  expect(linksAsServer).toBe(1);
  for (let kiosks = 2; kiosks <= 7; kiosks++) {
    const radios = meshPlan(kiosks).flat();
    for (const plan of radios) {
      if (plan.role === "client") expect(plan.dials.length).toBeLessThanOrEqual(linksAsClient);
    }
    expect(radios.length).toBeLessThanOrEqual(NODES_MAX);
    // A server for each pair, and the fewest clients: but one at most dials an odd number.
    const pairs = (kiosks * (kiosks - 1)) / 2;
    expect(radios.length).toBe(pairs + Math.ceil(pairs / linksAsClient));
  }
});
