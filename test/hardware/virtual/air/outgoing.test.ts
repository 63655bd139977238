import { expect, test } from "vitest";
import { enqueue, isEmpty, nextPayload, onDelivered, outgoing } from "../../../../hardware/virtual/air/outgoing.ts";

test("what arrives once is new, and what arrives after its end has closed is nothing", () => {
  const box = outgoing(1);
  expect(enqueue(box, { kind: "value", bytes: new Uint8Array(4) })).toBe(true);
  expect(nextPayload(box)).toBeGreaterThan(4);
  expect(onDelivered(box)).toMatchObject({ kind: "value" });
  expect(onDelivered(box)).toBeUndefined();
  // A host has closed the connection while a packet was in the air.
  box.current = undefined;
  expect([onDelivered(box), isEmpty(box)]).toEqual([undefined, true]);
});
