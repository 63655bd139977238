import { describe, expect, test } from "vitest";
import { faultsMax } from "../../../../host/engine/consensus/quorum.ts";
import { nextDeadline } from "../../../../host/engine/reception/joining.ts";
import type { JoiningEffect } from "../../../../host/engine/reception/joining-events.ts";
import {
  ANSWERS_HELD_MAX,
  ASK_AGAIN_MAX_MS,
  ASKED_MAX,
  JOIN_TIMEOUT_MS,
} from "../../../../host/engine/reception/limits.ts";
import { epoch, millis, sequence } from "../../../../protocol/core/units.ts";
import type { TableAnnouncement } from "../../../../protocol/message/announcement.ts";
import { acceptBy, Comer, House, key, keys, rejectOf, request, TABLE, VERSION, WALL_MS } from "./rig.ts";

const types = (effects: readonly JoiningEffect[]): string[] =>
  effects.map((effect) =>
    effect.type === "ignored"
      ? `ignored: ${effect.why}`
      : effect.type === "refused"
        ? `refused: ${effect.why}`
        : effect.type,
  );
/** Four members and the comer. */
const FIVE = [...keys(4), key(9)];

describe("who asks for a place", () => {
  test("believes f + 1 members of one list, an anchor among them, and gets all that it needs to go on [H12]", () => {
    const comer = new Comer();
    expect(comer.join([key(0)])).toEqual([{ type: "ask", table: TABLE, request: request() }]);
    expect(types(comer.tell({ type: "accept", from: key(2), accept: acceptBy(FIVE) }))).toEqual([]);
    expect(types(comer.tell({ type: "accept", from: key(1), accept: acceptBy(FIVE) }))).toEqual([]);
    const accept = acceptBy(FIVE);
    const [joined] = comer.tell({ type: "accept", from: key(0), accept });
    expect(joined).toEqual({
      type: "joined",
      table: TABLE,
      epoch: 1,
      view: 3,
      version: VERSION,
      participants: accept.participants,
      founders: accept.founders,
      rules: 1,
      sources: [{ checkpoint: accept.checkpoint, state: accept.state, holders: [key(0), key(2), key(1)] }],
    });
    expect(nextDeadline(comer.state)).toBeUndefined();
  });

  test("believes nobody alone of whose table it was first, nor by which rules it plays, and sits at none whose rules it lacks", () => {
    const comer = new Comer();
    comer.join([key(0)]);
    const other = { founders: [key(1), key(2)] };
    expect(comer.tell({ type: "accept", from: key(0), accept: acceptBy(FIVE, { rules: 2 }) })).toEqual([]);
    expect(comer.tell({ type: "accept", from: key(1), accept: acceptBy(FIVE, other) })).toEqual([]);
    expect(comer.tell({ type: "accept", from: key(2), accept: acceptBy(FIVE, { ...other, rules: 2 }) })).toEqual([]);
    const [refused] = comer.tell({ type: "accept", from: key(3), accept: acceptBy(FIVE, { rules: 2 }) });
    expect(refused).toMatchObject({ type: "refused", why: "unknown rules" });
  });

  test("does not believe a table that somebody made up around it, however many sign", () => {
    const comer = new Comer();
    comer.join([key(0)]);
    const made = [...keys(6, 100), key(9)].sort((left, right) => left[0] - right[0]);
    for (const from of keys(6, 100)) {
      expect(types(comer.tell({ type: "accept", from, accept: acceptBy(made) }))).toEqual(["ignored: no anchor in it"]);
    }
    // With the anchor's name in it, and not its signature.
    const borrowed = [key(0), key(9), ...keys(6, 100)];
    for (const from of keys(6, 100))
      expect(types(comer.tell({ type: "accept", from, accept: acceptBy(borrowed) }))).toEqual([]);
    // A list of two needs one signature: the smallest table is the cheapest lie.
    expect(types(comer.tell({ type: "accept", from: key(100), accept: acceptBy([key(9), key(100)]) }))).toEqual([
      "ignored: no anchor in it",
    ]);
    expect(comer.state.asking).toBeDefined();
    expect(types(comer.tell({ type: "accept", from: key(0), accept: acceptBy(FIVE) }))).toEqual([]);
    expect(types(comer.tell({ type: "accept", from: key(3), accept: acceptBy(FIVE) }))).toEqual(["joined"]);
  });

  test.each([2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "of %i that are listed it needs f + 1, and f liars cannot lead it elsewhere",
    (n) => {
      const members = [...keys(n - 1), key(200)];
      const faults = faultsMax(n);
      const comer = new Comer();
      comer.state = { ...comer.state, key: key(200) };
      comer.join([key(0)]);
      const other = acceptBy([...keys(n - 2), key(150), key(200)], { applicant: key(200), epoch: epoch(9) });
      const liars = members.slice(1, 1 + faults);
      for (const from of liars) {
        if (n > 2) expect(types(comer.tell({ type: "accept", from, accept: other }))).not.toContain("joined");
      }
      let told: string[] = [];
      let yes = 0;
      for (const from of [key(0), ...members.slice(1 + faults, -1)]) {
        if (told.length > 0) break;
        told = types(comer.tell({ type: "accept", from, accept: acceptBy(members, { applicant: key(200) }) }));
        yes += 1;
      }
      expect([told, yes]).toEqual([["joined"], faults + 1]);
    },
  );

  test("takes no answer to somebody else, from outside its list, without its own place, or unasked", () => {
    const comer = new Comer();
    const tell = (from: number, change: Parameters<typeof acceptBy>[1] = {}, members = FIVE): string[] =>
      types(comer.tell({ type: "accept", from: key(from), accept: acceptBy(members, change) }));
    expect(tell(0)).toEqual(["ignored: not asking"]);
    expect(types(comer.tell({ type: "reject", from: key(0), reject: rejectOf("closed") }))).toEqual([
      "ignored: not asking",
    ]);
    expect(types(comer.tell({ type: "giveUp" }))).toEqual(["ignored: not asking"]);
    comer.join([key(0)]);
    expect(types(comer.join([key(0)]))).toEqual(["ignored: asking already"]);
    expect(tell(0, { applicant: key(8) })).toEqual(["ignored: for somebody else"]);
    expect(tell(77)).toEqual(["ignored: not of its own list"]);
    expect(tell(0, {}, keys(4))).toEqual(["ignored: not in it"]);
    expect(
      types(comer.tell({ type: "reject", from: key(0), reject: rejectOf("closed", { applicant: key(8) }) })),
    ).toEqual(["ignored: for somebody else"]);
    // One member twice is one member.
    expect([tell(0), tell(0)]).toEqual([[], []]);
  });

  test("as a spectator is in no list, and names of states that differ are each a place to look", () => {
    const comer = new Comer();
    comer.join([key(0)], { role: "spectator", seats: 0 });
    const lie = { checkpoint: { sequence: sequence(2 ** 30), digest: new Uint8Array(32) } };
    comer.tell({ type: "accept", from: key(1), accept: acceptBy(keys(4), lie) });
    const [joined] = comer.tell({ type: "accept", from: key(0), accept: acceptBy(keys(4)) });
    if (joined.type !== "joined") throw new Error("it looks on");
    expect(
      joined.sources.map(({ checkpoint, holders }) => [checkpoint.sequence, holders.map((each) => each[0])]),
    ).toEqual([
      [60, [0]],
      [2 ** 30, [1]],
    ]);
  });

  test("asks again with growing patience, and gives up after three minutes", () => {
    const comer = new Comer();
    const asked: number[] = [];
    let effects = comer.join([key(0)]);
    for (let now = 0; now <= JOIN_TIMEOUT_MS; now = nextDeadline(comer.state) ?? Number.POSITIVE_INFINITY) {
      if (now > 0) effects = comer.tell({ type: "tick" }, now);
      if (types(effects).includes("ask")) asked.push(now);
    }
    expect(asked).toEqual([0, 2_000, 6_000, 14_000, 30_000, 60_000, 90_000, 120_000, 150_000]);
    expect(asked.length).toBeLessThanOrEqual(ASKED_MAX);
    expect(types(effects)).toEqual(["refused: no answer"]);
    expect(ASK_AGAIN_MAX_MS).toBe(30_000);
    expect(comer.state.asking).toBeUndefined();
  });
});

describe("a no", () => {
  test("of the anchor ends it at once, with its reason; of others it does not", () => {
    const comer = new Comer();
    comer.join([key(0)]);
    for (const from of keys(9, 20)) {
      expect(types(comer.tell({ type: "reject", from, reject: rejectOf("excluded") }))).toEqual([]);
    }
    expect(comer.tell({ type: "reject", from: key(0), reject: rejectOf("noSeatFree", { seatsFree: 2 }) })).toEqual([
      { type: "refused", why: "noSeatFree", reason: "because noSeatFree", seatsFree: 2 },
    ]);
  });

  test("that may pass is waited for, and is the reason in the end", () => {
    const comer = new Comer();
    comer.join([key(0)]);
    expect(types(comer.tell({ type: "reject", from: key(0), reject: rejectOf("busy") }))).toEqual([]);
    expect(types(comer.tell({ type: "tick" }, 2_000))).toEqual(["ask"]);
    expect(types(comer.tell({ type: "tick" }, JOIN_TIMEOUT_MS))).toEqual(["refused: busy"]);
  });

  test("of one of four anchors is not enough where one of them may lie", () => {
    const comer = new Comer();
    comer.join(keys(4));
    expect(types(comer.tell({ type: "reject", from: key(1), reject: rejectOf("closed") }))).toEqual([]);
    expect(types(comer.tell({ type: "reject", from: key(2), reject: rejectOf("excluded") }))).toEqual([]);
    expect(types(comer.tell({ type: "reject", from: key(3), reject: rejectOf("closed") }))).toEqual([
      "refused: closed",
    ]);
  });

  test("of the anchor does not end it where another member says yes", () => {
    const comer = new Comer();
    comer.join([key(0)]);
    comer.tell({ type: "accept", from: key(1), accept: acceptBy(FIVE) });
    expect(types(comer.tell({ type: "reject", from: key(0), reject: rejectOf("proofRefused") }))).toEqual([]);
    expect(types(comer.tell({ type: "accept", from: key(0), accept: acceptBy(FIVE) }))).toEqual(["joined"]);
  });

  test("for a clock that is off says by how much", () => {
    const comer = new Comer();
    comer.join([key(0)]);
    const time = millis(WALL_MS + 3_600_000);
    expect(comer.tell({ type: "reject", from: key(5), reject: rejectOf("clockOff", { time }) })).toEqual([]);
    expect(comer.tell({ type: "reject", from: key(0), reject: rejectOf("clockOff", { time }) })[0]).toEqual({
      type: "clockOff",
      byMs: 3_600_000,
    });
  });

  test("is its own where the anchor announces rules that this software has not, and people may change their minds", () => {
    const announcement: TableAnnouncement = {
      ...{ version: VERSION, name: "T", rules: 2, epoch: epoch(0), members: 4, seats: 8, seatsFree: 4, door: "open" },
    };
    const comer = new Comer();
    comer.join([key(0)]);
    expect(types(comer.tell({ type: "announced", from: key(5), announcement }))).toEqual([]);
    expect(types(comer.tell({ type: "announced", from: key(0), announcement: { ...announcement, rules: 1 } }))).toEqual(
      [],
    );
    expect(types(comer.tell({ type: "announced", from: key(0), announcement }))).toEqual(["refused: unknown rules"]);
    expect(types(comer.tell({ type: "announced", from: key(0), announcement }))).toEqual(["ignored: not asking"]);
    comer.join([key(0)]);
    expect(types(comer.tell({ type: "giveUp" }))).toEqual(["refused: given up"]);
  });
});

test("a thousand strangers' answers fill no more than their room, and an anchor's finds room all the same", () => {
  const comer = new Comer();
  comer.join([key(0)]);
  for (let each = 0; each < 1_000; each++) {
    const from = new Uint8Array(32).fill(each & 0xff);
    from[1] = 1 + (each >> 8);
    const members = [key(0), key(9), from].sort((left, right) => left[0] - right[0] || left[1] - right[1]);
    comer.tell({ type: "accept", from, accept: acceptBy(members) });
    comer.tell({ type: "reject", from, reject: rejectOf("closed") });
  }
  expect([comer.state.asking?.accepts.length, comer.state.asking?.rejects.length]).toEqual([
    ANSWERS_HELD_MAX,
    ANSWERS_HELD_MAX,
  ]);
  expect(types(comer.tell({ type: "accept", from: key(0), accept: acceptBy(FIVE) }))).toEqual([]);
  expect(types(comer.tell({ type: "accept", from: key(1), accept: acceptBy(FIVE) }))).toEqual(["joined"]);
});

describe("members and comers together, with the consensus' own membership", () => {
  test("one comes, is checked by each, admitted at a barrier, and told by all [H12]", () => {
    const house = new House(4);
    house.comes(9, [0]);
    house.run(5_000);
    expect(house.joined.map(({ epoch: of, participants }) => [of, participants.map((each) => each.name)])).toEqual([
      [1, ["kiosk 0", "kiosk 1", "kiosk 2", "kiosk 3", "comer 9"]],
    ]);
    expect(house.joined[0].sources[0].holders.length).toBeGreaterThan(faultsMax(5));
    expect([house.table.epoch, house.table.members.length]).toEqual([1, 5]);
  });

  test("from one kiosk to ten, and no eleventh; players until eight, and no ninth [H12]", () => {
    const house = new House(1);
    for (let each = 1; each < 8; each++) {
      house.comes(each, [0]);
      house.run(house.now + 5_000);
      expect(house.joined).toHaveLength(each);
    }
    house.comes(8, [0]);
    house.run(house.now + 5_000);
    expect(house.refused.map(({ why, reason }) => [why, reason])).toEqual([["noSeatFree", "no seat is free"]]);
    for (const each of [9, 10]) {
      house.comes(each, [0], { seats: 0 });
      house.run(house.now + 5_000);
    }
    expect([house.joined.length, house.table.members.length]).toEqual([9, 10]);
    house.comes(11, [0], { seats: 0 });
    house.run(house.now + 5_000);
    expect(house.refused.at(-1)?.reason).toBe("ten kiosks are at the table");
  });

  test("with one member dead it goes on; with two of four nobody is admitted, and everyone is told so in the end", () => {
    const house = new House(4);
    house.dead.push(3);
    house.comes(9, [0]);
    house.run(5_000);
    expect(house.joined).toHaveLength(1);
    const halved = new House(4);
    halved.dead.push(2, 3);
    halved.comes(9, [0]);
    halved.run(JOIN_TIMEOUT_MS + 10_000);
    expect([halved.joined.length, halved.table.members.length]).toEqual([0, 4]);
    expect(halved.refused.map(({ reason }) => reason)).toEqual(["the members did not approve in time"]);
  });

  test("f members that find no proof do not keep it out, and f that find one do not let it in", () => {
    const house = new House(4);
    house.identifies = (_, member) => (member === 3 ? "not identified" : undefined);
    house.comes(9, [0]);
    house.run(5_000);
    expect(house.joined).toHaveLength(1);
    const other = new House(4);
    other.identifies = (_, member) => (member === 3 ? undefined : "not identified");
    other.comes(9, [0]);
    other.run(5_000);
    expect([other.joined.length, other.table.members.length, other.refused[0].reason]).toEqual([
      0,
      4,
      "not identified",
    ]);
  });

  test("two at once for the last seat: one gets it", () => {
    const house = new House(4, 7);
    house.comes(9, [0]);
    house.comes(10, [0]);
    house.run(20_000);
    expect([house.joined.length, house.refused.map(({ why }) => why)]).toEqual([1, ["noSeatFree"]]);
  });
});
