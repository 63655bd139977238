/** The radio's wire over the SDK's UART, with the traps of both boards in one place.
 *
 * A full output throws, so that nothing is written beyond what the device last said it has room for. Neither board says how
 * much it has sent since: the modem is told an estimate from the speed of the line, which the device's own word corrects.
 * Where the machine's task queue overflowed, the device never calls back again: output that nobody takes, and a session that
 * falls silent, open it anew. Never while it calls: the drivers look at their record again after their callback, and closing
 * frees it. */
import type { OpenSerial, SerialDevice } from "./serial-device.ts";

/** Sixteen times what the longest transmit buffer takes at the slowest rate. */
export const MUTE_REOPEN_MS = 1_000;
/** A device that cannot be opened is tried again. */
export const OPEN_AGAIN_MS = 1_000;

export class SerialPort {
  readonly #open: OpenSerial;
  readonly #clock: () => number;
  readonly #wake: () => void;
  #baud: number;
  #device: SerialDevice | undefined;
  /** Calls us now; is to be closed when it does not. */
  #calling = false;
  #closing: SerialDevice | undefined;
  /** What came from a device before this one is not its word. */
  #generation = 0;
  readonly #waiting: Uint8Array[] = [];
  #waitingSize = 0;
  /** Room in the device, at least; bytes it may still hold, as of when. */
  #free = 0;
  #held = 0;
  #heldAt: number;
  /** Since when output waits for the device's word. */
  #muteSince: number | undefined;
  #openAt = 0;
  reopened = 0;

  /** `wake`: something is to be read or written. */
  constructor(open: OpenSerial, baud: number, clock: () => number, wake: () => void) {
    this.#open = open;
    this.#baud = baud;
    this.#clock = clock;
    this.#wake = wake;
    this.#heldAt = clock();
    this.reopen(baud);
  }

  /** Closes it and opens it again; what waited is lost. */
  reopen(baud: number = this.#baud): void {
    this.#baud = baud;
    this.#generation += 1;
    this.#waiting.length = 0;
    this.#waitingSize = 0;
    this.#free = 0;
    this.#held = 0;
    this.#muteSince = undefined;
    this.#closing ??= this.#device;
    this.#device = undefined;
    if (!this.#calling) this.#exchange();
  }

  #exchange(): void {
    try {
      this.#closing?.close();
    } catch {
      // It is gone all the same.
    }
    this.#closing = undefined;
    if (this.#waiting.length > 0) this.#muteSince = this.#clock();
    const generation = this.#generation;
    try {
      this.#device = this.#open(this.#baud, {
        onReadable: () => this.#called(this.#wake),
        onWritable: (room) => this.#called(() => this.#onWritable(generation, room)),
      });
    } catch {
      this.#openAt = this.#clock() + OPEN_AGAIN_MS;
    }
  }

  #called(act: () => void): void {
    this.#calling = true;
    try {
      act();
    } finally {
      this.#calling = false;
    }
  }

  /** What has come since the last time; undefined: nothing. */
  read(): Uint8Array | undefined {
    let read: ArrayBuffer | number | undefined;
    try {
      read = this.#device?.read();
    } catch {
      return undefined;
    }
    // In the format "number", which nobody asked for, it is one byte.
    if (typeof read === "number") return Uint8Array.of(read);
    return read === undefined || read.byteLength === 0 ? undefined : new Uint8Array(read);
  }

  /** The bytes are the port's from here on: the nRF52's driver writes into what it is given. */
  write(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingSize += bytes.length;
    this.#flush();
  }

  /** Bytes that have not left yet, as far as anybody knows. */
  backlog(now: number): number {
    return this.#waitingSize + Math.max(0, this.#held - ((now - this.#heldAt) * this.#baud) / 10_000);
  }

  /** When there are no more than so many. */
  backlogAt(size: number): number {
    const above = this.#waitingSize + this.#held - size;
    return this.#heldAt + Math.max(0, (above * 10_000) / this.#baud);
  }

  /** Every 10 ms or so. */
  poll(now: number): void {
    if (this.#calling) return;
    if (this.#closing !== undefined) {
      this.#exchange();
    } else if (this.#device === undefined) {
      if (now >= this.#openAt) this.reopen();
    } else if (this.#muteSince !== undefined && now - this.#muteSince >= MUTE_REOPEN_MS) {
      this.reopened += 1;
      this.reopen();
    }
  }

  #onWritable(generation: number, room: number): void {
    if (generation !== this.#generation) return;
    this.#free = room;
    this.#muteSince = undefined;
    this.#flush();
    this.#wake();
  }

  #flush(): void {
    const device = this.#device;
    if (device === undefined) {
      if (this.#closing !== undefined) return;
      this.#waiting.length = 0;
      this.#waitingSize = 0;
      return;
    }
    const now = this.#clock();
    while (this.#waiting.length > 0 && this.#free > 0) {
      const whole = this.#waiting[0];
      const bytes = whole.length <= this.#free ? whole : whole.slice(0, this.#free);
      try {
        device.write(bytes);
      } catch {
        // It has less room than it said: its next word counts.
        this.#free = 0;
        break;
      }
      if (bytes === whole) this.#waiting.shift();
      else this.#waiting[0] = whole.slice(bytes.length);
      this.#waitingSize -= bytes.length;
      this.#free -= bytes.length;
      this.#held = Math.max(0, this.#held - ((now - this.#heldAt) * this.#baud) / 10_000) + bytes.length;
      this.#heldAt = now;
    }
    if (this.#waiting.length > 0) this.#muteSince ??= now;
  }
}
