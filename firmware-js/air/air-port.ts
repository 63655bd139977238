/** What the modem's orders become, and what comes back: one port, whichever BLE stack is behind it. */
import type { ModemEvent, ServiceData } from "../modem/events.ts";
import type { PeerAddress } from "../modem/facts.ts";

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

/** All that arrives without the shell's asking, in the order in which it came. */
export type Task = Untimed<Exclude<ModemEvent, { type: "boot" | "serial" | "writable" | "tick" }>>;
export type Sink = (task: Task) => void;

export interface AirPort {
  advertise(intervalMs: number, advert: ServiceData): void;
  stopAdvertising(): void;
  scan(intervalMs: number, windowMs: number): void;
  stopScanning(): void;
  connect(to: PeerAddress): void;
  /** Ends in `connectFailed`, if the stack has such a call. */
  cancel(): void;
  disconnect(handle: number): void;
  /** The stack queues it or drops it in silence: pace and repetition are the modem's. */
  value(handle: number, bytes: Uint8Array): void;
  requestParameters(handle: number, intervalMs: number, supervisionMs: number): void;
  /** Does what is due, and says when there is more. */
  tick(now: number): number;
}

/** Nothing is due. */
export const NEVER: number = Number.POSITIVE_INFINITY;
