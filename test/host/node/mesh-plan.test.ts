import { expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { meshPlan, rolesAlone } from "../../../host/node/mesh-plan.ts";

const { ble: esp32 } = boards.esp32;
const { ble: nrf52 } = boards.nrf52;

const of = (kiosks: number, own: readonly (typeof esp32)[]) => meshPlan([...Array(kiosks)].map(() => own));

test("two stock boards a kiosk are a ring: one opens a link, one waits for another", () => {
  const { kiosks, linkCount, words } = of(4, [esp32, esp32]);
  expect(linkCount).toBe(4);
  expect(kiosks.map(({ opens }) => opens.length)).toEqual([1, 1, 1, 1]);
  for (const { roles } of kiosks) expect([...roles].sort()).toEqual(["client", "server"]);
  expect(words).toBe("All kiosks are linked, and still hear each other when any one of them falls silent.");
});

test("who is opened to has a place for it, and nobody opens more than its boards allow", () => {
  for (let count = 2; count <= 10; count++) {
    const { kiosks, linkCount } = of(count, [esp32, esp32, nrf52]);
    const own = [esp32, esp32, nrf52];
    expect(kiosks.reduce((sum, { opens }) => sum + opens.length, 0)).toBe(linkCount);
    for (const [me, { roles, opens }] of kiosks.entries()) {
      expect(opens).not.toContain(me);
      expect(new Set(opens).size).toBe(opens.length);
      const places = (role: string, each: (ble: typeof esp32) => number): number =>
        own.reduce((sum, ble, at) => sum + (roles[at] === role ? each(ble) : 0), 0);
      expect(opens.length).toBeLessThanOrEqual(places("client", ({ linksAsClient }) => linksAsClient));
      const accepted = kiosks.filter((each) => each.opens.includes(me)).length;
      expect(accepted).toBeLessThanOrEqual(places("server", ({ linksAsServer }) => linksAsServer));
    }
  }
});

test("a plan that cannot bear the table's faults says so", () => {
  expect(of(7, [esp32, esp32]).words).toBe(
    "All kiosks are linked, and still hear each other when any one of them falls silent; the table should bear 2: more radios are wanted, or boards with more links.",
  );
});

test("who knows no others' boards opens links with every other one, and waits with the rest", () => {
  expect(rolesAlone(3)).toEqual(["client", "server", "client"]);
});
