/** Where the next byte is read or written. A reader never throws and never leaves its bytes: its first fault sticks, and
 * every read after it yields zeros, so decoders need no checks of their own and the one at the border is enough. */
import { assert } from "../core/assert.ts";

/** Why bytes were refused. */
export type Fault = "cut short" | "left over" | "out of range" | "not canonical" | "unknown tag" | "too long";

export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;
  fault: Fault | undefined = undefined;
  faultAt = 0;

  constructor(bytes: Uint8Array, end: number = bytes.length) {
    this.bytes = bytes;
    this.end = end;
    this.offset = 0;
  }

  fail(fault: Fault): void {
    if (this.fault === undefined) {
      this.fault = fault;
      this.faultAt = this.offset;
    }
    this.offset = this.end;
  }

  u8(): number {
    if (this.offset < this.end) return this.bytes[this.offset++];
    this.fail("cut short");
    return 0;
  }

  u16(): number {
    const at = this.offset;
    if (at + 2 > this.end) {
      this.fail("cut short");
      return 0;
    }
    this.offset = at + 2;
    return (this.bytes[at] << 8) | this.bytes[at + 1];
  }

  u32(): number {
    const high = this.u16();
    return high * 0x10000 + this.u16();
  }

  /** Seven bits a byte, least significant first; the last byte of a longer number is not zero, so that one number has
   * one encoding. */
  varint(max: number): number {
    let byte = this.u8();
    let value = byte & 0x7f;
    let scale = 128;
    while (byte >= 0x80) {
      if (scale > max) {
        this.fail("out of range");
        return 0;
      }
      byte = this.u8();
      if (byte === 0) {
        this.fail("not canonical");
        return 0;
      }
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    if (value > max) {
      this.fail("out of range");
      return 0;
    }
    return value;
  }

  /** A view, not a copy: whoever keeps it longer than the buffer copies it. */
  view(size: number): Uint8Array {
    const at = this.offset;
    if (at + size > this.end) {
      this.fail("cut short");
      return this.bytes.subarray(0, 0);
    }
    this.offset = at + size;
    return this.bytes.subarray(at, at + size);
  }
}

/** Writes into room reserved for the worst case, which the layout knows. What is taken is a view of a chunk that several
 * results share: small allocations outside the heap cost more than the encoding (measured: 250 of 500 ns a vote). */
export class Writer {
  readonly chunkSize: number;
  bytes: Uint8Array;
  offset = 0;
  private start = 0;

  /** A size, or a buffer of the caller's: then what is taken lives until the caller writes there again. */
  constructor(chunk: number | Uint8Array) {
    this.bytes = typeof chunk === "number" ? new Uint8Array(chunk) : chunk;
    this.chunkSize = this.bytes.length;
  }

  reserve(size: number): void {
    assert(this.offset === this.start, "one result is taken before the next begins");
    if (this.offset + size <= this.bytes.length) return;
    this.bytes = new Uint8Array(Math.max(size, this.chunkSize));
    this.offset = 0;
    this.start = 0;
  }

  u8(value: number): void {
    this.bytes[this.offset++] = value;
  }

  u16(value: number): void {
    const at = this.offset;
    this.bytes[at] = value >>> 8;
    this.bytes[at + 1] = value;
    this.offset = at + 2;
  }

  u32(value: number): void {
    this.u16(Math.floor(value / 0x10000));
    this.u16(value % 0x10000);
  }

  varint(value: number): void {
    // Beyond 31 bits the bitwise operators lose the top.
    while (value >= 0x80000000) {
      this.bytes[this.offset++] = (value % 128) | 0x80;
      value = Math.floor(value / 128);
    }
    while (value >= 0x80) {
      this.bytes[this.offset++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.bytes[this.offset++] = value;
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.offset);
    this.offset += bytes.length;
  }

  take(): Uint8Array {
    const written = this.bytes.subarray(this.start, this.offset);
    this.start = this.offset;
    return written;
  }
}

/** Counts what a writer would write. */
export class Ruler extends Writer {
  constructor() {
    super(0);
  }

  override u8(_value: number): void {
    this.offset += 1;
  }

  override u16(_value: number): void {
    this.offset += 2;
  }

  override u32(_value: number): void {
    this.offset += 4;
  }

  override varint(value: number): void {
    this.offset += 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.offset += 1;
  }

  override put(bytes: Uint8Array): void {
    this.offset += bytes.length;
  }
}
