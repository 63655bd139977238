import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { TableOperation } from "../../../../host/engine/consensus/table.ts";
import type { RecoveryEffect, RecoveryEvent } from "../../../../host/engine/recovery/events.ts";
import { CERTIFIED_KEPT_MAX } from "../../../../host/engine/recovery/limits.ts";
import { step } from "../../../../host/engine/recovery/recovery.ts";
import type { Recovery } from "../../../../host/engine/recovery/state.ts";
import { decode } from "../../../../protocol/bytes/codec.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis, view } from "../../../../protocol/core/units.ts";
import { begin, heartbeat, Kiosk, keys, place, standing, tags } from "./rig.ts";

const certified = (sequence: number, history: number) =>
  ({ type: "certified", place: place(sequence, history), proof: new Uint8Array([history]) }) as const;

describe("of two histories", () => {
  test("two certificates for one sequence stop the table: neither height nor heads choose between them [Q07]", () => {
    const kiosk = new Kiosk(4).run(20_000);
    kiosk.tell({ type: "progress", standing: standing(7) });
    expect(kiosk.tell(certified(7, 1))).toEqual([]);
    expect(kiosk.tell(certified(8, 1))).toEqual([]);
    expect(kiosk.tell(certified(7, 1))).toEqual([{ type: "ignored", why: "known" }]);
    const effects = kiosk.tell(certified(7, 2));
    expect(effects[0]).toEqual({
      type: "stop",
      first: { place: place(7, 1), proof: new Uint8Array([1]) },
      second: { place: place(7, 2), proof: new Uint8Array([2]) },
    });
    expect([kiosk.state.step, kiosk.state.mode]).toEqual(["stopped", "stopped"]);
    // For good: with everyone here, with whatever people answer, and after a restart.
    kiosk.run(400_000);
    kiosk.tell({ type: "operator", choice: "tryAgain" });
    expect(kiosk.tell(certified(9, 9))).toEqual([{ type: "ignored", why: "stopped" }]);
    expect(kiosk.tell({ type: "damaged", damage: "state" })).toEqual([{ type: "ignored", why: "stopped" }]);
    expect(kiosk.state.mode).toBe("stopped");
    expect(kiosk.of("stop")).toHaveLength(1);
    const again = new Kiosk(4, 0, true).run(60_000);
    expect([again.state.mode, again.trace()]).toEqual(["stopped", []]);
  });

  test("the certified one stands: who is back is held up by a certificate, and by no number of unsigned claims of a liar [Q07]", () => {
    const kiosk = new Kiosk(4).cut([]).run(20_000);
    kiosk.tell(certified(30, 1));
    const claims = (values: readonly number[]) =>
      values.forEach((executed, at) => {
        kiosk.tell({ type: "heartbeat", from: at + 1, said: heartbeat(kiosk.now, executed, [{ member: 0, age: 0 }]) });
      });
    // One of four says a thousand million.
    claims([2 ** 30, 20, 20]);
    expect(kiosk.state.step).toBe("catchingUp");
    kiosk.tell({ type: "progress", standing: standing(29) });
    expect(kiosk.state.step).toBe("catchingUp");
    kiosk.tell({ type: "progress", standing: standing(30) });
    expect(kiosk.state.step).toBe("whole");
  });

  test("what is remembered of them is the newest, and a flood of sequences grows nothing", () => {
    const kiosk = new Kiosk(4).run(20_000);
    for (let at = 1; at <= 1_000; at++) kiosk.tell(certified(at, 1));
    expect(kiosk.state.certified.map((each) => each.place.sequence)).toEqual(
      new Array(CERTIFIED_KEPT_MAX).fill(0).map((_, at) => 1_001 - CERTIFIED_KEPT_MAX + at),
    );
    expect(kiosk.tell(certified(5, 2))).toEqual([{ type: "ignored", why: "too old" }]);
    // Out of order they stand in order.
    const other = new Kiosk(4).run(20_000);
    for (const at of [5, 2, 9, 7]) other.tell(certified(at, 1));
    expect(other.state.certified.map((each) => each.place.sequence)).toEqual([2, 5, 7, 9]);
    expect(other.tell(certified(2, 2))[0].type).toBe("stop");
  });
});

describe("what is damaged here", () => {
  test.each(["journal", "state", "speculative"] as const)(
    "(%s) falls back to the stable checkpoint, and is whole when all that was committed is executed again [Q08]",
    (damage) => {
      const kiosk = new Kiosk(4).run(20_000);
      kiosk.executed = 77;
      kiosk.tell({ type: "progress", standing: standing(77, 50) });
      const effects = kiosk.tell({ type: "damaged", damage });
      expect(effects[0]).toEqual({ type: "fallBack", to: place(50), owed: 77 });
      expect([kiosk.state.step, kiosk.state.mode]).toEqual(["catchingUp", "holds"]);
      expect(kiosk.tell({ type: "damaged", damage })).toEqual([{ type: "ignored", why: "repaired already" }]);
      kiosk.tell({ type: "progress", standing: standing(50, 50) });
      kiosk.run(30_000);
      // Others that claim less do not shorten it.
      kiosk.executed = 50;
      kiosk.run(40_000);
      kiosk.tell({ type: "progress", standing: standing(76, 50) });
      expect(kiosk.state.step).toBe("catchingUp");
      kiosk.tell({ type: "progress", standing: standing(77, 50) });
      expect([kiosk.state.step, kiosk.state.owed]).toEqual(["whole", undefined]);
    },
  );

  test("without a quorum stays damaged and held, and is repaired when there is one [Q08]", () => {
    const kiosk = new Kiosk(4).run(40_000);
    kiosk.tell({ type: "progress", standing: standing(7, 5) });
    kiosk.cut([1]).run(60_000);
    expect(kiosk.tell({ type: "damaged", damage: "journal" })[0].type).toBe("fallBack");
    expect(kiosk.state.step).toBe("waiting");
    kiosk.tell({ type: "progress", standing: standing(5, 5) });
    kiosk.cut([1, 2, 3]).run(70_000);
    expect(kiosk.state.step).toBe("catchingUp");
    kiosk.tell({ type: "progress", standing: standing(7, 5) });
    expect(kiosk.state.step).toBe("whole");
  });

  test("a committed operation is never rolled back, whoever asks [Q08]", () => {
    const kiosk = new Kiosk(4).run(20_000);
    kiosk.tell({ type: "progress", standing: standing(77, 50) });
    for (const to of [0, 49, 50, 76]) {
      expect(kiosk.tell({ type: "rollBack", to })).toEqual([
        { type: "refused", why: "committed: compensated, never undone" },
      ]);
    }
    expect(kiosk.tell({ type: "rollBack", to: 77 })).toEqual([{ type: "refused", why: "nothing is that far" }]);
    expect(kiosk.of("fallBack")).toEqual([]);
  });
});

describe("a member goes", () => {
  test("by evidence alone, through the consensus; absence is none, however long [Q09]", () => {
    const kiosk = new Kiosk(4).run(40_000).cut([1, 2]).run(4_000_000);
    expect(kiosk.tell({ type: "exclude", member: 3, evidence: undefined })).toEqual([
      { type: "refused", why: "absence is no evidence" },
    ]);
    expect(kiosk.tell({ type: "exclude", member: 7, evidence: new Uint8Array(1) })).toEqual([
      { type: "refused", why: "no such member" },
    ]);
    expect(kiosk.of("order")).toEqual([]);
    expect(kiosk.state.members).toHaveLength(4);
    const [order] = kiosk.tell({ type: "exclude", member: 3, evidence: new Uint8Array([9]) });
    if (order.type !== "order") throw new Error("it is ordered");
    const decoded = decode(TableOperation, order.operation);
    expect(decoded.ok && decoded.value).toEqual({ type: "accuse", evidence: new Uint8Array([9]) });
    // Nothing has changed before the members agree.
    expect(kiosk.state.members).toHaveLength(4);
  });

  test("and the quorum is counted anew: five of eight are none, five of seven are one [Q09]", () => {
    const kiosk = new Kiosk(8).run(40_000).cut([1, 2, 3, 4]).run(60_000);
    expect(kiosk.state.step).toBe("waiting");
    kiosk.tell({ type: "members", keys: keys(7), tags: tags(7) });
    kiosk.run(65_000);
    expect(kiosk.state.mode).toBe("goesOn");
  });

  test("who stays is known as before, wherever its place is now", () => {
    const kiosk = new Kiosk(5, 2).run(40_000).cut([0, 1, 3]).run(72_000);
    expect(kiosk.state.diagnoses).toEqual([{ failure: "crash", members: 0b10000 }]);
    // The first has left.
    kiosk.tell({ type: "members", keys: keys(4, 1), tags: tags(4, 1) });
    expect(kiosk.state.me).toBe(1);
    expect(kiosk.state.diagnoses).toEqual([{ failure: "crash", members: 0b1000 }]);
    expect(kiosk.state.mode).toBe("goesOn");
  });
});

test("every event is legal in every state, and the same event in the same state comes to the same", () => {
  const from = chance(8);
  const events = (): Record<string, unknown>[] => {
    const member = drawBelow(from, 6);
    const said = {
      step: "waiting",
      view: view(1),
      stable: place(1),
      executed: place(drawBelow(from, 9)),
      reachable: drawBelow(from, 32),
    };
    return [
      { type: "heard", from: member },
      { type: "heartbeat", from: member, said: heartbeat(1, drawBelow(from, 9), [{ member: 0, age: 0 }]) },
      { type: "said", from: member, said },
      { type: "progress", standing: standing(drawBelow(from, 9), 0, drawBelow(from, 2) === 0 ? 5 : undefined) },
      { type: "members", keys: keys(1 + drawBelow(from, 6)), tags: tags(6) },
      certified(drawBelow(from, 90), drawBelow(from, 40) === 0 ? 2 : 1),
      { type: "damaged", damage: "state" },
      { type: "rollBack", to: drawBelow(from, 9) },
      { type: "exclude", member, evidence: drawBelow(from, 2) === 0 ? undefined : new Uint8Array(3) },
      { type: "convicted", member },
      { type: "linked", member },
      { type: "operator", choice: drawBelow(from, 2) === 0 ? "wait" : "tryAgain" },
      { type: "tick" },
      { type: "tick" },
    ];
  };
  const steps: string[] = [];
  for (let seed = 0; seed < 60; seed++) {
    const state: Recovery = begin(5, 0);
    let now = 0;
    for (let turn = 0; turn < 150; turn++) {
      now += drawBelow(from, 6_000);
      const all = events();
      // In every third run it is mostly quiet.
      const isQuiet = seed % 3 === 0 && drawBelow(from, 10) > 0;
      const event: Record<string, unknown> = isQuiet ? { type: "tick" } : all[drawBelow(from, all.length)];
      if (event.type === "members") event.tags = tags((event.keys as unknown[]).length);
      const before = structuredClone(state);
      const effects: RecoveryEffect[] = [];
      const again: RecoveryEffect[] = [];
      step(state, { ...event, at: millis(now) } as RecoveryEvent, effects);
      step(before, { ...event, at: millis(now) } as RecoveryEvent, again);
      expect(isDeepStrictEqual([before, again], [state, effects])).toBe(true);
      expect(state.certified.length).toBeLessThanOrEqual(CERTIFIED_KEPT_MAX);
      if (!steps.includes(state.step)) steps.push(state.step);
    }
  }
  expect(steps.sort()).toEqual(["asking", "catchingUp", "readOnly", "reconnecting", "stopped", "waiting", "whole"]);
});
