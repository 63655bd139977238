/** An advertisement as it goes through the air (Bluetooth Core Specification Supplement, part A): flags, and service data
 * under the project's 16-bit UUID. Whatever else flies about is not ours. */
import { decode, encode, type ValueOf } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { ADVERT_SIZE } from "../../protocol/core/limits.ts";
import { Advert } from "../../protocol/radio/fields.ts";

/** Legacy advertising has room for no more. */
const ADVERTISEMENT_SIZE_MAX = 31;
const FLAGS = Object.freeze([0x02, 0x01, 0x06]);
const SERVICE_DATA = 0x16;
const UUID_LOW = 0x77;
const UUID_HIGH = 0xfd;
const HEAD = Object.freeze([...FLAGS, 3 + ADVERT_SIZE, SERVICE_DATA, UUID_LOW, UUID_HIGH]);

export function advertisement(advert: ValueOf<typeof Advert>): Uint8Array {
  const data = new Uint8Array(HEAD.length + ADVERT_SIZE);
  data.set(HEAD);
  data.set(encode(Advert, advert), HEAD.length);
  return data;
}

/** The service data of one of ours; undefined for anything else. */
export function serviceDataOf(data: Uint8Array): Uint8Array | undefined {
  if (data.length !== HEAD.length + ADVERT_SIZE) return undefined;
  for (let at = 0; at < HEAD.length; at++) if (data[at] !== HEAD[at]) return undefined;
  const serviceData = data.subarray(HEAD.length);
  return decode(Advert, serviceData).ok ? serviceData : undefined;
}

assert(HEAD.length + ADVERT_SIZE <= ADVERTISEMENT_SIZE_MAX, "an advertisement has room for the service data");
