/** What carries packets from kiosk to kiosk, as the loop sees it: links that come and go, each to one neighbour, and packets
 * that arrive whole or not at all. Radios are one such thing, sockets in a test another. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";

/** Never used again within a process. */
export type LinkName = number;

export interface Transport {
  /** Nothing tells whether it arrives; a link that is gone takes it as well. */
  readonly send: (link: LinkName, packetClass: PacketClass, packet: Uint8Array) => void;
  readonly close: () => void;
}

export interface TransportListener {
  /** `peer`: whose key was proved to be at the other end, where anything proves that. */
  readonly onLink: (link: LinkName, isUp: boolean, peer?: Uint8Array) => void;
  /** The bytes are the listener's from now on. */
  readonly onPacket: (link: LinkName, packet: Uint8Array) => void;
}

export type OpenTransport = (listener: TransportListener) => Transport;
