/** What carries packets from kiosk to kiosk, as the loop sees it: links that come and go, each to one neighbour whose key is
 * proved, and packets that arrive whole or not at all. Radios are one such thing, sockets in a test another. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { Outcome } from "../mesh/events.ts";

/** Never used again within a process. */
export type LinkName = number;

export interface Transport {
  /** What became of it is told under the token, unless its link goes down. */
  readonly send: (link: LinkName, packetClass: PacketClass, packet: Uint8Array, token: number) => void;
  /** Its neighbour is not wanted; the link is told down when it is. */
  readonly drop: (link: LinkName) => void;
  readonly close: () => void;
}

export interface TransportListener {
  readonly onUp: (link: LinkName, peer: Uint8Array) => void;
  readonly onDown: (link: LinkName) => void;
  /** The bytes are the listener's from now on. */
  readonly onPacket: (link: LinkName, packet: Uint8Array) => void;
  readonly onSettled: (token: number, outcome: Outcome) => void;
}

export type OpenTransport = (listener: TransportListener) => Transport;
