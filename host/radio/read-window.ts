/** Keeps one port from taking the whole host: what comes beyond the window's size waits in the port, where a socket's sender
 * waits too and a serial line loses it, until the window is over. */
import type { Clock } from "../../hardware/virtual/fronts/clock.ts";
import { READ_WINDOW_MS, READ_WINDOW_SIZE } from "./limits.ts";

export interface Pausable {
  readonly pause: () => void;
  readonly resume: () => void;
}

export interface ReadWindow {
  readonly took: (size: number) => void;
  readonly stop: () => void;
}

export function readWindow(source: Pausable, clock: Clock): ReadWindow {
  let size = 0;
  let endsAt = 0;
  let cancel: (() => void) | undefined;
  return {
    took(more) {
      if (clock.now() >= endsAt) {
        endsAt = clock.now() + READ_WINDOW_MS;
        size = 0;
      }
      size += more;
      if (size < READ_WINDOW_SIZE || cancel !== undefined) return;
      source.pause();
      cancel = clock.after(endsAt - clock.now(), () => {
        cancel = undefined;
        source.resume();
      });
    },
    stop: () => cancel?.(),
  };
}
