import { describe, expect, test } from "vitest";
import { TableOperation } from "../../../../host/engine/consensus/table.ts";
import { LEAVE_ATTEMPTS_MAX, ORDER_RETRY_MS } from "../../../../host/engine/reception/limits.ts";
import { nextDeadline } from "../../../../host/engine/reception/reception.ts";
import type { ReceptionEffect } from "../../../../host/engine/reception/reception-events.ts";
import { decode } from "../../../../protocol/bytes/codec.ts";
import { agreed, Desk, key, keys, told } from "./rig.ts";

describe("who leaves", () => {
  test("orders it until it is agreed, and is told when it is", () => {
    const desk = new Desk();
    const [order] = desk.tell({ type: "leave" }, 1_000) as [ReceptionEffect & { type: "order" }];
    expect(decode(TableOperation, order.operation)).toEqual({ ok: true, value: { type: "leave" } });
    expect(told(desk.tell({ type: "leave" }))).toEqual(["ignored: asked already"]);
    expect(told(desk.tell({ type: "tick" }, 1_000 + ORDER_RETRY_MS))).toEqual(["order leave"]);
    expect(told(desk.tell({ type: "table", agreed: agreed({ epoch: 1, members: keys(3, 1) }) }))).toEqual([
      "left true",
    ]);
    expect(nextDeadline(desk.state)).toBeUndefined();
    expect(told(desk.ask(9))).toEqual(["ignored: no member"]);
    expect(told(desk.tell({ type: "offClock", from: key(9) }))).toEqual(["ignored: no member"]);
    expect(told(desk.tell({ type: "leave" }))).toEqual(["ignored: no member"]);
  });

  test("of two cannot, and without a quorum gives up after a while and says so", () => {
    const two = new Desk(0, agreed({ members: keys(2) }));
    two.tell({ type: "leave" });
    expect(told(two.tell({ type: "ordered", subject: "leave", why: "few" }))).toEqual(["cannot leave: few"]);
    const cut = new Desk();
    let last: string[] = told(cut.tell({ type: "leave" }));
    for (let turn = 1; turn <= LEAVE_ATTEMPTS_MAX; turn++) {
      expect(last).toEqual(["order leave"]);
      last = told(cut.tell({ type: "tick" }, turn * ORDER_RETRY_MS));
    }
    expect(last).toEqual(["cannot leave: no quorum"]);
  });

  test("by what was proved of it did not wish to; and an older table moves nothing", () => {
    const desk = new Desk();
    expect(told(desk.tell({ type: "table", agreed: agreed({ epoch: 2, members: keys(3, 1) }) }))).toEqual([
      "left false",
    ]);
    const other = new Desk(0, agreed({ epoch: 3 }));
    expect(told(other.tell({ type: "table", agreed: agreed({ epoch: 2, members: keys(3, 1) }) }))).toEqual([
      "ignored: older table",
    ]);
    expect(other.state.isMember).toBe(true);
  });
});
