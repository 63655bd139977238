/** How a packet is cut. All its parts but the last have one size, fixed when the first leaves, so that an index says where
 * a part belongs and a receiver can place them in any order. */
import { assert } from "../core/assert.ts";
import { FRAGMENTS_MAX, PACKET_SIZE_MAX, PART_OVERHEAD_MAX, WHOLE_OVERHEAD } from "../core/limits.ts";

/** Bytes of the packet in each fragment, given the bytes of a GATT value. A packet that fits one fragment goes whole. */
export function partSize(packetSize: number, valueSize: number): number {
  assert(packetSize > 0 && packetSize <= PACKET_SIZE_MAX, "a packet keeps its bounds");
  return packetSize <= valueSize - WHOLE_OVERHEAD ? packetSize : valueSize - PART_OVERHEAD_MAX;
}

export function partCount(packetSize: number, size: number): number {
  const count = Math.ceil(packetSize / size);
  assert(count <= FRAGMENTS_MAX, "a packet's parts can be counted");
  return count;
}

/** A view. */
export function partOf(packet: Uint8Array, size: number, index: number): Uint8Array {
  assert(index >= 0 && index * size < packet.length, "the part exists");
  return packet.subarray(index * size, Math.min(packet.length, (index + 1) * size));
}
