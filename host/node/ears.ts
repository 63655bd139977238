/** From a letter to an event of the engine. Letters whose signatures could be verified here were; what is refused is counted by
 * its reason. */
import type { MemberIndex, Millis } from "../../protocol/core/units.ts";
import type { Table } from "../../protocol/envelope/open.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import { POWER_RULES, type PowerState } from "../../protocol/power/rules.ts";
import type { Event } from "../engine/consensus/events.ts";
import type { Replica } from "../engine/consensus/state.ts";
import type { Letter } from "../mesh/judge.ts";
import { placeNow } from "./tables.ts";

export interface Ears {
  /** Members that sleep, as they said last: one bit each. */
  asleep: number;
  /** By member, as its last heartbeat said. */
  readonly powers: PowerState[];
  /** What brought nothing, by the reason's name. */
  readonly refused: { [why: string]: number };
}

export const ears = (): Ears => ({ asleep: 0, powers: [], refused: {} });

/** Of the member, or this kiosk itself, whose links speak most seldom. */
export const intervalMs = ({ powers }: Ears, own: PowerState): number =>
  powers.reduce((most, each) => Math.max(most, POWER_RULES[each].intervalMs), POWER_RULES[own].intervalMs);

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
  const place = placeOf(letter, of, tables);
  if (place === undefined) return refuse(ears, "a member that has left");
  return message.type === "heartbeat"
    ? sleepers(ears, place, message, at)
    : { type: "heard", at, from: place, message };
}

/** Who sealed it, by the places of now; undefined of strangers, of members that have left, and of what is said openly. */
export function placeOf(letter: Letter, of: Replica<unknown>, tables: readonly Table[]): MemberIndex | undefined {
  if ("said" in letter || letter.from.type === "stranger") return undefined;
  const { epoch: said, sender } = letter.from;
  const key = tables.find(({ epoch }) => epoch === said)?.members[sender];
  return key === undefined ? undefined : placeNow(of, key);
}

function sleepers(ears: Ears, from: number, said: Message & { type: "heartbeat" }, at: Millis): Event | undefined {
  ears.powers[from] = said.power;
  const bit = 1 << from;
  const members = said.power === "sleep" ? ears.asleep | bit : ears.asleep & ~bit;
  if (members === ears.asleep) return undefined;
  ears.asleep = members;
  return { type: "asleep", at, members };
}

export function refuse(ears: Ears, why: string): undefined {
  ears.refused[why] = (ears.refused[why] ?? 0) + 1;
}
