/** What kiosks agree about where it is more than keys and values: what each process does for it beside agreeing, what people
 * want of it, and what must hold of it. */
import type { Machine } from "../../host/engine/machine.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Counts } from "./kinds.ts";
import type { Packet } from "./packet.ts";

/** Of a run and its kiosks. */
export interface App<Sim, Kiosk> {
  /** One machine, looked at wherever an honest kiosk runs it. */
  machineOf(place: number): Machine<unknown>;
  /** The process is up again, with what its disk still has. */
  started(sim: Sim, of: Kiosk): void;
  /** Its replica has made a step. */
  stepped(sim: Sim, of: Kiosk): void;
  /** False of what is the replica's to hear. */
  heard(sim: Sim, of: Kiosk, packet: Packet): boolean;
  /** An honest kiosk's message is on its way, behind what it rests on. */
  leaves(sim: Sim, of: Kiosk, message: Message): void;
  /** Somebody at some seat wants something. */
  press(sim: Sim): void;
  operation(sim: Sim, of: Kiosk, seat: number): Uint8Array;
  /** Faults are over, and the core agrees again: what is wanted happens. `boundMs` is what agreement may take. */
  finish(sim: Sim, core: readonly Kiosk[], boundMs: number, runUntil: RunUntil): void;
  readonly tally: Counts;
}

export type RunUntil = (untilMs: number, done: () => boolean) => void;
