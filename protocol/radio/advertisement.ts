/** An advertisement as it goes through the air (Bluetooth Core Specification Supplement, part A): flags, and service data
 * under the UUID of the project's service, of 128 bits, for the short ones belong to members of the Bluetooth SIG. With its
 * data it fills a legacy advertisement to the last byte. Whatever else flies about is not ours. */
import { encode, type ValueOf } from "../bytes/codec.ts";
import { assert } from "../core/assert.ts";
import { ADVERT_SIZE } from "../core/limits.ts";
import { Advert } from "./fields.ts";

/** Of firmware-js/bleservices/radio.json; least significant byte first, as it is on the air. */
export const SERVICE_UUID: readonly number[] = Object.freeze([
  0x6a, 0x77, 0x64, 0x72, 0x61, 0x68, 0x1e, 0x8d, 0x7b, 0x4c, 0x2e, 0x5f, 0x01, 0x00, 0x0a, 0x9d,
]);

/** Legacy advertising has room for no more. */
const ADVERTISEMENT_SIZE_MAX = 31;
const FLAGS = Object.freeze([0x02, 0x01, 0x06]);
const SERVICE_DATA = 0x21;
const UUID_SIZE = 16;
const HEAD = Object.freeze([...FLAGS, 1 + UUID_SIZE + ADVERT_SIZE, SERVICE_DATA, ...SERVICE_UUID]);

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
    if (size !== 1 + UUID_SIZE + ADVERT_SIZE || data[at + 1] !== SERVICE_DATA) continue;
    if (isOurs(data, at + 2)) return data.subarray(at + 2 + UUID_SIZE, at + 1 + size);
  }
  return undefined;
}

function isOurs(data: Uint8Array, at: number): boolean {
  for (let i = 0; i < UUID_SIZE; i++) if (data[at + i] !== SERVICE_UUID[i]) return false;
  return true;
}

assert(SERVICE_UUID.length === UUID_SIZE, "a UUID has 128 bits");
assert(HEAD.length + ADVERT_SIZE <= ADVERTISEMENT_SIZE_MAX, "an advertisement has room for the service data");
