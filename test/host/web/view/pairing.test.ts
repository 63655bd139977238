import { expect, test } from "vitest";
import { PAIRING_TIMEOUT_MS, PAIRINGS_MAX } from "../../../../host/secure/limits.ts";
import { PairingPart } from "../../../../host/web/contract/operator-part.ts";
import { isPlayerOrder } from "../../../../host/web/contract/orders.ts";
import { pair, pairingPart } from "../../../../host/web/view/pairing.ts";
import { PairingAir, SECRET, TABLE } from "../../node/pairing-rig.ts";

const ABOUT = new Uint8Array([1]);

/** A member's operator, and a kiosk without a table. */
function two() {
  const air = new PairingAir();
  const comer = air.ends[air.add({ secret: undefined })]!;
  const member = air.ends[air.add({ secret: SECRET })]!;
  const control = { ...member.desk, begin: () => member.desk.begin({ id: TABLE, secret: SECRET, about: ABOUT }) };
  const shown = () => PairingPart.parse(pairingPart(control, { dateOf: (at) => 1_000_000 + at }));
  const order = (step: Parameters<typeof pair>[1]) => pair(control, step, 7);
  return { air, comer, shown, order };
}

test("an operator begins, sees the digits of the other screen and how long they hold, and says that they are the same [I12]", () => {
  const { air, comer, shown, order } = two();
  expect(shown()).toEqual({ stage: "none", code: null, words: "", peer: null, endsAt: null });
  expect(order("begin")).toMatchObject({ ok: true, revision: 7 });
  expect(shown()).toMatchObject({ stage: "looking", code: null, endsAt: 1_000_000 + PAIRING_TIMEOUT_MS });
  comer.desk.begin();
  air.connect(0, 1);
  air.run(2_000);
  expect(shown()).toMatchObject({ stage: "comparing", code: comer.desk.page().code });
  expect(order("same")).toMatchObject({ ok: true });
  expect(shown().stage).toBe("waiting");
  comer.desk.confirm(true);
  air.run(10_000);
  expect(shown()).toMatchObject({ stage: "paired", peer: Buffer.from(comer.key).toString("hex"), endsAt: null });
  expect(comer.desk.page().given).toEqual({ id: TABLE, secret: SECRET, about: ABOUT });
});

test("who says that they differ, or calls it off, gives nothing [I12]", () => {
  for (const step of ["different", "cancel"] as const) {
    const { air, comer, shown, order } = two();
    order("begin");
    comer.desk.begin();
    air.connect(0, 1);
    air.run(2_000);
    expect(order(step)).toMatchObject({ ok: true });
    comer.desk.confirm(true);
    air.run(10_000);
    expect([shown().stage, comer.desk.page().stage, comer.desk.page().given]).toEqual(["failed", "failed", undefined]);
  }
});

test("what is out of turn is refused with a reason, and so are too many within an hour", () => {
  const { order, shown } = two();
  for (const step of ["same", "different", "cancel"] as const) expect(order(step)).toMatchObject({ why: "not now" });
  expect(pair(undefined, "begin", 1)).toMatchObject({ ok: false, why: "not now" });
  for (let count = 0; count < PAIRINGS_MAX; count++) {
    expect(order("begin")).toMatchObject({ ok: true });
    expect(order("begin")).toMatchObject({ why: "not now", next: expect.stringMatching(/under way/) });
    expect(order("same")).toMatchObject({ why: "not now" });
    order("cancel");
  }
  expect(order("begin")).toMatchObject({ ok: false, why: "too fast" });
  expect(shown().stage).toBe("failed");
});

test("it is an operator's order, which wants a PIN", () => {
  expect(isPlayerOrder({ type: "pair", step: "begin" })).toBe(false);
});
