/** What two ends of a serial wire say to each other. A frame is this layout, then its CRC-16, then SLIP. */
import { bits } from "../bytes/bits.ts";
import { shortBlob } from "../bytes/blobs.ts";
import { about, decode, type ValueOf } from "../bytes/codec.ts";
import { struct, union } from "../bytes/compound.ts";
import { crc16 } from "../bytes/crc16.ts";
import { type Fault, Writer } from "../bytes/cursor.ts";
import { byteUpTo, u8, u16, u32 } from "../bytes/numbers.ts";
import { assert } from "../core/assert.ts";
import {
  CHUNK_SIZE_MAX,
  CRC_SIZE,
  DATA_FRAME_OVERHEAD,
  LOG_TEXT_SIZE_MAX,
  SERIAL_FRAME_SIZE_MAX,
} from "../core/limits.ts";

const position = about(u16, "the sender's count of bytes put on the wire, before this frame's first");
const grant = about(u16, "the sender takes bytes up to this position of the receiver's count");
const ack = about(u8, "the next data frame that the sender waits for");

export const Opening = struct("Opening", {
  session: about(u32, "drawn anew whenever an end starts over; what came before it is void"),
  major: about(u8, "another major version is refused, and says so"),
  minor: u8,
  features: about(u32, "a bit each; both ends use what both have"),
  space: about(u16, "unread bytes that this end can hold"),
  packetSizeMax: about(u16, "the longest packet that this end puts together"),
});
export type Opening = ValueOf<typeof Opening>;

const Position = { ack, position, grant };

export const Frame = union("Frame", {
  reset: [0x01, struct("Reset", { position, opening: Opening })],
  resetAck: [0x02, struct("ResetAck", { position, grant, echo: about(u32, "the session answered"), opening: Opening })],
  data: [
    0x03,
    struct("Data", {
      sequence: u8,
      ...Position,
      flags: about(bits({ class: 2, last: 1 }), "class 0 is the most urgent; last ends the packet"),
      chunk: shortBlob(CHUNK_SIZE_MAX),
    }),
  ],
  ack: [0x04, struct("Ack", Position)],
  again: [
    0x05,
    struct("Again", {
      ack: about(u8, "the data frame that is missing; what came after it is dropped"),
      position,
      grant,
    }),
  ],
  log: [0x06, struct("Log", { position, level: byteUpTo(3), text: about(shortBlob(LOG_TEXT_SIZE_MAX), "UTF-8") })],
});
export type Frame = ValueOf<typeof Frame>;

assert(Frame.sizeMax + CRC_SIZE === SERIAL_FRAME_SIZE_MAX, "the largest frame has just the size allowed");
assert(1 + 1 + 5 + 1 + 1 === DATA_FRAME_OVERHEAD, "the overhead of a data frame is what its fields take");

/** A board puts the native CRC of its SDK here. */
export type Crc = (bytes: Uint8Array, start: number, end: number) => number;

/** The frame with its CRC, before SLIP, written at the start of `into`: a view of it. */
export function encodeFrame(frame: Frame, into: Uint8Array, crc: Crc = crc16): Uint8Array {
  assert(into.length >= SERIAL_FRAME_SIZE_MAX, "the buffer has room for the largest frame");
  const out = new Writer(into);
  Frame.write(out, frame);
  out.u16(crc(into, 0, out.offset));
  return out.take();
}

export type FrameFault = Fault | "damaged";
export type DecodedFrame =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly why: FrameFault };

export function decodeFrame(bytes: Uint8Array, crc: Crc = crc16): DecodedFrame {
  const size = bytes.length - CRC_SIZE;
  if (size < 1) return { ok: false, why: "cut short" };
  if (crc(bytes, 0, size) !== ((bytes[size] << 8) | bytes[size + 1])) return { ok: false, why: "damaged" };
  const decoded = decode(Frame, bytes, size);
  return decoded.ok ? { ok: true, frame: decoded.value } : { ok: false, why: decoded.why };
}
