import { expect, test } from "vitest";
import { TableResult } from "../../../../host/engine/consensus/table.ts";
import { agreedTable, orderFault } from "../../../../host/engine/reception/agreed-table.ts";
import { joining, step as stepJoining } from "../../../../host/engine/reception/joining.ts";
import type { JoiningEffect, JoiningEvent } from "../../../../host/engine/reception/joining-events.ts";
import { step } from "../../../../host/engine/reception/reception.ts";
import type { ReceptionEffect, ReceptionEvent } from "../../../../host/engine/reception/reception-events.ts";
import { reception } from "../../../../host/engine/reception/reception-state.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { run, submit } from "../../../simulator/rig.ts";
import { answers, calm, hex, set } from "../consensus/stories.ts";
import { request, TABLE, type Untimed, VERSION, WALL_MS } from "./rig.ts";

/** The four replicas and the fifth that wants to be one are the consensus' own. */
function house() {
  const of = calm(4, { checkpointEvery: 50 }, 1);
  const keys = of.kiosks.map(({ founding }) => founding.key);
  const seating = { seats: 8, seatsFree: 4, excluded: [] };
  const agreed = (member: number) => agreedTable(of.kiosks[member].replica.stable.header, seating);
  const desks = [0, 1, 2, 3].map((member) =>
    reception({
      ...{ at: millis(of.now), wallMs: WALL_MS, key: keys[member], name: "Table", needed: VERSION },
      ...{ agreed: agreed(member), founders: keys.slice(0, 4), participants: [] },
    }),
  );
  const comer = joining(millis(of.now), WALL_MS, keys[4], [1]);
  const joined: (JoiningEffect & { type: "joined" })[] = [];
  const left: number[] = [];
  const cannot: string[] = [];
  const heardAnswers = [0, 0, 0, 0];
  /** An answer of the consensus belongs to the oldest order. */
  const orders: ("leave" | Uint8Array)[][] = [[], [], [], []];

  const tellDesk = (member: number, event: Untimed<ReceptionEvent>): void => {
    const effects: ReceptionEffect[] = [];
    step(desks[member], { ...event, at: millis(of.now) } as ReceptionEvent, effects);
    for (const effect of effects) {
      if (effect.type === "identify")
        tellDesk(member, { type: "identified", applicant: effect.applicant, why: undefined });
      if (effect.type === "order") {
        orders[member].push(effect.subject);
        submit(of, member, effect.operation, KIOSK_SEAT);
      }
      if (effect.type === "accept") tellComer({ type: "accept", from: keys[member], accept: effect.accept });
      if (effect.type === "left") left.push(member);
      if (effect.type === "cannotLeave") cannot.push(`${member}: ${effect.why}`);
    }
  };
  const tellComer = (event: Untimed<JoiningEvent>): void => {
    const effects: JoiningEffect[] = [];
    stepJoining(comer, { ...event, at: millis(of.now) } as JoiningEvent, effects);
    for (const effect of effects) {
      if (effect.type === "joined") joined.push(effect);
      if (effect.type !== "ask") continue;
      for (const member of [0, 1, 2, 3]) tellDesk(member, { type: "asked", from: keys[4], request: effect.request });
    }
  };
  const pass = (ms: number): void => {
    for (const until = of.now + ms; of.now < until; ) {
      run(of, of.now + 100);
      for (const member of [0, 1, 2, 3]) {
        for (const { result } of answers(of, member).slice(heardAnswers[member])) {
          heardAnswers[member] += 1;
          const subject = orders[member].shift();
          if (subject !== undefined) tellDesk(member, { type: "ordered", subject, why: orderFault(result) });
        }
        tellDesk(member, { type: "table", agreed: agreed(member) });
      }
      tellComer({ type: "tick" });
    }
  };
  return { of, keys, joined, left, cannot, pass, tellDesk, tellComer };
}

test("a kiosk joins real replicas: asked, approved, at the barrier accepted, and its own replica is a member there [H12]", () => {
  const { of, keys, joined, pass, tellComer } = house();
  tellComer({ type: "join", table: TABLE, anchors: [keys[0]], request: request() });
  pass(3_000);
  expect(joined.map(({ epoch, participants }) => [epoch, participants.length])).toEqual([[1, 5]]);
  const [source] = joined[0].sources;
  const { header } = of.kiosks[4].replica.stable;
  // Where it is sent is where the change of members was agreed, and its own replica came there.
  expect([source.checkpoint.sequence, hex(source.checkpoint.digest)]).toEqual([header.sequence, hex(header.history)]);
  expect([source.state, source.holders.length >= 2]).toEqual([header.state, true]);
  expect([of.kiosks[4].replica.epoch, of.kiosks[4].replica.me >= 0]).toEqual([1, true]);
  submit(of, 4, set("k", "v"));
  pass(1_000);
  expect(answers(of, 4)).toHaveLength(1);
});

test("of what the consensus refuses, full and few are told apart, and the rest needs no answer", () => {
  const faults = [0, 1, 2, 3, 4, 5, 6].map((why) => orderFault(encode(TableResult, { type: "refused", why })));
  expect(faults).toEqual([undefined, undefined, "full", "few", undefined, undefined, undefined]);
  expect([orderFault(encode(TableResult, { type: "due" })), orderFault(new Uint8Array(0))]).toEqual([
    undefined,
    undefined,
  ]);
});

test("a member leaves real replicas at a barrier, and of the last two none can", () => {
  const { of, left, cannot, pass, tellDesk } = house();
  tellDesk(3, { type: "leave" });
  pass(3_000);
  expect([left, of.kiosks[0].replica.members.length]).toEqual([[3], 3]);
  tellDesk(2, { type: "leave" });
  pass(3_000);
  expect([left, of.kiosks[0].replica.members.length]).toEqual([[3, 2], 2]);
  tellDesk(1, { type: "leave" });
  pass(3_000);
  expect([left, cannot]).toEqual([[3, 2], ["1: few"]]);
  expect(of.kiosks[0].replica.members.length).toBe(2);
});
