/** What somebody would see who hears the whole air at once: for captures. An air keeps it only where it is watched, and
 * whoever watches takes it away after each step. */
import type { Phy } from "../../boards/board.ts";
import type { Hopping } from "./channel-selection.ts";
import type { LinkId, LostReason } from "./events.ts";
import type { Item } from "./outgoing.ts";

export type AirSight =
  /** On the three advertising channels in a row. */
  | { readonly type: "advert"; readonly atUs: number; readonly node: number; readonly data: Uint8Array }
  /** By one that scans. */
  | {
      readonly type: "heard";
      readonly atUs: number;
      readonly node: number;
      readonly from: number;
      readonly rssiDbm: number;
      readonly data: Uint8Array;
    }
  | {
      readonly type: "begun";
      readonly atUs: number;
      readonly link: LinkId;
      readonly client: number;
      readonly server: number;
      readonly phy: Phy;
      readonly intervalUs: number;
      readonly supervisionUs: number;
      readonly hopping: Hopping;
    }
  | {
      readonly type: "packet";
      /** Of its first bit. */
      readonly atUs: number;
      readonly link: LinkId;
      readonly channel: number;
      /** Of the connection event, by its number. */
      readonly event: number;
      readonly from: "client" | "server";
      readonly rssiDbm: number;
      /** What became of it at its hearer. */
      readonly outcome: PacketOutcome;
      /** Undefined: an empty packet. */
      readonly part: Part | undefined;
    }
  /** For one end. A radio that lost its power or starts afresh says nothing. */
  | {
      readonly type: "ended";
      readonly atUs: number;
      readonly link: LinkId;
      readonly node: number;
      readonly reason: LostReason;
    };

export type PacketOutcome = "heard" | "broken" | "missed";

/** What of an item one packet carries: the next `size` of the `left` bytes. */
export interface Part {
  readonly item: Item;
  readonly left: number;
  readonly size: number;
}
