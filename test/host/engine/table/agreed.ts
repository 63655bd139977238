/** The house of craps behind agreement: kiosks that are replicas, and that see to their dice whenever something was decided. */

import { found } from "../../../../host/engine/consensus/found.ts";
import type { Replica } from "../../../../host/engine/consensus/state.ts";
import { TableOperation as AboutTable, TableResult } from "../../../../host/engine/consensus/table.ts";
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { stepOwnDice } from "../../../../host/engine/dice/own-dice.ts";
import type { OwnEffect, OwnEvent } from "../../../../host/engine/dice/own-state.ts";
import { TableAnswer } from "../../../../host/engine/table/answer.ts";
import { benchOf } from "../../../../host/engine/table/epochs.ts";
import { TableOperation } from "../../../../host/engine/table/operation.ts";
import { tableMachine } from "../../../../host/engine/table/table-machine.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { OPTIONS, type Rig, run, submit, WALL_MS } from "../../../simulator/rig.ts";
import { type Kiosk, kiosk, TABLE } from "../dice/kiosks.ts";
import type { Scene } from "../judge/cheats.ts";
import { rulesOf, type State } from "./house.ts";

export interface Agreed {
  /** It knows nothing of what is agreed about. */
  readonly rig: Rig;
  readonly dice: readonly Kiosk[];
  readonly rules: ReturnType<typeof rulesOf>;
}

export function agreedHouse(members: number, spare = 0): Agreed {
  const dice = Array.from({ length: members + spare }, (_, index) => kiosk("stand-in", 3, index)).sort((left, right) =>
    Buffer.compare(left.member.key, right.member.key),
  );
  const rules = rulesOf(dice, members, { places: 6 });
  const machine = tableMachine(rules);
  const keys = dice.map(({ member }) => member.key);
  const kiosks = dice.map(({ ports }, index) => {
    const world = { ports, machine };
    const options = { ...OPTIONS, checkpointEvery: 50 };
    const founding = {
      ...{ options, table: TABLE, members: keys.slice(0, members), key: keys[index]! },
      ...{ at: millis(0), wallMs: WALL_MS },
    };
    return { replica: found(founding, world), journal: [], world, founding, up: true, told: [] };
  });
  const rig = { now: 0, kiosks, queue: [], order: 0, delayMs: 1, drop: () => false, log: [] } as unknown as Rig;
  const of = { rig, dice, rules };
  pass(of, 100);
  return of;
}

export const replicaOf = (of: Agreed, index: number): Replica<State> =>
  of.rig.kiosks[index]!.replica as unknown as Replica<State>;
export const stateOf = (of: Agreed, index: number): State => replicaOf(of, index).state.machine;

/** Time goes on, and kiosks with it. */
export function pass(of: Agreed, ms: number): void {
  const end = of.rig.now + ms;
  while (of.rig.now < end) {
    run(of.rig, Math.min(end, of.rig.now + STEP_MS));
    for (let index = 0; index < of.dice.length; index++) {
      if (of.rig.kiosks[index]!.up) see(of, index, { type: "tick", at: millis(of.rig.now) });
    }
  }
}

const STEP_MS = 20;

function see(of: Agreed, index: number, event: OwnEvent): void {
  const { own, ports, member } = of.dice[index]!;
  const effects: OwnEffect[] = [];
  stepOwnDice(own, stateOf(of, index).dice, event, effects, ports);
  for (const effect of effects) {
    if (effect.type === "order") {
      const operation = encode(DiceOperation, effect.operation);
      submit(of.rig, index, encode(TableOperation, { type: "dice", operation }), 0);
    } else if (effect.type === "say") {
      for (let to = 0; to < of.dice.length; to++) {
        if (to === index || !of.rig.kiosks[to]!.up) continue;
        see(of, to, { type: "heard", at: millis(of.rig.now), from: member.key, said: effect.said });
      }
    }
  }
}

function asked(of: Agreed, who: number, seat: number, operation: Uint8Array): Uint8Array {
  const { told } = of.rig.kiosks[who]!;
  const before = told.length;
  submit(of.rig, who, operation, seat);
  const number = replicaOf(of, who).lastNumber;
  for (let tries = 0; tries < 200; tries++) {
    for (const effect of told.slice(before)) {
      if (effect.type === "answered" && effect.number === number) return effect.result;
    }
    pass(of, STEP_MS);
  }
  throw new Error("nothing came of it");
}

/** Orders it and waits for the answer. */
export function order(of: Agreed, who: number, seat: number, operation: TableOperation | Uint8Array): TableAnswer {
  const bytes = operation instanceof Uint8Array ? operation : encode(TableOperation, operation);
  const decoded = decode(TableAnswer, asked(of, who, seat, bytes));
  if (!decoded.ok) throw new Error("an answer can be read");
  return decoded.value;
}

/** About the table, to the consensus itself. */
export function orderAbout(of: Agreed, who: number, operation: AboutTable): string {
  const decoded = decode(TableResult, asked(of, who, KIOSK_SEAT, encode(AboutTable, operation)));
  if (!decoded.ok) throw new Error("a result can be read");
  return decoded.value.type === "refused" ? `refused ${decoded.value.why}` : decoded.value.type;
}

/** As kiosk `by` sees it: an epoch with its keys and ports. */
export function sceneAt(of: Agreed, by: number, epoch: number): Scene {
  const bench = benchOf(of.rules.table, stateOf(of, by).epochs, epoch);
  if (bench === undefined) throw new Error("an epoch that nobody remembers");
  const ports = bench.members.map((key) => of.dice.find(({ member }) => Buffer.compare(member.key, key) === 0)!.ports);
  return { bench, ports, reveal: () => new Uint8Array(0) };
}
