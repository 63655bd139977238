/** Packets that anybody can make again from their number: sizes log-uniform from 1 to 4096 B. One of at least four bytes begins
 * with its number; a shorter one tells it from its neighbours. */
import { chance, draw, drawBytes } from "../../protocol/core/chance.ts";
import { PACKET_SIZE_MAX } from "../../protocol/core/limits.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";

/** Further than any sender is ahead of what arrived, and less than the 256 after which one byte comes again. */
const AHEAD_MAX = 200;

export function packetOf(party: number, number: number): Uint8Array {
  const from = chance(2 * number + party);
  const size = Math.min(PACKET_SIZE_MAX, Math.floor(Math.exp(draw(from) * Math.log(PACKET_SIZE_MAX + 1))));
  const packet = drawBytes(from, size);
  for (let i = 0; i < Math.min(4, size); i++) packet[i] = (number >>> (8 * i)) & 0xff;
  return packet;
}

/** Three classes, so that a long packet is overtaken; the fourth is what radios drop to save power. */
export const classOf = (number: number): PacketClass => (number % 3) as PacketClass;

/** The number of a packet that came after another of its class; undefined if nobody sent it. */
export function numberOf(party: number, packet: Uint8Array, after: number): number | undefined {
  for (let number = after + 1; number <= after + AHEAD_MAX; number++) {
    if ((packet[0] ?? -1) !== (number & 0xff)) continue;
    const made = packetOf(party, number);
    if (made.length === packet.length && made.every((byte, i) => byte === packet[i])) return number;
  }
  return undefined;
}
