/** What a member's reception is told, and everything that it can do to the world. */
import type { Millis } from "../../../protocol/core/units.ts";
import type { TableAnnouncement } from "../../../protocol/message/announcement.ts";
import type { ObjectName, Place } from "../../../protocol/message/fields.ts";
import type { JoinAccept, JoinReject, JoinRequest } from "../../../protocol/message/join.ts";
import type { Refusal } from "./refusal.ts";

/** The table as it was agreed on, at this kiosk's stable checkpoint. */
export interface AgreedTable {
  readonly epoch: number;
  readonly view: number;
  readonly rules: number;
  /** Keys, in their order. */
  readonly members: readonly Uint8Array[];
  readonly checkpoint: Place;
  readonly state: ObjectName;
  readonly seats: number;
  readonly seatsFree: number;
  /** Keys that lost their seat by what is proved of them, now or before. */
  readonly excluded: readonly Uint8Array[];
}

/** Who is let in by an order, or that this kiosk leaves. */
export type Subject = Uint8Array | "leave";

export type ReceptionEvent =
  | { readonly type: "table"; readonly at: Millis; readonly agreed: AgreedTable }
  /** Out of an envelope that `from` signed for this table, and that was opened once. The bytes are the reception's from now on. */
  | { readonly type: "asked"; readonly at: Millis; readonly from: Uint8Array; readonly request: JoinRequest }
  /** An envelope with a request whose time is too far from ours. Nobody has looked at its signature. */
  | { readonly type: "offClock"; readonly at: Millis; readonly from: Uint8Array }
  /** What became of `identify`. */
  | {
      readonly type: "identified";
      readonly at: Millis;
      readonly applicant: Uint8Array;
      readonly why: "not identified" | "no stake" | "excluded for what is proved" | undefined;
    }
  /** What the consensus answered to an own order: nothing where it was noted or is due. */
  | {
      readonly type: "ordered";
      readonly at: Millis;
      readonly subject: Subject;
      readonly why: "full" | "few" | "silent" | undefined;
    }
  /** Whoever is at the screen wants this kiosk to leave. */
  | { readonly type: "leave"; readonly at: Millis }
  /** Whether the table takes anybody. */
  | { readonly type: "door"; readonly at: Millis; readonly isOpen: boolean }
  | { readonly type: "tick"; readonly at: Millis };

export type ReceptionEffect =
  | { readonly type: "announce"; readonly announcement: TableAnnouncement }
  /** Let the proof be checked; `identified` answers, also where it cannot be. */
  | { readonly type: "identify"; readonly applicant: Uint8Array; readonly proof: Uint8Array }
  /** For the consensus, by the kiosk itself and no seat; `ordered` answers. */
  | { readonly type: "order"; readonly subject: Subject; readonly operation: Uint8Array }
  | { readonly type: "accept"; readonly to: Uint8Array; readonly accept: JoinAccept }
  | { readonly type: "reject"; readonly to: Uint8Array; readonly reject: JoinReject; readonly why: Refusal }
  /** This kiosk is no member any more: by its own wish, or by what was proved of it. */
  | { readonly type: "left"; readonly wasWished: boolean }
  /** Two are left: who of them goes ends the table, and that is for people to say. */
  | { readonly type: "cannotLeave"; readonly why: "few" | "no quorum" }
  | { readonly type: "ignored"; readonly why: Ignored };

export type Ignored =
  /** It is being looked at. */
  | "asked already"
  | "answered just now"
  | "too many answers"
  | "own request"
  | "no member"
  | "unknown applicant"
  | "nothing ordered"
  | "older table";
