/** What an outbox is told, and everything it can do to the world. */

import type { PacketClass } from "../core/packet-class.ts";
import type { LinkGeneration, Millis } from "../core/units.ts";
import type { PowerState } from "../power/rules.ts";

export type OutboxEvent =
  /** A connection stands; nothing was exchanged on it. `stackQueue`: values that the stack takes in one interval. */
  | {
      readonly type: "up";
      readonly at: Millis;
      readonly generation: LinkGeneration;
      readonly mtu: number;
      readonly stackQueue: number;
      readonly intervalMs: number;
    }
  /** Agreed with the neighbour, or advised for a poor signal; holds for packets begun from now on. */
  | { readonly type: "mtu"; readonly at: Millis; readonly generation: LinkGeneration; readonly mtu: number }
  | { readonly type: "interval"; readonly at: Millis; readonly generation: LinkGeneration; readonly intervalMs: number }
  | { readonly type: "down"; readonly at: Millis; readonly generation: LinkGeneration }
  /** The bytes belong to the outbox until the token is settled or refused. */
  | {
      readonly type: "submit";
      readonly at: Millis;
      readonly generation: LinkGeneration;
      readonly class: PacketClass;
      readonly bytes: Uint8Array;
      readonly token: number;
    }
  /** One GATT value. */
  | { readonly type: "received"; readonly at: Millis; readonly generation: LinkGeneration; readonly bytes: Uint8Array }
  /** The host has the packet that was delivered with this token. */
  | { readonly type: "taken"; readonly at: Millis; readonly token: number }
  | { readonly type: "power"; readonly at: Millis; readonly state: PowerState }
  | { readonly type: "tick"; readonly at: Millis };

export type OutboxEffect =
  /** Hand one value to the stack. */
  | { readonly type: "transmit"; readonly generation: LinkGeneration; readonly bytes: Uint8Array }
  /** Give a packet to the host and say `taken` when it has it. The bytes may be a view of what was received. */
  | {
      readonly type: "deliver";
      readonly generation: LinkGeneration;
      readonly class: PacketClass;
      readonly bytes: Uint8Array;
      readonly token: number;
    }
  /** Once for every packet that was submitted and not refused. */
  | {
      readonly type: "settled";
      readonly generation: LinkGeneration;
      readonly token: number;
      readonly outcome: Outcome;
    }
  | { readonly type: "refused"; readonly generation: LinkGeneration; readonly token: number; readonly why: Refusal }
  /** The neighbour acknowledges nothing, so that nothing can pass: the connection is of no use. Once a link. */
  | { readonly type: "unresponsive"; readonly generation: LinkGeneration };

/** - sent: the neighbour's host has it. - dropped: it has not, for some of it never left. - unknown: it may have it. */
export type Outcome =
  | { readonly type: "sent" }
  | { readonly type: "dropped"; readonly why: "unacknowledged" | "expired" | "power" | "link lost" }
  | { readonly type: "unknown" };

export type Refusal = "no such link" | "size" | "full" | "power" | "asleep";

export interface OutboxCounters {
  transmitted: number;
  /** Fragments sent again, and those that were given up for lost before that. */
  repeated: number;
  lost: number;
  sent: number;
  dropped: number;
  unknown: number;
  refused: number;
  rescued: number;
  delivered: number;
  /** Events about links and tokens that are no more. */
  stale: number;
  /** What came and was refused: not a fragment, outside the window, out of order, against another part, without room. */
  malformed: number;
  outsideWindow: number;
  outOfOrder: number;
  contradictory: number;
  withoutRoom: number;
  /** Acknowledges what was never sent. */
  falselyAcknowledged: number;
  /** Came again, and was acknowledged again. */
  duplicates: number;
}

export const outboxCounters = (): OutboxCounters => ({
  transmitted: 0,
  repeated: 0,
  lost: 0,
  sent: 0,
  dropped: 0,
  unknown: 0,
  refused: 0,
  rescued: 0,
  delivered: 0,
  stale: 0,
  malformed: 0,
  outsideWindow: 0,
  outOfOrder: 0,
  contradictory: 0,
  withoutRoom: 0,
  falselyAcknowledged: 0,
  duplicates: 0,
});
