/** From a letter to an event of the engine. Letters whose signatures could be verified here were; what is refused is counted by
 * its reason. */
import type { Millis } from "../../protocol/core/units.ts";
import type { Table } from "../../protocol/envelope/open.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Event } from "../engine/consensus/events.ts";
import type { Replica } from "../engine/consensus/state.ts";
import type { Letter } from "../mesh/judge.ts";
import { placeNow } from "./tables.ts";

export interface Ears {
  /** Members that sleep, as they said last: one bit each. */
  asleep: number;
  /** What brought nothing, by the reason's name. */
  readonly refused: { [why: string]: number };
}

export const ears = (): Ears => ({ asleep: 0, refused: {} });

/** Undefined where the engine has nothing to learn from it. */
export function hear(
  ears: Ears,
  letter: Letter,
  { of, tables, at }: { readonly of: Replica<unknown>; readonly tables: readonly Table[]; readonly at: Millis },
): Event | undefined {
  if ("said" in letter) return { type: "said", at, said: letter.said };
  const { from, message } = letter;
  // Strangers have nothing to say to the engine.
  if (from.type === "stranger") return refuse(ears, "a stranger");
  const key = tables.find(({ epoch }) => epoch === from.epoch)?.members[from.sender];
  const place = key === undefined ? undefined : placeNow(of, key);
  if (place === undefined) return refuse(ears, "a member that has left");
  return message.type === "heartbeat"
    ? sleepers(ears, place, message, at)
    : { type: "heard", at, from: place, message };
}

function sleepers(ears: Ears, from: number, said: Message & { type: "heartbeat" }, at: Millis): Event | undefined {
  const bit = 1 << from;
  const members = said.power === "sleep" ? ears.asleep | bit : ears.asleep & ~bit;
  if (members === ears.asleep) return undefined;
  ears.asleep = members;
  return { type: "asleep", at, members };
}

export function refuse(ears: Ears, why: string): undefined {
  ears.refused[why] = (ears.refused[why] ?? 0) + 1;
}
