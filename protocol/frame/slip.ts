/** SLIP (RFC 1055): frames on a wire of bytes. Decoding is bounded, passes what is undamaged as a view, and finds its feet
 * again at the next END after anything. Spans are moved by `indexOf` and `set`, which are native on a board's engine:
 * a third of the cost of going byte by byte. */
import { assert } from "../core/assert.ts";

export const END = 0xc0;
export const ESC = 0xdb;
export const ESC_END = 0xdc;
export const ESC_ESC = 0xdd;

/** Every byte escaped, an END before and an END after. */
export const slipSizeMax = (frameSize: number): number => 2 * frameSize + 2;

/** Writes the escaped frame and its END into `wire`, which has room for the worst case; answers where it ended. */
export function slipEncode(frame: Uint8Array, wire: Uint8Array, start: number): number {
  assert(wire.length - start >= slipSizeMax(frame.length) - 1, "the wire buffer has room for the worst case");
  let from = 0;
  let to = start;
  let endAt = frame.indexOf(END);
  let escAt = frame.indexOf(ESC);
  while (endAt >= 0 || escAt >= 0) {
    const isEnd = escAt < 0 || (endAt >= 0 && endAt < escAt);
    const at = isEnd ? endAt : escAt;
    if (at > from) wire.set(frame.subarray(from, at), to);
    to += at - from;
    wire[to++] = ESC;
    wire[to++] = isEnd ? ESC_END : ESC_ESC;
    from = at + 1;
    if (isEnd) endAt = frame.indexOf(END, from);
    else escAt = frame.indexOf(ESC, from);
  }
  wire.set(from === 0 ? frame : frame.subarray(from), to);
  to += frame.length - from;
  wire[to++] = END;
  return to;
}

export type SlipFault = "bad escape" | "oversized";

/** The half of a frame that has arrived. */
export interface Slip {
  readonly buffer: Uint8Array;
  length: number;
  escaping: boolean;
  fault: SlipFault | undefined;
  /** Bytes on the wire since the last END. */
  wireSize: number;
  /** Set by `slipDecode` when an END closed a frame: a view of the input or of the buffer, good until the next call. */
  frame: Uint8Array | undefined;
  /** Set instead of `frame` when what the END closed was damaged. */
  refused: SlipFault | undefined;
  /** With `frame`: what it took on the wire, its END included. */
  frameWireSize: number;
}

export function slip(frameSizeMax: number): Slip {
  return {
    buffer: new Uint8Array(frameSizeMax),
    length: 0,
    escaping: false,
    fault: undefined,
    wireSize: 0,
    frame: undefined,
    refused: undefined,
    frameWireSize: 0,
  };
}

/** Takes bytes from `from` up to and including the next END, or all there are; answers where it stopped. Empty frames pass
 * unmentioned: an END before a frame only flushes noise. */
export function slipDecode(slip: Slip, chunk: Uint8Array, from: number): number {
  slip.frame = undefined;
  slip.refused = undefined;
  const endAt = chunk.indexOf(END, from);
  const spanEnd = endAt < 0 ? chunk.length : endAt;
  const span = from === 0 && spanEnd === chunk.length ? chunk : chunk.subarray(from, spanEnd);
  slip.wireSize += span.length;
  const escAt = span.indexOf(ESC);
  const whole = endAt >= 0 && slip.length === 0 && !slip.escaping && slip.fault === undefined;
  if (whole && escAt < 0 && span.length <= slip.buffer.length) {
    if (span.length > 0) slip.frame = span;
  } else {
    append(slip, span, escAt);
    if (endAt < 0) return spanEnd;
    if (slip.escaping) slip.fault = slip.fault ?? "bad escape";
    if (slip.fault !== undefined) slip.refused = slip.fault;
    else if (slip.length > 0) slip.frame = slip.buffer.subarray(0, slip.length);
  }
  slip.frameWireSize = slip.wireSize + 1;
  slip.length = 0;
  slip.escaping = false;
  slip.fault = undefined;
  slip.wireSize = 0;
  return endAt + 1;
}

/** `escAt`: the first ESC of the span, or negative. */
function append(slip: Slip, span: Uint8Array, escAt: number): void {
  if (slip.fault !== undefined) return;
  let from = 0;
  if (slip.escaping && span.length > 0) {
    slip.escaping = false;
    from = 1;
    if (!putUnescaped(slip, span[0])) return;
  }
  for (;;) {
    const to = escAt < 0 ? span.length : escAt;
    if (slip.length + (to - from) > slip.buffer.length) {
      slip.fault = "oversized";
      return;
    }
    if (to > from) slip.buffer.set(span.subarray(from, to), slip.length);
    slip.length += to - from;
    if (escAt < 0) return;
    if (escAt + 1 === span.length) {
      slip.escaping = true;
      return;
    }
    if (!putUnescaped(slip, span[escAt + 1])) return;
    from = escAt + 2;
    escAt = span.indexOf(ESC, from);
  }
}

function putUnescaped(slip: Slip, byte: number): boolean {
  if (byte !== ESC_END && byte !== ESC_ESC) {
    slip.fault = "bad escape";
    return false;
  }
  if (slip.length === slip.buffer.length) {
    slip.fault = "oversized";
    return false;
  }
  slip.buffer[slip.length++] = byte === ESC_END ? END : ESC;
  return true;
}
