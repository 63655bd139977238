/** What a kiosk that wants a place is told, and everything that its wish can do to the world. */
import type { Millis } from "../../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../../protocol/core/version.ts";
import type { TableAnnouncement } from "../../../protocol/message/announcement.ts";
import type { ObjectName, Place } from "../../../protocol/message/fields.ts";
import type { JoinAccept, JoinReject, JoinRequest, Participant } from "../../../protocol/message/join.ts";

export type JoiningEvent =
  /** Somebody at the screen wants a place. `anchors` are members whom this kiosk has its own reasons to believe: a code that
   * people compared, or a key known from before. Without one whoever answers first would be the table. */
  | {
      readonly type: "join";
      readonly at: Millis;
      readonly table: Uint8Array;
      readonly anchors: readonly Uint8Array[];
      readonly request: JoinRequest;
    }
  /** Out of an envelope of that table which `from` signed, opened once. The bytes are the machine's from now on. */
  | {
      readonly type: "announced";
      readonly at: Millis;
      readonly from: Uint8Array;
      readonly announcement: TableAnnouncement;
    }
  | { readonly type: "accept"; readonly at: Millis; readonly from: Uint8Array; readonly accept: JoinAccept }
  | { readonly type: "reject"; readonly at: Millis; readonly from: Uint8Array; readonly reject: JoinReject }
  | { readonly type: "giveUp"; readonly at: Millis }
  | { readonly type: "tick"; readonly at: Millis };

/** A state that members named, and who has it. What is fetched is proved by its certificate, so a name here is a hint. */
export interface Source {
  readonly checkpoint: Place;
  readonly state: ObjectName;
  readonly holders: readonly Uint8Array[];
}

export type JoiningEffect =
  /** Seal it for that table, to whoever hears it. */
  | { readonly type: "ask"; readonly table: Uint8Array; readonly request: JoinRequest }
  /** f + 1 of those who are listed say so, an anchor among them. */
  | {
      readonly type: "joined";
      readonly table: Uint8Array;
      readonly epoch: number;
      readonly view: number;
      readonly version: ProtocolVersion;
      readonly participants: readonly Participant[];
      /** Keys, in their order: where the table's history begins. */
      readonly founders: readonly Uint8Array[];
      readonly rules: number;
      /** What most name first. */
      readonly sources: readonly Source[];
    }
  | {
      readonly type: "refused";
      readonly why: JoinReject["refusal"] | GivenUp;
      readonly reason: string;
      readonly seatsFree: number;
    }
  /** This kiosk's clock is so much behind what an anchor's shows; negative where it is ahead. */
  | { readonly type: "clockOff"; readonly byMs: number }
  | { readonly type: "ignored"; readonly why: JoiningIgnored };

/** Nobody who is believed answered; whoever is at the screen changed their mind; this software cannot follow the table. */
export type GivenUp = "no answer" | "given up" | "unknown rules";

export type JoiningIgnored =
  | "not asking"
  | "asking already"
  | "for somebody else"
  | "no anchor in it"
  | "not of its own list"
  | "not in it"
  | "full";
