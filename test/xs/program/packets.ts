/** Packets that a program sends: each follows from its number, so that whoever receives one needs no copy to compare. */
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";

const SIZES = Object.freeze([1, 2, 110, 244, 245, 1000, 16, 4096]);

export const sizeOf = (number: number): number => SIZES[number % SIZES.length];

export const classOf = (number: number): PacketClass => ((number * 5 + (number >> 3)) & 3) as PacketClass;

export const packetOf = (number: number): Uint8Array => drawBytes(chance(number + 1), sizeOf(number));

export function isPacket(number: number, bytes: Uint8Array): boolean {
  const expected = packetOf(number);
  if (bytes.length !== expected.length) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== expected[at]) return false;
  return true;
}

/** The next number after `number` whose packet has this class: what a receiver waits for. */
export function nextOfClass(number: number, packetClass: PacketClass): number {
  do number += 1;
  while (classOf(number) !== packetClass);
  return number;
}

/** Of each class, the first number. */
export const firstOfClasses = (): number[] => [0, 1, 2, 3].map((each) => nextOfClass(-1, each as PacketClass));
