/** One frame of each type, and the largest, for the golden vectors. */
import { CHUNK_SIZE_MAX, LOG_TEXT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { Frame } from "../../../protocol/frame/frame.ts";

const opening = { session: 0xdeadbeef, major: 1, minor: 2, features: 0x1f, space: 5952, packetSizeMax: 4112 };
const rising = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, at) => at & 0xff);

export const examples: { readonly [name: string]: Frame } = {
  reset: { type: "reset", position: 0xc0db, opening },
  resetAck: { type: "resetAck", position: 3, grant: 131, echo: 0xc0c0c0c0, opening },
  data: {
    type: "data",
    sequence: 7,
    ack: 250,
    position: 0x1234,
    grant: 0xfedc,
    flags: { class: 2, last: 1 },
    chunk: Uint8Array.of(0, 0xc0, 0xdb, 0xdc, 0xdd, 0xff),
  },
  "data with nothing": {
    type: "data",
    sequence: 0,
    ack: 0,
    position: 0,
    grant: 0,
    flags: { class: 0, last: 0 },
    chunk: new Uint8Array(0),
  },
  "the largest data": {
    type: "data",
    sequence: 0xff,
    ack: 0xff,
    position: 0xffff,
    grant: 0xffff,
    flags: { class: 3, last: 1 },
    chunk: rising(CHUNK_SIZE_MAX),
  },
  ack: { type: "ack", ack: 8, position: 0x0102, grant: 0x0304 },
  again: { type: "again", ack: 9, position: 0xffff, grant: 0 },
  log: { type: "log", position: 500, level: 3, text: Uint8Array.from(Buffer.from("radio 1: 2 links, 37 °C")) },
  "the longest log": { type: "log", position: 1, level: 0, text: new Uint8Array(LOG_TEXT_SIZE_MAX).fill(0x61) },
};
