/** All that can happen to a replica, and all that it can do to the world. */
import type { Evidence } from "../../../protocol/agreement/evidence.ts";
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import type {
  AgreedMillis,
  Counter,
  Epoch,
  MemberIndex,
  Millis,
  Sequence,
  View,
} from "../../../protocol/core/units.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import type { Record } from "./records.ts";

export type Event =
  /** A seat of this kiosk wants something. */
  | { readonly type: "submit"; readonly at: Millis; readonly seat: number; readonly operation: Uint8Array }
  /** Signed by itself: whoever brought it does not matter. */
  | { readonly type: "said"; readonly at: Millis; readonly said: Said }
  /** Out of an envelope that its sender signed. */
  | { readonly type: "heard"; readonly at: Millis; readonly from: MemberIndex; readonly message: Message }
  /** This kiosk's own clock, in milliseconds since 1970: at the start, and when it was set. */
  | { readonly type: "clock"; readonly at: Millis; readonly wallMs: number }
  /** Which members sleep, as their heartbeats say: one bit each. */
  | { readonly type: "asleep"; readonly at: Millis; readonly members: number }
  /** How often the table's links speak that speak most seldom: see the power states. */
  | { readonly type: "interval"; readonly at: Millis; readonly intervalMs: number }
  | { readonly type: "tick"; readonly at: Millis };

export type Effect =
  /** Durable before any later effect leaves. */
  | { readonly type: "persist"; readonly record: Record }
  | { readonly type: "say"; readonly to: MemberIndex | "all"; readonly said: Said }
  | { readonly type: "send"; readonly to: MemberIndex | "all"; readonly message: Message }
  /** For screens and history: in order, each sequence once in a process' life. */
  | {
      readonly type: "executed";
      readonly sequence: Sequence;
      readonly time: AgreedMillis;
      readonly done: readonly Done[];
    }
  /** A request of this kiosk has come to something. */
  | { readonly type: "answered"; readonly number: Counter; readonly seat: number; readonly result: Uint8Array }
  /** A request of this kiosk was not taken. */
  | { readonly type: "refused"; readonly seat: number; readonly why: RefusedWhy }
  | { readonly type: "entered"; readonly epoch: Epoch; readonly view: View; readonly primary: MemberIndex }
  /** A checkpoint is stable: the journal may be shortened to `liveRecords`. */
  | { readonly type: "stable"; readonly sequence: Sequence }
  /** Against a member, to be shown and to be ordered. */
  | { readonly type: "evidence"; readonly evidence: Evidence }
  /** The link that brought the last event carried something that no honest member says. */
  | { readonly type: "malformed"; readonly why: string }
  /** This kiosk signs nothing until so much more is agreed, because its own memory is not whole. */
  | { readonly type: "muted"; readonly why: string; readonly until: Sequence }
  | { readonly type: "unmuted" }
  /** The table agreed on rules that this software does not have: it must be renewed to go on. */
  | { readonly type: "outdated"; readonly rules: number };

/** Too many of this kiosk's wait; it may not sign now; it would approve of rules that this software does not have. */
export type RefusedWhy = "full" | "silent" | "unknown rules";

export interface Done {
  readonly request: SignedRequest;
  readonly result: Uint8Array;
  /** Had been executed before; the result is the one of that time. */
  readonly repeated: boolean;
}
