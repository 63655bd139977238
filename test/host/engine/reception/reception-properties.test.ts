import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { nextDeadline, step } from "../../../../host/engine/reception/reception.ts";
import type { ReceptionEffect } from "../../../../host/engine/reception/reception-events.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { JoinAccept, JoinReject } from "../../../../protocol/message/join.ts";
import { agreed, at, Desk, key, keys, request } from "./rig.ts";

test("whatever it is told in whatever order, a reception keeps its bounds, its clock and its word", () => {
  const chances = chance(11);
  for (let seed = 0; seed < 30; seed++) {
    const desk = new Desk(0, agreed({ members: keys(1) }));
    let accepted = 0;
    for (let turn = 0; turn < 120; turn++) {
      const from = key(drawBelow(chances, 30));
      const epoch = Math.floor(turn / 20);
      const members = [key(0), ...keys((epoch * 5) % 9, 1 + epoch * 3)];
      const events = [
        { type: "asked", from, request: request({ seats: drawBelow(chances, 9) }) },
        { type: "asked", from, request: request({ seats: 0, role: "spectator" }) },
        { type: "identified", applicant: from, why: drawBelow(chances, 2) === 0 ? undefined : "no stake" },
        { type: "ordered", subject: from, why: drawBelow(chances, 2) === 0 ? "full" : undefined },
        { type: "ordered", subject: "leave", why: undefined },
        { type: "offClock", from },
        { type: "door", isOpen: drawBelow(chances, 4) > 0 },
        { type: "table", agreed: agreed({ epoch, members, seatsFree: drawBelow(chances, 9) }) },
        { type: "tick" },
      ] as const;
      const before = structuredClone(desk.state);
      const event = events[drawBelow(chances, events.length)];
      const when = desk.state.now + drawBelow(chances, 4_000);
      const effects = desk.tell(event, when);
      // The same again comes to the same.
      const again: ReceptionEffect[] = [];
      step(before, { ...event, at: at(when) } as never, again);
      expect(
        isDeepStrictEqual(
          again.filter(({ type }) => type !== "announce"),
          effects,
        ),
      ).toBe(true);
      expect(isDeepStrictEqual(before, desk.state)).toBe(true);
      for (const effect of effects) {
        if (effect.type !== "accept") continue;
        accepted += 1;
        const applicant = desk.state.applicants.find((each) => each.key === effect.to)!;
        const lists = desk.state.agreed.members.some((each) => each[0] === effect.to[0]);
        expect(lists || applicant.request.role === "spectator").toBe(true);
        encode(JoinAccept, effect.accept);
      }
      for (const effect of effects) if (effect.type === "reject") encode(JoinReject, effect.reject);
      const next = nextDeadline(desk.state);
      if (next !== undefined) expect(next).toBeGreaterThan(desk.state.now);
    }
    expect(accepted).toBeLessThan(120);
  }
});
