/** A packet on its way out. */

import type { PacketClass } from "../core/packet-class.ts";
import type { Millis } from "../core/units.ts";
import { partCount, partSize } from "./splitter.ts";

export interface Outgoing {
  readonly class: PacketClass;
  readonly token: number;
  /** Given back when the packet is settled. */
  bytes: Uint8Array | undefined;
  readonly queuedAt: Millis;
  /** From its first fragment on: its place in its class, and how it is cut. */
  order: number;
  partSize: number;
  partCount: number;
  /** The part that leaves next. */
  next: number;
  acknowledged: number;
  /** When a fragment last left for the first time, or was last seen to have arrived. */
  progressAt: Millis;
}

export const outgoing = (packetClass: PacketClass, token: number, bytes: Uint8Array, queuedAt: Millis): Outgoing => ({
  class: packetClass,
  token,
  bytes,
  queuedAt,
  order: 0,
  partSize: 0,
  partCount: 0,
  next: 0,
  acknowledged: 0,
  progressAt: queuedAt,
});

export function begin(packet: Outgoing, order: number, valueSize: number, at: Millis): void {
  const size = (packet.bytes as Uint8Array).length;
  packet.order = order;
  packet.partSize = partSize(size, valueSize);
  packet.partCount = partCount(size, packet.partSize);
  packet.progressAt = at;
}
