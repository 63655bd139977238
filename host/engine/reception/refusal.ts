/** Why somebody does not get a place, in the words of the members; on the wire each is one of few, with the words beside it. */
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import type { JoinRefusal } from "../../../protocol/message/join.ts";

export type Refusal =
  | "other version"
  | "unknown features"
  | "ten kiosks are at the table"
  | "no seat is free"
  | "a spectator has no seat"
  | "no room for another spectator"
  | "not identified"
  | "no stake"
  | "excluded for what is proved"
  | "the table is closing"
  | "the clock is off"
  | "too many ask"
  | "the members did not approve in time";

type Wire = ValueOf<typeof JoinRefusal>;

const WIRE: { readonly [why in Refusal]: Wire } = Object.freeze({
  "other version": "otherMajorVersion",
  "unknown features": "missingFeature",
  "ten kiosks are at the table": "tableFull",
  "no seat is free": "noSeatFree",
  "a spectator has no seat": "noSeatFree",
  "no room for another spectator": "busy",
  "not identified": "proofRefused",
  "no stake": "proofRefused",
  "excluded for what is proved": "excluded",
  "the table is closing": "closed",
  "the clock is off": "clockOff",
  "too many ask": "busy",
  "the members did not approve in time": "busy",
});

export const wireRefusal = (why: Refusal): Wire => WIRE[why];

/** What another try may change by itself. */
export const isPassing = (refusal: Wire): boolean => refusal === "busy";
