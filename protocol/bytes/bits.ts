/** Several small numbers in one byte, the first in the highest bits. */
import { assert } from "../core/assert.ts";
import type { Codec } from "./codec.ts";
import type { Reader, Writer } from "./cursor.ts";

export type BitsOf<F> = { readonly [K in keyof F]: number };

/** Bits that no field names must be zero: one value, one encoding. */
export function bits<const F extends { readonly [name: string]: number }>(fields: F): Codec<BitsOf<F>> {
  const names = Object.keys(fields);
  const widths = names.map((name) => fields[name]);
  const masks = widths.map((width) => (1 << width) - 1);
  const used = widths.reduce((total, width) => total + width, 0);
  assert(used <= 8, "the fields fit one byte");
  return {
    text: `byte of ${names.map((name, i) => `${name}:${widths[i]}`).join(" ")}`,
    sizeMin: 1,
    sizeMax: 1,
    write(out: Writer, value: BitsOf<F>): void {
      let byte = 0;
      for (let i = 0; i < names.length; i++) {
        const part = (value as { [name: string]: number })[names[i]];
        assert((part & masks[i]) === part, "a number fits its bits");
        byte = (byte << widths[i]) | part;
      }
      out.u8(byte);
    },
    read(from: Reader): BitsOf<F> {
      const byte = from.u8();
      if (byte >>> used !== 0) from.fail("not canonical");
      const value: { [name: string]: number } = {};
      let shift = used;
      for (let i = 0; i < names.length; i++) {
        shift -= widths[i];
        value[names[i]] = (byte >>> shift) & masks[i];
      }
      return value as BitsOf<F>;
    },
  };
}
