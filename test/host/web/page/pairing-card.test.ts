import { expect, test } from "vitest";
import type { PairingPart } from "../../../../host/web/contract/operator-part.ts";
import type { KioskView } from "../../../../host/web/contract/view.ts";
import { findAll, h, textOf } from "../../../../host/web/page/dom/element.ts";
import { pairingCard } from "../../../../host/web/page/operator/pairing-card.ts";
import { fakeView } from "../server/fake-kiosk.ts";

function card(pairing: Partial<PairingPart> | undefined) {
  const plain = fakeView();
  const whole = { stage: "none", code: null, words: "", peer: null, endsAt: null, ...pairing } as PairingPart;
  const operator = pairing === undefined ? null : { ...plain.operator!, pairing: whole };
  const view = { ...plain, alerts: [], operator } as KioskView;
  const drawn = h("div", {}, pairingCard({ kiosk: 2, name: "", isLost: false, clockAheadMs: 500, view }, 10_000));
  const presses = findAll(drawn, ({ attributes }) => attributes["data-press"] !== undefined);
  return {
    text: textOf(drawn),
    orders: presses
      .map(({ attributes }) => JSON.parse(attributes["data-press"]!))
      .map(({ kiosk, order }) => [kiosk, order]),
    look: findAll(drawn, ({ tag }) => tag === "section")[0]?.attributes["class"],
  };
}

const orders = (...steps: string[]) => steps.map((step) => [2, { type: "pair", step }]);

test("the card begins a pairing, shows the digits with the seconds that are left, and asks whether they are the same [I12]", () => {
  expect(card({}).orders).toEqual(orders("begin"));
  const looking = card({ stage: "looking", words: "Begin on the other as well.", endsAt: 70_500 });
  expect(looking.orders).toEqual(orders("cancel"));
  expect(looking.text).toContain("looking for the other kiosk, 60 s left");
  const comparing = card({ stage: "comparing", code: "048159", words: "Look.", endsAt: 40_499 });
  expect(comparing.orders).toEqual(orders("same", "different"));
  expect(comparing.text).toContain("048 159");
  expect(comparing.text).toContain("compare the digits, 30 s left");
});

test("when it is over it says what it came to, and no digits any more", () => {
  const paired = card({ stage: "paired", code: "048159", words: "They know each other.", peer: "ab".repeat(32) });
  expect(paired.look).toContain(" well");
  expect(paired.text).toContain("They know each other.");
  expect(paired.text).toContain("abababababababab");
  const failed = card({ stage: "failed", code: "048159", words: "Nobody compared the digits in time." });
  expect(failed.look).toContain(" ill");
  expect(failed.text).toContain("Nobody compared");
  for (const { text, orders: offered } of [paired, failed]) {
    expect(text).not.toContain("048 159");
    expect(offered).toEqual(orders("begin"));
  }
});

test("whoever is no operator sees no card", () => {
  expect(card(undefined).orders).toEqual([]);
});
