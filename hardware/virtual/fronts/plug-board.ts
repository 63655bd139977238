/** One virtual board and its front: what a host writes goes on the board's wire at the wire's pace, what comes off it goes
 * to whoever has the port open. */
import type { WorldEffect } from "../events.ts";
import { backlog } from "../wire.ts";
import type { World } from "../world.ts";
import type { Clock } from "./clock.ts";
import type { Front, FrontListener } from "./front.ts";
import type { RunningWorld } from "./run-world.ts";

/** Bytes of a host that wait for the wire; Linux's own buffer of a serial line. A host that has written so many waits. */
const WAITING_SIZE_MAX = 4096;

/** Counted since the server began. */
export interface PortCounters {
  opened: number;
  bytesDown: number;
  bytesUp: number;
  /** Bytes of the board for which no reader was quick enough. */
  bytesLost: number;
  /** How often the host had to wait for the wire. */
  waits: number;
}

/** What crossed the port, for a trace. */
export type Crossing =
  | { readonly type: "bytes"; readonly direction: "down" | "up"; readonly bytes: Uint8Array }
  | { readonly type: "note"; readonly words: string };

export interface PluggedBoard {
  readonly counters: PortCounters;
  readonly listener: FrontListener;
  /** Undefined while its cable is out. */
  front: Front | undefined;
  readonly onEffect: (effect: WorldEffect) => void;
  /** The cable is pulled between board and host. */
  readonly pull: () => Promise<void>;
}

export function plugBoard(
  world: World,
  running: () => RunningWorld,
  board: number,
  clock: Clock,
  onCrossing: (crossing: Crossing) => void,
  onFault: (why: string) => void,
): PluggedBoard {
  const counters: PortCounters = { opened: 0, bytesDown: 0, bytesUp: 0, bytesLost: 0, waits: 0 };
  const wire = world.boards[board].down;
  let isOpen = false;
  let callOff: (() => void) | undefined;

  const resume = (): void => {
    callOff = undefined;
    const left = backlog(wire, running().now());
    if (left > WAITING_SIZE_MAX / 2) callOff = clock.after((left - WAITING_SIZE_MAX / 2) * wire.byteMs, resume);
    else made.front?.resume();
  };
  const pace = (): void => {
    if (callOff !== undefined || backlog(wire, running().now()) <= WAITING_SIZE_MAX) return;
    counters.waits += 1;
    made.front?.pause();
    resume();
  };
  const close = (): void => {
    isOpen = false;
    callOff?.();
    if (callOff !== undefined) made.front?.resume();
    callOff = undefined;
    onCrossing({ type: "note", words: "closed" });
    running().tell({ type: "cable", board, plugged: false });
  };

  const listener: FrontListener = {
    onOpened() {
      isOpen = true;
      counters.opened += 1;
      onCrossing({ type: "note", words: "opened" });
      running().tell({ type: "cable", board, plugged: true });
    },
    onBytes(bytes) {
      counters.bytesDown += bytes.length;
      onCrossing({ type: "bytes", direction: "down", bytes });
      running().tell({ type: "write", board, bytes });
      pace();
    },
    onClosed: close,
    onBaud(baud) {
      onCrossing({ type: "note", words: `the host is at ${baud} baud` });
      running().tell({ type: "rate", board, baud });
    },
    onLost(count) {
      counters.bytesLost += count;
    },
    onFault(why) {
      made.front = undefined;
      if (isOpen) close();
      onFault(why);
    },
  };

  const made: PluggedBoard = {
    counters,
    listener,
    front: undefined,
    onEffect(effect) {
      if (effect.type !== "read" || !isOpen) return;
      counters.bytesUp += effect.bytes.length;
      onCrossing({ type: "bytes", direction: "up", bytes: effect.bytes });
      made.front?.send(effect.bytes);
    },
    async pull() {
      const { front } = made;
      made.front = undefined;
      if (isOpen) close();
      await front?.close();
    },
  };
  return made;
}
