/** What a mesh is told, what it asks of whoever can open envelopes, and everything that it can do to the world. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Heartbeat, PeerSeen } from "../../protocol/message/presence.ts";
import type { Refusal } from "./admission.ts";
import type { PeerName } from "./peer-name.ts";

/** By the driver, and never used again within a process. */
export type LinkName = number;

export type MeshEvent =
  /** A session stands: at its other end is who the name says. A stranger is who shares no table with us. */
  | {
      readonly type: "linkUp";
      readonly at: Millis;
      readonly link: LinkName;
      readonly peer: PeerName;
      readonly isStranger: boolean;
    }
  | { readonly type: "linkDown"; readonly at: Millis; readonly link: LinkName }
  /** A packet, after its decryption. The bytes are the mesh's from now on. */
  | { readonly type: "received"; readonly at: Millis; readonly link: LinkName; readonly packet: Uint8Array }
  /** What became of a packet: the neighbour's host has it, has it not, may have it. */
  | { readonly type: "settled"; readonly at: Millis; readonly token: number; readonly outcome: Outcome }
  /** An own envelope, for everyone; `digest` is of what is signed. */
  | {
      readonly type: "say";
      readonly at: Millis;
      readonly packet: Uint8Array;
      readonly digest: Uint8Array;
      readonly packetClass: PacketClass;
      readonly series?: Series | undefined;
    }
  /** An own envelope, for one alone, of which there is much: along a way, and not to everyone. */
  | {
      readonly type: "sendTo";
      readonly at: Millis;
      readonly to: PeerName;
      readonly packet: Uint8Array;
      readonly series?: Series | undefined;
    }
  /** What went along a way brought no answer: another way is next. */
  | { readonly type: "unanswered"; readonly at: Millis; readonly to: PeerName }
  /** Whom to watch: the members of our tables. */
  | { readonly type: "members"; readonly at: Millis; readonly peers: readonly PeerName[] }
  | { readonly type: "tick"; readonly at: Millis };

export type Outcome = "sent" | "dropped" | "unknown";

export type MeshEffect<T> =
  /** `settled` answers each, unless its link goes down. */
  | {
      readonly type: "send";
      readonly link: LinkName;
      readonly packetClass: PacketClass;
      readonly packet: Uint8Array;
      readonly token: number;
    }
  /** Something new, and who brought it. */
  | { readonly type: "deliver"; readonly link: LinkName; readonly what: T }
  /** Something that came along a way, which nobody opened so far. */
  | { readonly type: "arrived"; readonly link: LinkName; readonly envelope: Uint8Array }
  | { readonly type: "close"; readonly link: LinkName; readonly why: Refusal }
  /** It is time for a heartbeat: seal one that names these, and say it. */
  | { readonly type: "beat"; readonly peers: readonly PeerSeen[] }
  | { readonly type: "suspected" | "returned"; readonly peer: PeerName }
  /** No way is known, or the one that was taken is broken. */
  | { readonly type: "noWay" | "wayBroken"; readonly to: PeerName };

/** Of one signer's messages of one name, the one that is furthest says all that the others say: where they wait for a link, only it
 * needs a place. */
export interface Series {
  readonly name: string;
  readonly place: number;
}

/** How this kiosk hashes and opens; functions of their bytes, but for the memory of what was opened. */
export interface MeshPorts<T> {
  hash(bytes: Uint8Array): Uint8Array;
  judge(envelope: Uint8Array): Judged<T> | Misjudged;
}

/** Every signature in it holds, or nobody here can say that one does not. */
export interface Judged<T> {
  readonly ok: true;
  /** A vote leaves out what its reader knows; who is behind cannot tell whether it holds. Then its name covers its signature,
   * so that no forgery takes the name of the honest one, and nobody is known to have said it. */
  readonly isCertain: boolean;
  /** Of what is signed, so that no other packing and no forged number makes another message of it. */
  readonly digest: Uint8Array;
  /** Who signed it, where that is one. */
  readonly origin: PeerName | undefined;
  readonly isMember: boolean;
  /** Said for a place at a table, or in answer: by strangers to all members, and by members to a stranger. */
  readonly isJoining?: boolean;
  readonly packetClass: PacketClass;
  /** Said again under another number. */
  readonly isRepeat: boolean;
  readonly heartbeat: Heartbeat | undefined;
  readonly series?: Series | undefined;
  readonly what: T;
}

/** `reject` is the link's to pay, `ignore` nobody's. */
export interface Misjudged {
  readonly ok: false;
  readonly verdict: "ignore" | "reject";
  readonly why: string;
}
