/** One direction of a wire, as somebody hears it who listens in: frames, what of them is damaged, and the packets that they
 * carry. It asks for nothing again, so that a packet is whole once all of its frames have come in order. */
import { decode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { CLASS_COUNT, SERIAL_FRAME_SIZE_MAX, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { decodeFrame, type Frame } from "../../../protocol/frame/frame.ts";
import { END, type Slip, slip, slipDecode } from "../../../protocol/frame/slip.ts";
import { Command } from "../../../protocol/radio/command.ts";
import { Report } from "../../../protocol/radio/report.ts";
import type { Direction } from "./trace.ts";

export type Heard =
  | { readonly type: "frame"; readonly atMs: number; readonly frame: Frame; readonly wireSize: number }
  /** Bytes up to an END that make no frame. */
  | { readonly type: "noise"; readonly atMs: number; readonly bytes: Uint8Array; readonly why: string }
  /** With the frame that ended it. */
  | {
      readonly type: "packet";
      readonly atMs: number;
      readonly class: PacketClass;
      readonly bytes: Uint8Array;
      readonly said: Said;
    };

/** Undefined: bytes that mean nothing to us. */
export type Said =
  | { readonly type: "command"; readonly command: Command }
  | { readonly type: "report"; readonly report: Report }
  | undefined;

export interface Overhearing {
  readonly direction: Direction;
  readonly slip: Slip;
  /** Undefined: any; it was not heard yet. */
  expected: number | undefined;
  readonly parts: (Uint8Array[] | undefined)[];
  /** Of what `slip` refuses, so that it can be shown. */
  readonly raw: number[];
}

/** Of noise, that is kept to be shown. */
const NOISE_SIZE_MAX = 64;

export const overhearing = (direction: Direction): Overhearing => ({
  direction,
  slip: slip(SERIAL_FRAME_SIZE_MAX),
  expected: undefined,
  parts: [[], [], [], []],
  raw: [],
});

export function overhear(state: Overhearing, atMs: number, bytes: Uint8Array, heard: Heard[]): void {
  for (let at = 0; at < bytes.length; ) {
    const next = slipDecode(state.slip, bytes, at);
    for (let i = at; i < next && state.raw.length < NOISE_SIZE_MAX; i++) state.raw.push(bytes[i]);
    at = next;
    const { frame, refused } = state.slip;
    if (refused !== undefined) heard.push(noiseOf(state, atMs, refused));
    else if (frame !== undefined) onFrame(state, atMs, frame, heard);
    if (bytes[at - 1] === END) state.raw.length = 0;
  }
  state.slip.frame = undefined;
}

/** The port was closed, or opened: what was half heard is over. */
export function interrupt(state: Overhearing): void {
  Object.assign(state.slip, slip(SERIAL_FRAME_SIZE_MAX));
  state.raw.length = 0;
  startOver(state);
}

function onFrame(state: Overhearing, atMs: number, bytes: Uint8Array, heard: Heard[]): void {
  const decoded = decodeFrame(bytes);
  if (!decoded.ok) {
    heard.push(noiseOf(state, atMs, decoded.why));
    return;
  }
  const { frame } = decoded;
  heard.push({ type: "frame", atMs, frame: kept(frame), wireSize: state.slip.frameWireSize });
  if (frame.type === "reset" || frame.type === "resetAck") startOver(state);
  if (frame.type !== "data") return;
  if (state.expected !== undefined && frame.sequence !== state.expected) {
    // Half the circle is behind: said again. What lies ahead shows that a frame was missed.
    if (((frame.sequence - state.expected) & 0xff) >= 0x80) return;
    for (let i = 0; i < CLASS_COUNT; i++) state.parts[i] = undefined;
  }
  state.expected = (frame.sequence + 1) & 0xff;
  onChunk(state, atMs, frame, heard);
}

/** After a miss, a class is deaf until the end of the packet that it was in. */
function onChunk(state: Overhearing, atMs: number, frame: Frame & { type: "data" }, heard: Heard[]): void {
  const { flags, chunk } = frame;
  const parts = state.parts[flags.class];
  if (parts !== undefined) {
    const size = parts.reduce((sum, part) => sum + part.length, 0) + chunk.length;
    if (size > SERIAL_PACKET_SIZE_MAX) state.parts[flags.class] = undefined;
    else parts.push(chunk.slice());
  }
  if (flags.last === 0) return;
  const whole = state.parts[flags.class];
  state.parts[flags.class] = [];
  if (whole === undefined) return;
  const bytes = join(whole);
  const said = saidBy(state.direction, bytes);
  heard.push({ type: "packet", atMs, class: flags.class as PacketClass, bytes, said });
}

export function saidBy(direction: Direction, bytes: Uint8Array): Said {
  if (direction === "down") {
    const decoded = decode(Command, bytes);
    return decoded.ok ? { type: "command", command: decoded.value } : undefined;
  }
  const decoded = decode(Report, bytes);
  return decoded.ok ? { type: "report", report: decoded.value } : undefined;
}

function startOver(state: Overhearing): void {
  state.expected = undefined;
  for (let i = 0; i < CLASS_COUNT; i++) state.parts[i] = [];
}

const noiseOf = (state: Overhearing, atMs: number, why: string): Heard => ({
  type: "noise",
  atMs,
  bytes: Uint8Array.from(state.raw),
  why,
});

/** Its parts are views of a buffer that is used again. */
const kept = (frame: Frame): Frame => {
  if (frame.type === "data") return { ...frame, chunk: frame.chunk.slice() };
  return frame.type === "log" ? { ...frame, text: frame.text.slice() } : frame;
};

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

assert(CLASS_COUNT === 4, "each class has a place for its parts");
