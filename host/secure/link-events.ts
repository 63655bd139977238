/** What a secured link is told, and everything it can do to the world. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../protocol/core/version.ts";
import type { RefusalReason } from "./refusals.ts";

export type LinkEvent =
  /** Packets can pass. */
  | { readonly type: "up"; readonly at: Millis }
  /** 32 bytes that nobody can guess, as they were asked for. The bytes are the link's from now on. */
  | { readonly type: "drawn"; readonly at: Millis; readonly bytes: Uint8Array }
  /** A packet, as the neighbour's host handed it over or somebody else made it up. */
  | { readonly type: "received"; readonly at: Millis; readonly packet: Uint8Array }
  /** The bytes are the link's until they are sent. */
  | {
      readonly type: "send";
      readonly at: Millis;
      readonly kind: "message" | "pairing";
      readonly class: PacketClass;
      readonly body: Uint8Array;
      /** The caller's own, which comes back with what is made of it. */
      readonly token?: number | undefined;
    }
  | { readonly type: "down"; readonly at: Millis }
  | { readonly type: "tick"; readonly at: Millis };

export type LinkEffect =
  /** 32 bytes of chance are wanted, in a `drawn`. */
  | { readonly type: "draw" }
  | {
      readonly type: "transmit";
      readonly class: PacketClass;
      readonly packet: Uint8Array;
      readonly token?: number | undefined;
    }
  /** Who is at the other end is proved, again with each renewal. `agreement`: by its place. */
  | {
      readonly type: "opened";
      readonly peer: Uint8Array;
      readonly version: ProtocolVersion;
      readonly transcript: Uint8Array;
      readonly agreement: number;
      readonly isRenewal: boolean;
    }
  /** Opened, once; it may have overtaken others. */
  | { readonly type: "heard"; readonly kind: "message" | "pairing"; readonly body: Uint8Array }
  | {
      readonly type: "unsent";
      readonly kind: "message" | "pairing";
      readonly class: PacketClass;
      readonly body: Uint8Array;
      readonly token?: number | undefined;
      readonly why: "full" | "no session" | "too long" | "down";
    }
  /** Its keys are gone. The next send, or the other end, begins another. */
  | { readonly type: "closed"; readonly why: "idle" | "worn out" | "down" }
  /** No session came of it; it is tried again. */
  | { readonly type: "failed"; readonly why: "no answer" }
  | { readonly type: "refused"; readonly why: RefusalReason; readonly verdict: "ignore" | "reject" };
