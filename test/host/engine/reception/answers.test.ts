import { describe, expect, test } from "vitest";
import {
  ANSWER_EVERY_MS,
  ANSWER_KEPT_MS,
  ANSWERS_MAX,
  ANSWERS_WINDOW_MS,
  APPLICANTS_MAX,
  ORDER_RETRY_MS,
} from "../../../../host/engine/reception/limits.ts";
import { agreed, Desk, key, keys, request, told } from "./rig.ts";

describe("one answer a request", () => {
  test("a request that is looked at is not looked at twice", () => {
    const desk = new Desk();
    desk.ask(9);
    expect(told(desk.ask(9, {}, 3_000))).toEqual(["ignored: asked already"]);
    expect(told(desk.ask(9, { seats: 2 }, 6_000))).toEqual(["ignored: asked already"]);
    expect(told(desk.identified(9))).toEqual(["order 9"]);
    expect(told(desk.ask(9, {}, 9_000))).toEqual(["ignored: asked already"]);
    expect(told(desk.identified(9))).toEqual(["ignored: unknown applicant"]);
  });

  test("what took work is not looked into again, and the same is said, once a second", () => {
    const desk = new Desk();
    desk.ask(9);
    desk.identified(9, "not identified");
    expect(told(desk.ask(9, {}, ANSWER_EVERY_MS - 1))).toEqual(["ignored: answered just now"]);
    expect(told(desk.ask(9, { seats: 3 }, ANSWER_EVERY_MS - 1))).toEqual(["ignored: answered just now"]);
    expect(told(desk.ask(9, {}, ANSWER_EVERY_MS))).toEqual(["reject 9: proofRefused, not identified"]);
    expect(told(desk.ask(9, {}, ANSWER_EVERY_MS + 1))).toEqual(["ignored: answered just now"]);
    // After a while it may show its proof again.
    expect(told(desk.ask(9, {}, ANSWER_KEPT_MS))).toEqual(["identify 9"]);
  });

  test("what was cheap to refuse is looked at anew: a seat may be free now", () => {
    const desk = new Desk(0, agreed({ seatsFree: 0 }));
    expect(told(desk.ask(9))).toEqual(["reject 9: noSeatFree, no seat is free"]);
    desk.tell({ type: "table", agreed: agreed({ seatsFree: 1 }) });
    expect(told(desk.ask(9, {}, 2_000))).toEqual(["identify 9"]);
  });

  test("strangers without number get few answers, take no room from who waits, and nothing grows", () => {
    const desk = new Desk(0, agreed({ seatsFree: 8, members: keys(2) }));
    desk.ask(9);
    desk.identified(9);
    let answers = 0;
    for (let each = 0; each < 1_000; each++) {
      const from = new Uint8Array(32).fill(each & 0xff);
      from[1] = each >> 8;
      const event = { type: "asked", from, request: request({ seats: 8 }) } as const;
      answers += desk.tell(event, each).filter(({ type }) => type === "reject").length;
      expect(desk.state.applicants.length).toBeLessThanOrEqual(APPLICANTS_MAX);
      expect(desk.state.answeredAt.length).toBeLessThanOrEqual(ANSWERS_MAX);
    }
    expect(answers).toBeLessThanOrEqual(ANSWERS_MAX);
    expect(told(desk.tell({ type: "offClock", from: key(99) }))).toEqual(["ignored: too many answers"]);
    const late = desk.tell({ type: "table", agreed: agreed({ epoch: 1, members: [...keys(2), key(9)] }) }, 2_000);
    expect(told(late)).toEqual(["accept 9 in epoch 1 with 3"]);
    expect(told(desk.ask(200, { seats: 8 }, 2_000 + ANSWERS_WINDOW_MS))).toHaveLength(1);
  });

  test("an order that the consensus did not take is given again, and a table that filled up is said to be full", () => {
    const desk = new Desk(0, agreed({ members: keys(9) }));
    desk.ask(9);
    desk.identified(9);
    desk.tell({ type: "ordered", subject: key(9), why: "silent" });
    expect(told(desk.tell({ type: "tick" }, ORDER_RETRY_MS - 1))).toEqual([]);
    expect(told(desk.tell({ type: "tick" }, ORDER_RETRY_MS))).toEqual(["order 9"]);
    desk.tell({
      type: "table",
      agreed: agreed({
        members: keys(10, 20)
          .concat()
          .map((each, at) => (at === 0 ? key(0) : each)),
      }),
    });
    expect(told(desk.tell({ type: "ordered", subject: key(9), why: "full" }))).toEqual([
      "reject 9: tableFull, ten kiosks are at the table",
    ]);
  });
});
