/** What a fetcher of objects is told, and everything it can do to the world. */
import type { MemberIndex, Millis } from "../../../protocol/core/units.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import type { SyncStep } from "../../../protocol/message/sync.ts";
import type { Subject } from "./message-size.ts";

export type Chunk = Extract<SyncStep, { type: "chunk" }>;
export type Refuse = Extract<SyncStep, { type: "refuse" }>;
export type Chunks = Extract<SyncStep, { type: "requestChunks" }>;

export type FetchEvent =
  /** An object is wanted whose name is believed, and these members have it. Said again, it adds members and goes on. */
  | {
      readonly type: "want";
      readonly at: Millis;
      readonly subject: Subject;
      readonly name: ObjectName;
      readonly holders: readonly MemberIndex[];
    }
  /** A member says that it has an object. */
  | { readonly type: "offered"; readonly at: Millis; readonly from: MemberIndex; readonly name: ObjectName }
  /** Anything at all that a member signed. */
  | { readonly type: "heard"; readonly at: Millis; readonly from: MemberIndex }
  | { readonly type: "chunk"; readonly at: Millis; readonly from: MemberIndex; readonly chunk: Chunk }
  | { readonly type: "refuse"; readonly at: Millis; readonly from: MemberIndex; readonly refuse: Refuse }
  | { readonly type: "forget"; readonly at: Millis; readonly name: ObjectName }
  /** Another epoch: its members have other places. What is here of each object stays. */
  | { readonly type: "members"; readonly at: Millis; readonly count: number; readonly own: number }
  | { readonly type: "tick"; readonly at: Millis };

export type FetchEffect =
  | { readonly type: "send"; readonly to: MemberIndex; readonly step: Chunks }
  /** Whole, and what its name says; nothing of it is kept here. */
  | { readonly type: "fetched"; readonly name: ObjectName; readonly bytes: Uint8Array }
  /** A chunk in a signed envelope that no honest holder of the object sends: the member is not asked again. */
  | { readonly type: "blame"; readonly peer: MemberIndex; readonly name: ObjectName; readonly why: string }
  /** It is kept as far as it is, and goes on when it is wanted again or offered. */
  | { readonly type: "stalled"; readonly name: ObjectName; readonly why: "no progress" | "nobody has it" }
  /** It was not begun. */
  | { readonly type: "refused"; readonly name: ObjectName; readonly why: "too long" | "full" }
  | { readonly type: "ignored"; readonly why: Ignored };

export type Ignored = "unknown object" | "duplicate" | "barred" | "not asked" | "no such member";
