/** One direction of a serial wire in virtual time: 8N1, so ten bits a byte, then the latency of whatever bridge is in the
 * cable. Bytes arrive in small pieces, as they do from a real port. */
import { assert } from "../../protocol/core/assert.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { disturb, type Noise } from "./noise.ts";

/** Fine enough that a receiver's grants are not late, coarse enough to simulate 10^7 bytes. */
const PIECE_SIZE = 16;

export interface Wire {
  readonly byteMs: number;
  readonly latencyMs: number;
  readonly noise: Noise | undefined;
  /** When the last byte put in has left. */
  busyUntil: Millis;
  readonly underway: { readonly at: Millis; readonly bytes: Uint8Array }[];
}

export function wire(baud: number, latencyMs: number, noise?: Noise): Wire {
  return { byteMs: 10_000 / baud, latencyMs, noise, busyUntil: millis(0), underway: [] };
}

export function put(wire: Wire, bytes: Uint8Array, at: Millis): void {
  let leavesAt = Math.max(wire.busyUntil, at);
  for (let from = 0; from < bytes.length; from += PIECE_SIZE) {
    const piece = bytes.subarray(from, from + PIECE_SIZE);
    leavesAt += piece.length * wire.byteMs;
    const heard = wire.noise === undefined ? piece : disturb(wire.noise, piece);
    if (heard.length > 0) wire.underway.push({ at: millis(leavesAt + wire.latencyMs), bytes: heard });
  }
  wire.busyUntil = millis(leavesAt);
}

/** Bytes put in that have not left yet. A millionth of a byte is the rounding of hours in milliseconds, not a byte. */
export const backlog = (wire: Wire, at: Millis): number =>
  Math.max(0, Math.ceil((wire.busyUntil - at) / wire.byteMs - 1e-6));

export const nextArrival = (wire: Wire): Millis | undefined => wire.underway[0]?.at;

export function take(wire: Wire, at: Millis): Uint8Array | undefined {
  const piece = wire.underway[0];
  if (piece === undefined || piece.at > at) return undefined;
  assert(wire.underway.shift() === piece, "pieces arrive in order");
  return piece.bytes;
}
