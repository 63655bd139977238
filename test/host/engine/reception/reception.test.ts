import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { TableOperation } from "../../../../host/engine/consensus/table.ts";
import { TableAnnouncement } from "../../../../host/engine/reception/announcement.ts";
import {
  ANNOUNCE_EVERY_MS,
  ANSWER_EVERY_MS,
  ANSWER_KEPT_MS,
  ANSWERS_MAX,
  ANSWERS_WINDOW_MS,
  APPLICANTS_MAX,
  IDENTIFY_TIMEOUT_MS,
  IDENTIFYING_MAX,
  LEAVE_ATTEMPTS_MAX,
  ORDER_RETRY_MS,
  ORDER_TIMEOUT_MS,
  SPECTATOR_KEPT_MS,
  SPECTATORS_MAX,
} from "../../../../host/engine/reception/limits.ts";
import { nextDeadline, step } from "../../../../host/engine/reception/reception.ts";
import type { ReceptionEffect } from "../../../../host/engine/reception/reception-events.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { sequence } from "../../../../protocol/core/units.ts";
import { FEATURES } from "../../../../protocol/core/version.ts";
import { JoinAccept, JoinReject } from "../../../../protocol/message/join.ts";
import { Message } from "../../../../protocol/message/kinds.ts";
import { agreed, at, Desk, key, keys, receptionOf, request, told, VERSION, WALL_MS } from "./rig.ts";

describe("who asks a member for a place", () => {
  test("is identified, approved of by an order, and told yes when the members have agreed and no sooner [H12]", () => {
    const desk = new Desk();
    const [identify] = desk.ask(9);
    expect(identify).toEqual({ type: "identify", applicant: key(9), proof: request().proof });
    const [order] = desk.identified(9) as [ReceptionEffect & { type: "order" }];
    expect(decode(TableOperation, order.operation)).toEqual({
      ok: true,
      value: { type: "approve", change: { type: "admit", key: key(9) } },
    });
    expect(desk.tell({ type: "ordered", subject: key(9), why: undefined })).toEqual([]);
    expect(told(desk.tell({ type: "table", agreed: agreed() }))).toEqual([]);
    const members = [...keys(4), key(9)];
    const [accept] = desk.tell({ type: "table", agreed: agreed({ epoch: 1, view: 5, members }) });
    if (accept.type !== "accept") throw new Error("it is accepted");
    const { participants, checkpoint, state, version, epoch, view } = accept.accept;
    expect([epoch, view, checkpoint, state]).toEqual([1, 5, agreed().checkpoint, agreed().state]);
    expect(version).toEqual(VERSION);
    expect(participants.map((each) => [each.key[0], each.name, each.seats])).toEqual([
      ...[0, 1, 2, 3].map((each) => [each, `kiosk ${each}`, 1]),
      [9, "Bar", 1],
    ]);
    const message: Message = { type: "joinAccept", ...accept.accept };
    expect(decode(Message, encode(Message, message))).toEqual({ ok: true, value: message });
    expect(encode(JoinAccept, accept.accept).length).toBeLessThan(500);
  });

  test("is not admitted by one member's word: without the epoch that lists it nobody is accepted", () => {
    const desk = new Desk();
    desk.ask(9);
    desk.identified(9);
    const effects = [1_000, 20_000, ORDER_TIMEOUT_MS - 1].flatMap((when) => desk.tell({ type: "tick" }, when));
    expect(told(effects)).toEqual([]);
    expect(told(desk.tell({ type: "tick" }, ORDER_TIMEOUT_MS))).toEqual([
      "reject 9: busy, the members did not approve in time",
    ]);
    // The others approved all the same, only later.
    const late = desk.tell({ type: "table", agreed: agreed({ epoch: 1, members: [...keys(4), key(9)] }) });
    expect(told(late)).toEqual(["accept 9 in epoch 1 with 5"]);
  });

  test("is let in also where it was not identified here, when a quorum did so", () => {
    const desk = new Desk();
    desk.ask(9);
    expect(told(desk.identified(9, "not identified"))).toEqual(["reject 9: proofRefused, not identified"]);
    const late = desk.tell({ type: "table", agreed: agreed({ epoch: 1, members: [...keys(4), key(9)] }) }, 5_000);
    expect(told(late)).toEqual(["accept 9 in epoch 1 with 5"]);
  });

  test("and is a member already is told where the table is", () => {
    expect(told(new Desk().ask(2))).toEqual(["accept 2 in epoch 0 with 4"]);
    const old = { ...VERSION, major: 2 };
    expect(told(new Desk().ask(2, { version: old }))).toEqual(["reject 2: otherMajorVersion, other version"]);
  });
});

describe("every refusal has its reason", () => {
  const rejected = (desk: Desk, from = 9, change = {}): string[] => told(desk.ask(from, change));

  test("the ninth player is refused, and told that no seat is free [H12]", () => {
    const desk = new Desk(0, agreed({ members: keys(8), seatsFree: 0 }));
    const [effect] = desk.ask(9);
    if (effect.type !== "reject") throw new Error("it is refused");
    expect(effect.reject).toEqual({
      version: VERSION,
      applicant: key(9),
      refusal: "noSeatFree",
      seatsFree: 0,
      time: WALL_MS,
      reason: "no seat is free",
    });
    const message: Message = { type: "joinReject", ...effect.reject };
    expect(decode(Message, encode(Message, message))).toEqual({ ok: true, value: message });
    expect(encode(JoinReject, effect.reject).length).toBeLessThan(100);
    // A kiosk that only votes needs no seat: up to ten replicas.
    expect(told(desk.ask(10, { seats: 0 }))).toEqual(["identify 10"]);
  });

  test("who wants more seats than are free, also those that others are being given [H12]", () => {
    const desk = new Desk(0, agreed({ seatsFree: 3 }));
    expect(rejected(desk, 9, { seats: 4 })).toEqual(["reject 9: noSeatFree, no seat is free"]);
    expect(rejected(desk, 10, { seats: 2 })).toEqual(["identify 10"]);
    expect(rejected(desk, 11, { seats: 2 })).toEqual(["reject 11: noSeatFree, no seat is free"]);
    expect(rejected(desk, 12, { seats: 1 })).toEqual(["identify 12"]);
  });

  test("the eleventh kiosk, also where the tenth is only being let in [H12]", () => {
    const full = new Desk(0, agreed({ members: keys(10) }));
    expect(rejected(full, 11, { seats: 0 })).toEqual(["reject 11: tableFull, ten kiosks are at the table"]);
    const desk = new Desk(0, agreed({ members: keys(9) }));
    expect(rejected(desk, 10)).toEqual(["identify 10"]);
    expect(rejected(desk, 11)).toEqual(["reject 11: tableFull, ten kiosks are at the table"]);
  });

  test("other software: another major, or a feature that the table uses and it has not [H12]", () => {
    expect(rejected(new Desk(), 9, { version: { ...VERSION, major: 2 } })).toEqual([
      "reject 9: otherMajorVersion, other version",
    ]);
    expect(rejected(new Desk(), 9, { version: { ...VERSION, features: FEATURES.spectators } })).toEqual([
      "reject 9: missingFeature, unknown features",
    ]);
    expect(rejected(new Desk(), 9, { version: { ...VERSION, minor: 9, features: 0xffffffff } })).toEqual([
      "identify 9",
    ]);
  });

  test("who is not identified, has no stake, or was excluded [H12]", () => {
    for (const [why, wire] of [
      ["not identified", "proofRefused"],
      ["no stake", "proofRefused"],
      ["excluded for what is proved", "excluded"],
    ] as const) {
      const desk = new Desk();
      desk.ask(9);
      expect(told(desk.identified(9, why))).toEqual([`reject 9: ${wire}, ${why}`]);
    }
    expect(rejected(new Desk(0, agreed({ excluded: [key(9)] })))).toEqual([
      "reject 9: excluded, excluded for what is proved",
    ]);
    // Proved while it waits for the others.
    const desk = new Desk();
    desk.ask(9);
    desk.identified(9);
    expect(told(desk.tell({ type: "table", agreed: agreed({ excluded: [key(9)] }) }))).toEqual([
      "reject 9: excluded, excluded for what is proved",
    ]);
  });

  test("who comes when the table is closing, and who was waiting [H12]", () => {
    const desk = new Desk();
    desk.ask(9);
    expect(told(desk.tell({ type: "door", isOpen: false }))).toEqual(["reject 9: closed, the table is closing"]);
    expect(rejected(desk, 10)).toEqual(["reject 10: closed, the table is closing"]);
    desk.tell({ type: "door", isOpen: true });
    expect(rejected(desk, 11)).toEqual(["identify 11"]);
  });

  test("whose clock is off learns what time it is here [H12]", () => {
    const [effect] = new Desk().tell({ type: "offClock", from: key(9) }, 5_000);
    if (effect.type !== "reject") throw new Error("it is refused");
    expect([effect.reject.refusal, effect.reject.time, effect.why]).toEqual([
      "clockOff",
      WALL_MS + 5_000,
      "the clock is off",
    ]);
  });

  test("who comes while too many are checked, or whose proof nobody could check in time", () => {
    const desk = new Desk(0, agreed({ members: keys(2), seatsFree: 8 }));
    for (let each = 0; each < IDENTIFYING_MAX; each++)
      expect(rejected(desk, 10 + each)).toEqual([`identify ${10 + each}`]);
    expect(rejected(desk, 20)).toEqual(["reject 20: busy, too many ask"]);
    expect(told(desk.tell({ type: "tick" }, IDENTIFY_TIMEOUT_MS)).sort()).toEqual(
      [10, 11, 12, 13].map((each) => `reject ${each}: busy, too many ask`),
    );
    expect(told(desk.identified(10))).toEqual(["ignored: unknown applicant"]);
  });

  test("a spectator with seats, without the feature, or one too many; a spectator needs nobody's approval", () => {
    const look = { role: "spectator", seats: 0 } as const;
    expect(rejected(new Desk(), 9, { ...look, seats: 1 })).toEqual(["reject 9: noSeatFree, a spectator has no seat"]);
    expect(rejected(new Desk(), 9, { ...look, version: VERSION })).toEqual([
      "reject 9: missingFeature, unknown features",
    ]);
    const desk = new Desk(0, agreed({ members: keys(10), seatsFree: 0 }));
    for (let each = 0; each < SPECTATORS_MAX; each++) {
      expect(rejected(desk, 20 + each, look)).toEqual([`accept ${20 + each} in epoch 0 with 10`]);
    }
    expect(rejected(desk, 40, look)).toEqual(["reject 40: busy, no room for another spectator"]);
  });
});

test("what fitted when it was asked for may not fit any more when the proof is checked", () => {
  const desk = new Desk(0, agreed({ seatsFree: 1 }));
  desk.ask(9);
  desk.tell({ type: "table", agreed: agreed({ seatsFree: 0 }) });
  expect(told(desk.identified(9))).toEqual(["reject 9: noSeatFree, no seat is free"]);
});

test("a spectator that asks again is told where the table is by now, and keeps its place", () => {
  const look = { role: "spectator", seats: 0 } as const;
  const desk = new Desk();
  desk.ask(9, look);
  const moved = agreed({ checkpoint: { ...agreed().checkpoint, sequence: sequence(100) } });
  desk.tell({ type: "table", agreed: moved });
  const half = SPECTATOR_KEPT_MS / 2;
  const [again] = desk.ask(9, look, half);
  expect(again.type === "accept" && again.accept.checkpoint.sequence).toBe(100);
  desk.tell({ type: "tick" }, SPECTATOR_KEPT_MS + half - 1);
  expect(desk.state.applicants).toHaveLength(1);
  desk.tell({ type: "tick" }, SPECTATOR_KEPT_MS + half);
  expect(desk.state.applicants).toHaveLength(0);
});

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

describe("a table", () => {
  test("is announced by each member in its own turn, with what people choose by", () => {
    const said: { readonly own: number; readonly at: number }[] = [];
    for (const own of [0, 1, 2, 3]) {
      const state = receptionOf(own);
      for (let now = 0; now < 3 * ANNOUNCE_EVERY_MS; now += 100) {
        const effects: ReceptionEffect[] = [];
        step(state, { type: "tick", at: at(now) }, effects);
        for (const effect of effects) {
          if (effect.type !== "announce") continue;
          said.push({ own, at: now });
          const bytes = encode(TableAnnouncement, effect.announcement);
          expect(decode(TableAnnouncement, bytes)).toEqual({ ok: true, value: effect.announcement });
          expect(effect.announcement).toEqual({
            ...{
              version: VERSION,
              name: "Table one",
              rules: 1,
              epoch: 0,
              members: 4,
              seats: 8,
              seatsFree: 4,
              door: "open",
            },
          });
        }
      }
    }
    for (const own of [0, 1, 2, 3]) expect(said.filter((each) => each.own === own)).toHaveLength(3);
  });

  test("says whether its door is open", () => {
    const door = (desk: Desk): string => {
      const effects: ReceptionEffect[] = [];
      step(desk.state, { type: "tick", at: at(desk.state.announceAt) }, effects);
      const [announce] = effects.filter((each) => each.type === "announce");
      return announce.announcement.door;
    };
    const desk = new Desk();
    desk.tell({ type: "door", isOpen: false });
    expect(door(desk)).toBe("closed");
    expect(door(new Desk(0, agreed({ members: keys(10) })))).toBe("full");
  });
});

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
