/** One step under way. The serial link and the outbox answer with effects, which cause further events of either; they wait
 * here in order, so that no effect is seen before what came before it, and so that nothing recurs: a board's stack holds
 * 512 slots, and either machine takes most of them by itself. */
import type { Crc } from "../../protocol/frame/frame.ts";
import type { LinkEffect, LinkEvent } from "../../protocol/link/events.ts";
import { step as linkStep } from "../../protocol/link/link.ts";
import type { OutboxEffect, OutboxEvent } from "../../protocol/packet/events.ts";
import type { ModemEffect } from "./events.ts";
import type { Modem } from "./state.ts";

export interface Work {
  readonly effects: ModemEffect[];
  readonly crc: Crc;
  readonly serial: LinkEffect[];
  serialDone: number;
  /** What the link brought before this place belongs to a session that is over. */
  voidBefore: number;
  readonly toAir: OutboxEvent[];
  toAirDone: number;
  readonly air: OutboxEffect[];
  airDone: number;
}

export const work = (effects: ModemEffect[], crc: Crc): Work => ({
  effects,
  crc,
  serial: [],
  serialDone: 0,
  voidBefore: 0,
  toAir: [],
  toAirDone: 0,
  air: [],
  airDone: 0,
});

/** A session's end holds from the moment when the link knows it: what is told after that would be told to the next host. */
export function feedSerial(state: Modem, event: LinkEvent, work: Work): void {
  const { serial } = work;
  const from = serial.length;
  linkStep(state.serial, event, serial, work.crc);
  for (let i = from; i < serial.length; i++) {
    if (serial[i].type !== "closed") continue;
    state.hosted = false;
    work.voidBefore = i;
  }
}

/** Done before anything else that waits. */
export function feedOutbox(event: OutboxEvent, work: Work): void {
  work.toAir.push(event);
}
