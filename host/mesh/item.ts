/** What waits for one neighbour: a message that many wait for, or a packet that is for this one. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Series } from "./events.ts";
import type { MessageId } from "./seen.ts";

export interface Item {
  /** Of a held message; otherwise the packet is here. */
  readonly id: MessageId | undefined;
  readonly packet: Uint8Array | undefined;
  readonly packetClass: PacketClass;
  /** In whose share it goes. */
  readonly origin: string;
  /** Undefined of what stands for itself. */
  readonly series?: Series | undefined;
  readonly tries: number;
  since: Millis;
}
