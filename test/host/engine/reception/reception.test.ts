import { describe, expect, test } from "vitest";
import { TableOperation } from "../../../../host/engine/consensus/table.ts";
import {
  ANNOUNCE_EVERY_MS,
  IDENTIFY_TIMEOUT_MS,
  IDENTIFYING_MAX,
  ORDER_TIMEOUT_MS,
  SPECTATOR_KEPT_MS,
  SPECTATORS_MAX,
} from "../../../../host/engine/reception/limits.ts";
import { step } from "../../../../host/engine/reception/reception.ts";
import type { ReceptionEffect } from "../../../../host/engine/reception/reception-events.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { sequence } from "../../../../protocol/core/units.ts";
import { FEATURES } from "../../../../protocol/core/version.ts";
import { TableAnnouncement } from "../../../../protocol/message/announcement.ts";
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
