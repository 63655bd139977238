/** Everything that can happen to one end of a serial link, and everything it can do to the world. */

import type { PacketClass } from "../core/packet-class.ts";
import type { Millis } from "../core/units.ts";
import type { ProtocolVersion } from "../core/version.ts";
import type { Opening } from "../frame/frame.ts";

export type LinkEvent =
  /** Start, or start over, under a session never used before: what was under way is lost. */
  | { readonly type: "open"; readonly at: Millis; readonly session: number }
  /** Bytes taken from the wire, in any pieces. */
  | { readonly type: "received"; readonly at: Millis; readonly bytes: Uint8Array }
  /** The wire takes this many bytes now, in all. Small, so that an urgent packet overtakes what still waits. Nothing
   * overtakes a frame that was begun: a port that has the memory takes it whole, beyond the room, and is called once a frame
   * instead of once a piece. */
  | { readonly type: "writable"; readonly at: Millis; readonly room: number; readonly whole?: boolean }
  /** The link keeps `bytes`, unchanged, until the packet is acknowledged or lost. */
  | {
      readonly type: "submit";
      readonly at: Millis;
      readonly class: PacketClass;
      readonly bytes: Uint8Array;
      readonly token: number;
    }
  /** A line for the other end's log. What finds no room here is dropped and counted; what the wire spoils is not repeated. */
  | { readonly type: "log"; readonly at: Millis; readonly level: LogLevel; readonly text: string }
  | { readonly type: "tick"; readonly at: Millis };

export type LinkEffect =
  | { readonly type: "transmit"; readonly bytes: Uint8Array }
  /** `version`: what both ends have, the same at both. */
  | { readonly type: "opened"; readonly peer: Opening; readonly version: ProtocolVersion }
  /** No good frame for a while, or the other end started over. The link goes on trying. */
  | { readonly type: "closed"; readonly why: "silent" | "peer started over" | "started over" }
  /** The other end speaks another major version; nothing is said until that changes. */
  | { readonly type: "incompatible"; readonly peer: Opening }
  | { readonly type: "deliver"; readonly class: PacketClass; readonly bytes: Uint8Array }
  /** The other end's link has the packet. */
  | { readonly type: "acknowledged"; readonly token: number }
  /** The link closed first: the other end may have the packet or not. */
  | { readonly type: "lost"; readonly token: number }
  | { readonly type: "refused"; readonly token: number; readonly why: "closed" | "full" | "too long" }
  | { readonly type: "logged"; readonly level: LogLevel; readonly text: string };

/** 0 error, 1 warning, 2 information, 3 detail. */
export type LogLevel = 0 | 1 | 2 | 3;
