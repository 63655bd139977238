/** Layouts of numbers. Fixed widths are big-endian. */
import { assert } from "../core/assert.ts";
import type { Codec } from "./codec.ts";
import type { Reader, Writer } from "./cursor.ts";

const natural = (value: number, max: number): void =>
  assert(Number.isInteger(value) && value >= 0 && value <= max, "a number fits its layout");

export const u8: Codec<number> = {
  text: "u8",
  sizeMin: 1,
  sizeMax: 1,
  write(out: Writer, value: number): void {
    assert((value & 0xff) === value, "a number fits its layout");
    out.u8(value);
  },
  read: (from: Reader): number => from.u8(),
};

export const u16: Codec<number> = {
  text: "u16",
  sizeMin: 2,
  sizeMax: 2,
  write(out: Writer, value: number): void {
    assert((value & 0xffff) === value, "a number fits its layout");
    out.u16(value);
  },
  read: (from: Reader): number => from.u16(),
};

export const u32: Codec<number> = {
  text: "u32",
  sizeMin: 4,
  sizeMax: 4,
  write(out: Writer, value: number): void {
    assert(value >>> 0 === value, "a number fits its layout");
    out.u32(value);
  },
  read: (from: Reader): number => from.u32(),
};

/** −128 … 127, two's complement: signal strengths. */
export const i8: Codec<number> = {
  text: "i8",
  sizeMin: 1,
  sizeMax: 1,
  write(out: Writer, value: number): void {
    natural(value + 128, 0xff);
    out.u8(value & 0xff);
  },
  read: (from: Reader): number => (from.u8() << 24) >> 24,
};

/** One byte that is not every byte. */
export function byteUpTo(max: number): Codec<number> {
  assert(max <= 0xff, "a byte counts to 255");
  return {
    text: `u8 ≤ ${max}`,
    sizeMin: 1,
    sizeMax: 1,
    write(out: Writer, value: number): void {
      natural(value, max);
      out.u8(value);
    },
    read(from: Reader): number {
      const value = from.u8();
      if (value > max) from.fail("out of range");
      return value;
    },
  };
}

export function varint(max: number): Codec<number> {
  assert(Number.isSafeInteger(max), "a varint is exact");
  let sizeMax = 1;
  for (let rest = max; rest >= 128; rest = Math.floor(rest / 128)) sizeMax += 1;
  return {
    text: `varint ≤ ${max}`,
    sizeMin: 1,
    sizeMax,
    write(out: Writer, value: number): void {
      natural(value, max);
      out.varint(value);
    },
    read: (from: Reader): number => from.varint(max),
  };
}

export const bool: Codec<boolean> = {
  text: "bool",
  sizeMin: 1,
  sizeMax: 1,
  write: (out: Writer, value: boolean): void => out.u8(value ? 1 : 0),
  read(from: Reader): boolean {
    const value = from.u8();
    if (value > 1) from.fail("not canonical");
    return value === 1;
  },
};
