/** A board's receive side: a small buffer that the program empties in its turns, and the ways in which it goes wrong. What
 * comes while there is no room, or after an error, is lost without a word. */

/** How often our firmware looks, called or not. */
const POLL_MS = 10;

export interface Uart {
  readonly space: number;
  /** After an error nothing is received until the program's next turn. */
  readonly stalls: boolean;
  /** The program looks by itself; a stock one waits to be called. */
  readonly polls: boolean;
  readonly unread: Uint8Array[];
  size: number;
  stalledAt: number | undefined;
  /** A call that says "readable" found the task queue full: there will be no other. */
  uncalled: boolean;
  /** Bytes that came in vain. */
  overflowed: number;
}

export const uart = (space: number, stalls: boolean, polls: boolean): Uart => ({
  space,
  stalls,
  polls,
  unread: [],
  size: 0,
  stalledAt: undefined,
  uncalled: false,
  overflowed: 0,
});

/** `broken`: the first byte has no stop bit, or all of them have none. */
export function receive(uart: Uart, bytes: Uint8Array, at: number, broken: boolean): void {
  const room = uart.stalledAt !== undefined ? 0 : uart.space - uart.size;
  const size = Math.min(room, bytes.length, broken && uart.stalls ? 1 : bytes.length);
  uart.overflowed += bytes.length - size;
  if (size < bytes.length) stall(uart, at);
  if (size === 0) return;
  uart.unread.push(size === bytes.length ? bytes : bytes.subarray(0, size));
  uart.size += size;
}

/** A break, a spark, a wrong rate. */
export function stall(uart: Uart, at: number): void {
  if (uart.stalls) uart.stalledAt ??= at;
}

export function read(uart: Uart): Uint8Array | undefined {
  if (uart.size === 0) return undefined;
  const bytes = uart.unread.shift();
  if (bytes !== undefined) uart.size -= bytes.length;
  return bytes;
}

/** Closed and opened anew, or without power. */
export function reopen(uart: Uart): void {
  uart.unread.length = 0;
  uart.size = 0;
  uart.stalledAt = undefined;
  uart.uncalled = false;
}

/** When the program looks, if a byte arrives at `arrival`. */
export function looksAt(uart: Uart, arrival: number): number {
  if (uart.stalledAt !== undefined) return uart.polls ? pollAfter(uart.stalledAt) : Number.POSITIVE_INFINITY;
  if (!uart.uncalled) return arrival;
  return uart.polls && arrival !== Number.POSITIVE_INFINITY ? pollAfter(arrival) : Number.POSITIVE_INFINITY;
}

const pollAfter = (at: number): number => (Math.floor(at / POLL_MS) + 1) * POLL_MS;
