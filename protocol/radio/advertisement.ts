/** An advertisement as it goes through the air (Bluetooth Core Specification Supplement, part A): flags, and service data
 * under the project's 16-bit UUID. Whatever else flies about is not ours. */
import { encode, type ValueOf } from "../bytes/codec.ts";
import { assert } from "../core/assert.ts";
import { ADVERT_SIZE } from "../core/limits.ts";
import { Advert } from "./fields.ts";

/** Least significant byte first, as it is on the air. */
export const SERVICE_DATA_UUID: readonly number[] = Object.freeze([0x77, 0xfd]);

/** Legacy advertising has room for no more. */
const ADVERTISEMENT_SIZE_MAX = 31;
const FLAGS = Object.freeze([0x02, 0x01, 0x06]);
const SERVICE_DATA = 0x16;
const HEAD = Object.freeze([...FLAGS, 3 + ADVERT_SIZE, SERVICE_DATA, ...SERVICE_DATA_UUID]);

/** Whole, as a virtual board puts it on the air; a real stack builds the same from the service data. */
export function advertisement(advert: ValueOf<typeof Advert>): Uint8Array {
  const data = new Uint8Array(HEAD.length + ADVERT_SIZE);
  data.set(HEAD);
  data.set(encode(Advert, advert), HEAD.length);
  return data;
}

/** A view of the service data; undefined where there is none of ours, or of another size. */
export function serviceDataOf(data: Uint8Array): Uint8Array | undefined {
  for (let at = 0; at + 1 < data.length; at += 1 + data[at]) {
    const size = data[at];
    if (size === 0 || at + 1 + size > data.length) return undefined;
    if (size !== 3 + ADVERT_SIZE || data[at + 1] !== SERVICE_DATA) continue;
    if (data[at + 2] !== SERVICE_DATA_UUID[0] || data[at + 3] !== SERVICE_DATA_UUID[1]) continue;
    return data.subarray(at + 4, at + 1 + size);
  }
  return undefined;
}

assert(HEAD.length + ADVERT_SIZE <= ADVERTISEMENT_SIZE_MAX, "an advertisement has room for the service data");
