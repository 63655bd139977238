/** Keeps a port a moment ahead of its wire and no more, so that an urgent packet overtakes what still waits. The operating
 * system takes four thousand bytes at once and says nothing of when they leave; the rate does. */
import type { Clock } from "../../hardware/virtual/fronts/clock.ts";
import { AHEAD_MS, AHEAD_SIZE_MIN } from "./limits.ts";

export interface Pacer {
  readonly wrote: (size: number) => void;
  readonly setBaud: (baud: number) => void;
  /** Says the room that there is; first when the port is ready, and again when half of it is used up and free again. */
  readonly tell: () => void;
  readonly stop: () => void;
}

export function pacer(baud: number, clock: Clock, onRoom: (room: number) => void): Pacer {
  let byteMs = 10_000 / baud;
  let ahead = aheadOf(baud);
  let busyUntil = clock.now() as number;
  /** Room that was told of and not written to. */
  let told = 0;
  let cancel: (() => void) | undefined;
  const backlog = (): number => Math.max(0, Math.ceil((busyUntil - clock.now()) / byteMs));
  const tell = (): void => {
    cancel?.();
    cancel = undefined;
    told = Math.max(0, ahead - backlog());
    onRoom(told);
  };
  /** What was written since the timer was set counts too. */
  const arm = (): void => {
    const halfEmptyIn = (backlog() - ahead / 2) * byteMs;
    cancel = clock.after(Math.max(0, halfEmptyIn), () => (backlog() > ahead / 2 ? arm() : tell()));
  };
  return {
    tell,
    wrote(size) {
      busyUntil = Math.max(busyUntil, clock.now()) + size * byteMs;
      told -= size;
      if (cancel === undefined && told < ahead / 2) arm();
    },
    setBaud(next) {
      byteMs = 10_000 / next;
      ahead = aheadOf(next);
      busyUntil = clock.now();
      if (cancel === undefined && told < ahead / 2) arm();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}

const aheadOf = (baud: number): number => Math.max(AHEAD_SIZE_MIN, Math.floor((AHEAD_MS * baud) / 10_000));
