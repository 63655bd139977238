/** What happens to the air, and what it does to radios. A radio is a place in the list that the air was made with. */
import type { Millis } from "../../../protocol/core/units.ts";
import type { Phy } from "../../boards/board.ts";
import type { Position, Wall } from "./path-loss.ts";

/** Counts from one; never used again. */
export type LinkId = number;

export type AirEvent =
  /** At most 31 B, undefined to stop. A server's adverts end when a link begins. */
  | {
      readonly type: "advertise";
      readonly at: Millis;
      readonly node: number;
      readonly data: Uint8Array | undefined;
      readonly intervalMs: number;
    }
  /** A window of nothing stops. */
  | {
      readonly type: "scan";
      readonly at: Millis;
      readonly node: number;
      readonly intervalMs: number;
      readonly windowMs: number;
    }
  /** Waits for the peer's advert however long, and stops scanning. */
  | {
      readonly type: "connect";
      readonly at: Millis;
      readonly node: number;
      readonly to: string;
      readonly wish?: LinkWish;
    }
  | { readonly type: "cancel"; readonly at: Millis; readonly node: number }
  | { readonly type: "disconnect"; readonly at: Millis; readonly node: number; readonly link: LinkId }
  /** A write without response, or a notification. */
  | {
      readonly type: "value";
      readonly at: Millis;
      readonly node: number;
      readonly link: LinkId;
      readonly bytes: Uint8Array;
    }
  /** A client asks, the peer's stack answers by itself. */
  | {
      readonly type: "exchangeMtu";
      readonly at: Millis;
      readonly node: number;
      readonly link: LinkId;
      readonly mtu: number;
    }
  /** Through a native module. */
  | {
      readonly type: "parameters";
      readonly at: Millis;
      readonly node: number;
      readonly link: LinkId;
      readonly intervalMs: number;
      readonly supervisionMs: number;
    }
  | { readonly type: "readRssi"; readonly at: Millis; readonly node: number; readonly link: LinkId }
  /** The board starts afresh: silent, its links forgotten; peers find out by supervision. */
  | { readonly type: "reset"; readonly at: Millis; readonly node: number }
  | { readonly type: "move"; readonly at: Millis; readonly node: number; readonly to: Position }
  | { readonly type: "walls"; readonly at: Millis; readonly walls: readonly Wall[] }
  | { readonly type: "tick"; readonly at: Millis };

export interface LinkWish {
  readonly intervalMs?: number;
  readonly supervisionMs?: number;
  readonly phy?: Phy;
  readonly encrypted?: boolean;
}

export type LostReason = "remote" | "ordered" | "supervision" | "failed";

export type AirEffect =
  | {
      readonly type: "discovered";
      readonly node: number;
      readonly address: string;
      readonly rssiDbm: number;
      readonly data: Uint8Array;
    }
  | {
      readonly type: "connected";
      readonly node: number;
      readonly link: LinkId;
      readonly peer: string;
      readonly role: "server" | "client";
      readonly intervalMs: number;
    }
  | { readonly type: "disconnected"; readonly node: number; readonly link: LinkId; readonly reason: LostReason }
  | { readonly type: "mtu"; readonly node: number; readonly link: LinkId; readonly mtu: number }
  | { readonly type: "value"; readonly node: number; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "rssi"; readonly node: number; readonly link: LinkId; readonly rssiDbm: number }
  | { readonly type: "interval"; readonly node: number; readonly link: LinkId; readonly intervalMs: number }
  | { readonly type: "cancelled"; readonly node: number }
  /** For who watches the air: the board's own program hears nothing of these. */
  | { readonly type: "queueDropped"; readonly node: number; readonly link: LinkId; readonly why: "full" | "tooLong" }
  | { readonly type: "ignored"; readonly node: number; readonly event: AirEvent["type"]; readonly why: IgnoredWhy };

export type IgnoredWhy =
  | "noLink"
  | "linksFull"
  | "pending"
  | "nothingPending"
  | "noCancel"
  | "noNative"
  | "noRssi"
  | "noRole"
  | "noPhy"
  | "clientOnly"
  | "noSuchValue";
