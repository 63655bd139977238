/** One way to a radio's bytes, whatever carries them: what the driver asks of it, and what it says when it cannot. */
import type { LinePolicy } from "../../hardware/boards/board.ts";
import type { Device } from "./device-url.ts";

export interface PortOptions {
  readonly baud: number;
  readonly line: LinePolicy;
}

export interface Port {
  /** The rates that it can take, at most; undefined where it has none, as a socket. */
  readonly baudMax: number | undefined;
  readonly write: (bytes: Uint8Array) => void;
  readonly setBaud: (baud: number) => void;
  /** Nothing is heard of it any more afterwards. */
  readonly close: () => void;
}

export interface PortListener {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** The port takes so many bytes now, in all. */
  readonly onRoom: (room: number) => void;
  /** It is gone by itself, once; why, in words. */
  readonly onClosed: (why: string) => void;
}

/** - busy: another process has it. - missing: nothing is there. - forbidden: this user may not. - hangUp: it was there, and
 * hung up at once. - other: as the message says. */
export type PortProblemKind = "busy" | "missing" | "forbidden" | "hangUp" | "other";

export interface PortProblem {
  readonly kind: PortProblemKind;
  /** The step that failed and the device, as in "opening /dev/ttyUSB0: …". */
  readonly message: string;
  /** The next thing to try. */
  readonly next: string;
}

export type OpenedPort =
  | { readonly ok: true; readonly port: Port }
  | { readonly ok: false; readonly problem: PortProblem };

/** Nothing is heard before the promise is kept. */
export type OpenPort = (device: Device, options: PortOptions, listener: PortListener) => Promise<OpenedPort>;
