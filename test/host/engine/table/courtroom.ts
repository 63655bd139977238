/** The house as a scene of cheating: its own epochs, keys and operations. */
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import type { Proof } from "../../../../host/engine/judge/proof.ts";
import { accusation } from "../../../../host/engine/table/accusation.ts";
import type { TableAnswer } from "../../../../host/engine/table/answer.ts";
import { benchOf } from "../../../../host/engine/table/epochs.ts";
import { TableOperation } from "../../../../host/engine/table/operation.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, counter } from "../../../../protocol/core/units.ts";
import { START } from "../dice/kiosks.ts";
import type { Scene } from "../judge/cheats.ts";
import { accountAt, type House, order, orderBytes, whereIs } from "./house.ts";

/** As it was in that epoch: the one of now, unless told otherwise. */
export function sceneOf(of: House, epoch: number = of.state.dice.epoch): Scene {
  const bench = benchOf(of.rules.table, of.state.epochs, epoch);
  if (bench === undefined) throw new Error("an epoch that nobody remembers");
  const kiosks = bench.members.map((key) => of.kiosks.find(({ member }) => Buffer.compare(member.key, key) === 0)!);
  return {
    bench,
    ports: kiosks.map(({ ports }) => ports),
    reveal: (roll, opening) =>
      encode(TableOperation, {
        type: "dice",
        operation: encode(DiceOperation, { type: "reveal", roll, opening }),
      }),
  };
}

/** The operation by which that kiosk would show it. */
export function accusing(of: House, by: number, proof: Proof, epoch: number = of.state.dice.epoch): Uint8Array {
  const { ports } = of.kiosks[by]!;
  const made = accusation(of.rules, of.state, ports, ports.key, epoch, proof, agreedMillis(START + of.now));
  if (!made.ok) throw new Error(made.why);
  return made.operation;
}

/** By whoever has this place among the members. */
export const accuse = (of: House, by: number, proof: Proof): TableAnswer =>
  orderBytes(of, by, 0, accusing(of, by, proof));

/** Everybody sits, and has staked all that was given. */
export function stakedHouse(of: House, players = of.kiosks.length): House {
  for (let player = 0; player < players; player++) {
    const { client, seat } = whereIs(of, player);
    order(of, client, seat, { type: "sit" });
    const next = accountAt(of, player)?.nextCounter ?? counter(0);
    order(of, client, seat, { type: "stake", counter: next, amount: 1_000 as never });
  }
  return of;
}

export const text = (answer: TableAnswer): string =>
  answer.type === "refused" ? `refused: ${Buffer.from(answer.why).toString()}` : answer.type;
