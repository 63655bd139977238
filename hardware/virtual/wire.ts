/** One direction of a serial wire in virtual time: 8N1, so ten bits a byte, then the latency of whatever bridge is in the
 * cable. What is put in stays whole; who listens is told of it in small pieces, as from a real port, and takes what has
 * come by then at once. */
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, draw, drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { disturb, type Noise } from "./noise.ts";

/** Fine enough that a receiver's grants are not late. A wire whose listener does nothing before more has come may wait for
 * more. */
const PIECE_SIZE = 16;
/** A receiver that samples further off than this finds its stop bits elsewhere. */
const MISMATCH = 0.03;
/** What a bridge gathers at most before it says so: its latency timer. */
const MERGE_MS = 16;
/** The rounding of hours in milliseconds, in bytes; far below the time of one. */
const ROUNDING = 1e-6;

/** What a bridge does to pieces: shares of them that come byte by byte, or late and together with others. */
export interface PieceFaults {
  readonly split: number;
  readonly merge: number;
  readonly chance: Chance;
}

export interface Wire {
  byteMs: number;
  readonly latencyMs: number;
  noise: Noise | undefined;
  pieces: PieceFaults | undefined;
  pieceSize: number;
  /** Of the next piece. */
  nextSize: number;
  /** The hearer's rate as a share of the sender's. */
  ratio: number;
  /** When the last byte put in has left. */
  busyUntil: Millis;
  /** Nothing is heard before. */
  heldUntil: number;
  readonly underway: Underway[];
}

/** Bytes as they will be heard, from `taken` on; the start bit of the first leaves at `startsAt`. */
interface Underway {
  readonly bytes: Uint8Array;
  readonly startsAt: number;
  readonly byteMs: number;
  taken: number;
}

export function wire(baud: number, latencyMs: number, noise?: Noise, pieceSize = PIECE_SIZE): Wire {
  return {
    byteMs: 10_000 / baud,
    latencyMs,
    noise,
    pieces: undefined,
    pieceSize,
    nextSize: pieceSize,
    ratio: 1,
    busyUntil: millis(0),
    heldUntil: Number.NEGATIVE_INFINITY,
    underway: [],
  };
}

/** What is put in from now on goes at the sender's rate. */
export function tune(wire: Wire, senderBaud: number, hearerBaud: number): void {
  wire.byteMs = 10_000 / senderBaud;
  wire.ratio = hearerBaud / senderBaud;
}

/** What is heard at the wrong rate is not what was said. */
export const isMismatched = (wire: Wire): boolean => Math.abs(wire.ratio - 1) > MISMATCH;

export function put(wire: Wire, bytes: Uint8Array, at: Millis): void {
  const startsAt = Math.max(wire.busyUntil, at);
  const spanMs = bytes.length * wire.byteMs;
  const heard = hear(wire, bytes, startsAt);
  if (heard.length > 0) wire.underway.push({ bytes: heard, startsAt, byteMs: spanMs / heard.length, taken: 0 });
  wire.busyUntil = millis(startsAt + spanMs);
}

/** The cable is out: what was under way in it is lost. */
export function cut(wire: Wire, at: Millis): void {
  wire.underway.length = 0;
  wire.busyUntil = at;
  wire.heldUntil = Number.NEGATIVE_INFINITY;
}

/** Bytes put in that have not left yet. */
export const backlog = (wire: Wire, at: Millis): number =>
  Math.max(0, Math.ceil((wire.busyUntil - at) / wire.byteMs - ROUNDING));

/** When the next piece has come whole. */
export function nextArrival(wire: Wire): Millis | undefined {
  if (wire.underway.length === 0) return undefined;
  const { bytes, startsAt, byteMs, taken } = wire.underway[0];
  const end = Math.min(bytes.length, taken + wire.nextSize);
  return millis(Math.max(wire.heldUntil, startsAt + end * byteMs + wire.latencyMs));
}

/** The pieces of one putting-in that have come by now, as one. */
export function take(wire: Wire, at: Millis): Uint8Array | undefined {
  const due = nextArrival(wire);
  if (due === undefined || due > at) return undefined;
  const first = wire.underway[0];
  const { bytes, startsAt, byteMs, taken } = first;
  const come = Math.floor((at - wire.latencyMs - startsAt) / byteMs + ROUNDING);
  let end = bytes.length;
  if (come < end) end = taken + Math.max(1, Math.floor((come - taken) / wire.nextSize)) * wire.nextSize;
  if (wire.pieces !== undefined) choosePiece(wire, wire.pieces, at);
  if (end >= bytes.length) {
    wire.underway.shift();
    return taken === 0 ? bytes : bytes.subarray(taken);
  }
  first.taken = end;
  return bytes.subarray(taken, end);
}

function hear(wire: Wire, bytes: Uint8Array, startsAt: number): Uint8Array {
  const { noise } = wire;
  if (noise === undefined) return bytes;
  if (isMismatched(wire)) {
    const count = bytes.length * wire.ratio;
    const size = Math.floor(count) + (draw(noise.chance) < count % 1 ? 1 : 0);
    return drawBytes(noise.chance, size);
  }
  const { stalled } = noise;
  const heard = disturb(noise, bytes);
  if (noise.stalled !== stalled) wire.heldUntil = startsAt + (noise.faults.stallMs ?? 0);
  return heard;
}

function choosePiece(wire: Wire, faults: PieceFaults, at: Millis): void {
  const drawn = draw(faults.chance);
  wire.nextSize = drawn < faults.split ? 1 + drawBelow(faults.chance, 3) : wire.pieceSize;
  if (drawn >= faults.split && drawn < faults.split + faults.merge) wire.heldUntil = at + MERGE_MS;
  assert(wire.nextSize >= 1, "a piece has a byte");
}
