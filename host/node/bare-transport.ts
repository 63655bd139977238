/** What carries packets that anybody could read or have made up: radios, as they are. The loop takes nothing of this kind; what
 * stands between the two is `secure-transport.ts`. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { Outcome } from "../mesh/events.ts";
import type { RadioAddress } from "../secure/binding.ts";
import type { LinkName } from "./transport.ts";

export interface LinkEnds {
  /** A client opened the connection. */
  readonly role: "client" | "server";
  /** Of this end's radio, as it says itself, and of the other's, as this one sees it. */
  readonly own: RadioAddress;
  readonly other: RadioAddress;
  /** The key that must be there; undefined where any kiosk of the table may be. */
  readonly expected: Uint8Array | undefined;
  /** It was opened to whoever is being paired, and knows no secret. */
  readonly isForPairing?: boolean;
}

export interface BareTransport {
  /** What became of one that has a token is told under it, unless its link goes down. */
  readonly send: (link: LinkName, packetClass: PacketClass, packet: Uint8Array, token?: number) => void;
  /** A session says who is at its other end. */
  readonly proved: (link: LinkName, key: Uint8Array) => void;
  /** Nobody of ours is there, or nobody who behaves. Of this link no more is told but that it is down. */
  readonly drop: (link: LinkName) => void;
  readonly close: () => void;
}

export interface BareListener {
  readonly onUp: (link: LinkName, ends: LinkEnds) => void;
  readonly onDown: (link: LinkName) => void;
  /** The bytes are the listener's from now on. */
  readonly onPacket: (link: LinkName, packet: Uint8Array) => void;
  readonly onSettled: (token: number, outcome: Outcome) => void;
}

export type OpenBareTransport = (listener: BareListener) => BareTransport;
