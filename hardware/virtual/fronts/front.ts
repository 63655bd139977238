/** What stands between one virtual board and whoever plays its host: a port that can be opened, by one at a time. */

/** Where a front is; a pty's path is that of a link to it. */
export type Place =
  | { readonly type: "unix"; readonly path: string }
  /** On this machine alone. 0: any that is free. */
  | { readonly type: "tcp"; readonly port: number }
  | { readonly type: "pty"; readonly path: string };

export interface FrontListener {
  readonly onOpened: () => void;
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Whoever had it open has closed it. */
  readonly onClosed: () => void;
  /** The speed of the host's end, where there is one. */
  readonly onBaud: (baud: number) => void;
  /** Bytes for which whoever has it open found no room. */
  readonly onLost: (count: number) => void;
  /** It broke, once; nothing else is heard afterwards. */
  readonly onFault: (why: string) => void;
}

export interface Front {
  readonly place: Place;
  /** As `hardway` and its configuration name it. */
  readonly device: string;
  /** Nobody has it open, or nobody reads: the bytes are lost, and `onLost` says how many. */
  readonly send: (bytes: Uint8Array) => void;
  /** From now on the writer waits, until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** The cable is pulled: who has it open is hung up on, and the place is empty. Nothing else is heard afterwards. */
  readonly close: () => Promise<void>;
}

export type OpenedFront =
  | { readonly ok: true; readonly front: Front }
  | { readonly ok: false; readonly why: string; readonly next: string };

/** What waits for a reader; Linux's own buffer of a serial line. What comes on top is lost, as on a wire. */
const WAITING_SIZE_MAX = 4096;

interface Sink {
  readonly writableLength: number;
  readonly write: (bytes: Uint8Array) => unknown;
}

/** As much as there is room for; answers how many bytes found none. */
export function pour(bytes: Uint8Array, into: Sink): number {
  const room = Math.max(0, WAITING_SIZE_MAX - into.writableLength);
  if (room > 0) into.write(room >= bytes.length ? bytes : bytes.subarray(0, room));
  return Math.max(0, bytes.length - room);
}

export function deviceOf(place: Place): string {
  switch (place.type) {
    case "unix":
      return `unix:${place.path}`;
    case "tcp":
      return `tcp://127.0.0.1:${place.port}`;
    case "pty":
      return place.path;
  }
}
