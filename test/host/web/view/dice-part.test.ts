import { expect, it } from "vitest";
import { diceMonitor, rolled } from "../../../../host/engine/judge/dice-monitor.ts";
import type { KioskView } from "../../../../host/web/contract/view.ts";
import { diceCard } from "../../../../host/web/page/operator/dice-card.ts";
import { dicePart } from "../../../../host/web/view/dice-part.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { WatchedKiosks } from "./watched-kiosks.ts";

/** `die`: from 1 to 6. */
function thrown(count: number, die: () => number) {
  const monitor = diceMonitor();
  for (let roll = 0; roll < count; roll++) rolled(monitor, die(), die());
  return dicePart(monitor);
}
const card = (dice: ReturnType<typeof thrown> | null): string =>
  JSON.stringify(diceCard({ operator: { dice } } as unknown as KioskView));

it("an operator reads what fell and that it is fair, or after which roll it was not [P05]", () => {
  const from = chance(9);
  const fair = thrown(2_000, () => 1 + drawBelow(from, 6));
  expect(fair).toMatchObject({ rolls: 2_000, alarmedAt: null });
  expect(fair.faces.reduce((sum, each) => sum + each, 0)).toBe(4_000);
  expect(card(fair)).toMatch(/fair as far as 2,000 rolls show/);
  const loaded = thrown(500, () => (drawBelow(from, 5) === 0 ? 6 : 1 + drawBelow(from, 6)));
  expect(loaded.alarm).toBe(1);
  expect(loaded.alarmedAt).toBeLessThan(500);
  expect(card(loaded)).toMatch(new RegExp(`not fair: the alarm was given after roll ${loaded.alarmedAt}`));
  expect(card(null)).toBe("false");
});

it("a kiosk counts every roll of its table, and no roll that was void", async () => {
  const of = new WatchedKiosks(4);
  await of.seated();
  expect(of.shown(1).operator!.dice).toEqual({ rolls: 0, faces: [0, 0, 0, 0, 0, 0], alarm: 0, alarmedAt: null });
  for (let roll = 1; roll <= 3; roll++) expect(await of.ended(await of.locked())).toBe(true);
  await of.run(200);
  const { fell } = of.shown(1).rolls[0]!;
  const { rolls, faces } = of.shown(1).operator!.dice!;
  expect([rolls, faces.reduce((sum, each) => sum + each, 0)]).toEqual([3, 6]);
  expect(faces[fell!.first - 1]).toBeGreaterThan(0);
});
