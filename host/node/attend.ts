/** Between a replica and whoever attends to what it has agreed on: news of the state and of others in, words and orders out, in
 * the order of all effects. So what is said because of a decision leaves after the records of it are durable. */
import { unreachable } from "../../protocol/core/assert.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Effect, Event } from "../engine/consensus/events.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import { step } from "../engine/consensus/step.ts";
import type { Attendant, AttendantEffect, AttendantEvent } from "./attendant.ts";

export interface Attention<S> {
  readonly of: Replica<S>;
  readonly world: World<S>;
  readonly attendant: Attendant<S>;
  readonly onRefused: (why: string) => void;
  /** What was executed when it last looked; undefined before it did. */
  seen: number | undefined;
}

/** A kiosk that does not know yet what it signed before has nothing to order, and hears of a roll again. */
const isAttending = <S>({ of }: Attention<S>): boolean => of.me >= 0 && of.probing === undefined;

/** Takes what is the attendant's; false: it is the engine's. */
export function heardFor<S>(attention: Attention<S> | undefined, event: Event, effects: Effect[]): boolean {
  if (attention === undefined || event.type !== "heard" || !attention.attendant.hears(event.message.type)) return false;
  const from = attention.of.members[event.from];
  if (from !== undefined && isAttending(attention)) {
    attend(attention, { type: "heard", at: event.at, from, message: event.message }, effects);
  }
  return true;
}

/** After each turn of the loop. */
export function look<S>(attention: Attention<S>, at: Millis, effects: Effect[]): void {
  if (!isAttending(attention)) return;
  const { of, attendant, seen } = attention;
  const wakeAt = attendant.wakeAt();
  if (seen === of.executed && (wakeAt === undefined || at < wakeAt)) return;
  const type = seen === of.executed ? "tick" : "decided";
  attention.seen = of.executed;
  attend(attention, { type, at }, effects);
}

/** When to look again, if nothing happens before. */
export const lookAt = <S>(attention: Attention<S>): Millis | undefined =>
  isAttending(attention) ? attention.attendant.wakeAt() : undefined;

function attend<S>({ of, world, attendant, onRefused }: Attention<S>, event: AttendantEvent, effects: Effect[]): void {
  const wanted: AttendantEffect[] = [];
  attendant.step(event, of.state.machine, wanted);
  for (const each of wanted) {
    switch (each.type) {
      case "say":
        effects.push({ type: "send", to: "all", message: each.message });
        break;
      case "order":
        step(of, { type: "submit", at: event.at, seat: each.seat, operation: each.operation }, effects, world);
        break;
      case "refuse":
        onRefused(each.why);
        break;
      default:
        unreachable(each);
    }
  }
}
