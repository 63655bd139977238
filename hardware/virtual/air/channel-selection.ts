/** Which of the 37 data channels an event uses (Bluetooth Core, Vol 6 Part B 4.5.8). */
import { type Chance, drawBelow } from "../../../protocol/core/chance.ts";

export const DATA_CHANNELS = 37;

export type Hopping =
  /** Adds the same to each event's channel; Bluetooth 4 knows nothing else. */
  | { readonly kind: 1; readonly hop: number }
  /** Scrambles the event's number. */
  | { readonly kind: 2; readonly identifier: number };

export function hopping(kind: 1 | 2, chance: Chance): Hopping {
  if (kind === 1) return { kind, hop: 5 + drawBelow(chance, 12) };
  return { kind, identifier: drawBelow(chance, 0x10000) };
}

/** Upper half of the access address against the lower. */
export const identifierOf = (accessAddress: number): number => (accessAddress >>> 16) ^ (accessAddress & 0xffff);

/** `used` are the channels of the map, ascending; undefined when all are. */
export function channelAt(hopping: Hopping, event: number, used?: readonly number[]): number {
  if (hopping.kind === 1) {
    const channel = (hopping.hop * (event + 1)) % DATA_CHANNELS;
    return used === undefined || used.includes(channel) ? channel : used[channel % used.length]!;
  }
  const scrambled = scramble(event & 0xffff, hopping.identifier);
  const channel = scrambled % DATA_CHANNELS;
  return used === undefined || used.includes(channel) ? channel : used[(used.length * scrambled) >>> 16]!;
}

function scramble(event: number, identifier: number): number {
  let mixed = event ^ identifier;
  for (let round = 0; round < 3; round++) mixed = (17 * reverseEachByte(mixed) + identifier) & 0xffff;
  return mixed ^ identifier;
}

function reverseEachByte(word: number): number {
  word = ((word & 0x5555) << 1) | ((word >>> 1) & 0x5555);
  word = ((word & 0x3333) << 2) | ((word >>> 2) & 0x3333);
  return ((word & 0x0f0f) << 4) | ((word >>> 4) & 0x0f0f);
}
