/** Packets of the link layer, as they are on the air but for preamble and whitening (Bluetooth Core, Vol 6 Part B 2). */
import type { Hopping } from "../air/channel-selection.ts";
import type { AirSight } from "../air/sights.ts";
import { joined, le16, le24, le32, leAddress } from "./little.ts";

/** Of all advertising. */
export const ADVERTISING_ACCESS = 0x8e89bed6;
export const ADVERTISING_CRC = 0x555555;

/** How the packets of one connection are known. */
export interface Access {
  readonly address: number;
  readonly crc: number;
}

const ADV_IND = 0;
const CONNECT_IND = 5;
const CHANNEL_SELECTION_2 = 0x20;
const SENDER_RANDOM = 0x40;
const TARGET_RANDOM = 0x80;
const ALL_CHANNELS = Object.freeze([0xff, 0xff, 0xff, 0xff, 0x1f]);
/** In units of 1.25 ms: the client begins within this of the window's start. */
const WINDOW_SIZE = 1;

export const advInd = (from: Uint8Array, data: Uint8Array): Uint8Array =>
  joined([ADV_IND | SENDER_RANDOM, 6 + data.length], leAddress(from), data);

export const connectInd = (
  begun: AirSight & { readonly type: "begun" },
  access: Access,
  client: Uint8Array,
  server: Uint8Array,
): Uint8Array => {
  const { hopping, intervalUs, supervisionUs } = begun;
  const selection = hopping.kind === 2 ? CHANNEL_SELECTION_2 : 0;
  return joined(
    [CONNECT_IND | selection | SENDER_RANDOM | TARGET_RANDOM, 34],
    [...leAddress(client), ...leAddress(server), ...le32(access.address), ...le24(access.crc)],
    [WINDOW_SIZE, ...le16(0), ...le16(intervalUs / 1250), ...le16(0), ...le16(supervisionUs / 10_000)],
    // With the second selection the hop is not used, but the standard bounds it all the same.
    [...ALL_CHANNELS, hopping.kind === 1 ? hopping.hop : 5],
  );
};

export type DataKind = "continuation" | "start" | "control";

export function dataPacket(kind: DataKind, bits: DataBits, payload: Uint8Array): Uint8Array {
  const llid = kind === "continuation" ? 1 : kind === "start" ? 2 : 3;
  const { nextExpected, sequence, more } = bits;
  return joined([llid | (nextExpected << 2) | (sequence << 3) | (more << 4), payload.length], payload);
}

export interface DataBits {
  readonly nextExpected: number;
  readonly sequence: number;
  readonly more: number;
}

/** 2.4.2: LL_CONNECTION_UPDATE_IND and LL_TERMINATE_IND. */
export const connectionUpdate = (intervalUs: number, supervisionUs: number, instant: number): Uint8Array =>
  joined(
    [0x00, WINDOW_SIZE, ...le16(0), ...le16(intervalUs / 1250), ...le16(0)],
    [...le16(supervisionUs / 10_000), ...le16(instant)],
  );
export const terminate = (): Uint8Array => Uint8Array.of(0x02, 0x13);

/** 3.1.1: a shift register of 24 bits, least significant bit of each byte first. The result is in the order in which its
 * bytes are on the air. */
export function crc24(packet: Uint8Array, initial: number): readonly number[] {
  let state = reversed24(initial);
  for (const byte of packet) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (state ^ (byte >>> bit)) & 1;
      state = (state >>> 1) ^ (carry === 1 ? 0xda6000 : 0);
    }
  }
  return le24(state);
}

/** 2.1.2 bounds what an access address looks like, so that noise is not taken for one. With the second channel selection it
 * also names the sequence of channels. */
export function accessOf(link: number, hopping: Hopping): Access {
  for (let attempt = 0; ; attempt++) {
    const drawn = mixed(link * 977 + attempt);
    const low = drawn & 0xffff;
    const high = hopping.kind === 2 ? low ^ hopping.identifier : drawn >>> 16;
    const address = ((high << 16) | low) >>> 0;
    if (isAccessAddress(address)) return { address, crc: mixed(link) & 0xffffff };
  }
}

export function isAccessAddress(address: number): boolean {
  const bits = Array.from(address.toString(2).padStart(32, "0")).join("");
  const bytes = new Set(le32(address));
  const changes = (text: string): number => text.replace(/(.)\1*/g, "$1").length - 1;
  return (
    !/0{7}|1{7}/.test(bits) &&
    bytes.size > 1 &&
    changes(bits) <= 24 &&
    changes(bits.slice(0, 6)) >= 2 &&
    differing(address, ADVERTISING_ACCESS) > 1
  );
}

function differing(a: number, b: number): number {
  let count = 0;
  for (let left = (a ^ b) >>> 0; left !== 0; left >>>= 1) count += left & 1;
  return count;
}

/** The finaliser of MurmurHash3: one link's name is as good as another's. */
function mixed(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function reversed24(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 24; bit++) reversed |= ((value >>> bit) & 1) << (23 - bit);
  return reversed;
}
