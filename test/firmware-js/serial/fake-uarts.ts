/** The UARTs of both boards as the SDK's drivers treat them, in virtual time: their buffers, and each of their traps. */
import type { OpenSerial, SerialCallbacks, SerialDevice } from "../../../firmware-js/serial/serial-device.ts";

export interface Clock {
  now: number;
}

/** Another end, and what the board's driver does to a program. */
export class FakeUart {
  readonly clock: Clock;
  readonly space: number;
  readonly room: number;
  readonly nrf52: boolean;
  /** What the wire brought. */
  received: number[] = [];
  overflowed = 0;
  /** What left, in order. */
  readonly sent: number[] = [];
  opened: number[] = [];
  refuses = false;
  /** The machine's queue overflowed: no callback comes any more. */
  mute = false;
  /** Closed in the middle of a callback, after which the driver looks at what it freed. */
  closedCalling = 0;
  #calling = false;
  #inside: number[] = [];
  #leavesAt = 0;
  #baud = 1;
  #callbacks: SerialCallbacks | undefined;

  constructor(clock: Clock, board: "nrf52" | "esp32") {
    this.clock = clock;
    this.nrf52 = board === "nrf52";
    this.space = this.nrf52 ? 256 : 128;
    this.room = this.nrf52 ? 768 : 128;
  }

  readonly open: OpenSerial = (baud, callbacks) => {
    if (this.refuses) throw new Error("in use");
    this.opened.push(baud);
    this.#baud = baud;
    this.#callbacks = callbacks;
    this.#inside = [];
    this.received = [];
    return this.#device();
  };

  hear(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.received.length < this.space) this.received.push(byte);
      else this.overflowed += 1;
    }
    this.#call((callbacks) => callbacks.onReadable());
  }

  #call(say: (callbacks: SerialCallbacks) => void): void {
    if (this.mute || this.#callbacks === undefined) return;
    this.#calling = true;
    say(this.#callbacks);
    this.#calling = false;
  }

  /** When the last byte has left. */
  get busyUntil(): number {
    return this.#inside.length === 0 ? Number.POSITIVE_INFINITY : this.#leavesAt;
  }

  /** Time has passed: what it sent meanwhile, and its word about the room. */
  run(): void {
    if (this.#inside.length === 0 && this.#told) return;
    if (this.clock.now < this.#leavesAt) return;
    this.sent.push(...this.#inside);
    this.#inside = [];
    this.#told = true;
    this.#call((callbacks) => callbacks.onWritable(this.room));
  }
  #told = false;

  #device(): SerialDevice {
    let closed = false;
    this.#told = false;
    return {
      read: (...values: unknown[]) => {
        if (closed) throw new Error("closed");
        if (values.length > 0) throw new Error("the boards differ with an argument");
        if (this.received.length === 0) return undefined;
        return Uint8Array.from(this.received.splice(0)).buffer;
      },
      write: (bytes) => {
        if (closed || bytes.length > this.room - this.#inside.length) throw new Error("output full");
        this.#leavesAt = Math.max(this.#leavesAt, this.clock.now) + (bytes.length * 10_000) / this.#baud;
        this.#inside.push(...bytes);
        this.#told = false;
        // The driver puts parity where the bytes lie.
        if (this.nrf52) bytes.fill(0xee);
      },
      close: () => {
        closed = true;
        if (this.#calling) this.closedCalling += 1;
      },
    };
  }
}
