/** Eight bytes, big-endian, for a moment: what no clock shows is refused, so the number is exact. */
import type { Codec } from "../../../protocol/bytes/codec.ts";
import type { Reader, Writer } from "../../../protocol/bytes/cursor.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { TIME_MAX_MS } from "../../../protocol/core/limits.ts";

const HIGH = 0x1_0000_0000;

export const time64: Codec<number> = {
  text: `u64 ≤ ${TIME_MAX_MS}`,
  sizeMin: 8,
  sizeMax: 8,
  write(out: Writer, value: number): void {
    assert(Number.isInteger(value) && value >= 0 && value <= TIME_MAX_MS, "a moment fits its layout");
    out.u32(Math.floor(value / HIGH));
    out.u32(value % HIGH);
  },
  read(from: Reader): number {
    const high = from.u32();
    const value = high * HIGH + from.u32();
    if (value > TIME_MAX_MS) from.fail("out of range");
    return value;
  },
};
