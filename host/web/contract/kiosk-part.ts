/** Which kiosk this is, which table it sits at, and with whom. */
import { z } from "zod";
import { MEMBERS_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";
import { count, hex, label, many, member, orNull, record, share, timeMs, word } from "./forms.ts";

export const KioskPart = record({
  /** What people read on screens. */
  name: label,
  version: label,
  /** Its public key; null before it has one. */
  key: orNull(hex),
  /** Its place among the members; null while it is none. */
  member: orNull(member),
  startedAt: timeMs,
  /** Chips are play money, and there is nothing to be bought. */
  isPlayMoney: z.literal(true),
  /** Radios and air are simulated, so that faults can be made. */
  isVirtual: z.boolean(),
  /** It does and hears nothing, as an operator said, until then. */
  pausedUntil: orNull(timeMs),
});
export type KioskPart = z.output<typeof KioskPart>;

export const TablePart = record({
  /** Null while this kiosk sits at none. */
  id: orNull(hex),
  epoch: count,
  game: word,
  seatsMax: count.max(SEATS_MAX),
  /** Members that may be Byzantine without harm. */
  faultsMax: count,
});
export type TablePart = z.output<typeof TablePart>;

export const Member = record({
  member,
  name: label,
  key: hex,
  isMe: z.boolean(),
  isPrimary: z.boolean(),
  /** How this kiosk reaches it: itself; over a link of its own; over others; not. */
  link: z.enum(["self", "near", "far", "none"]),
  /** When it was last heard; null where it never was, and of this kiosk itself. */
  heardAt: orNull(timeMs),
  /** What is proved against it leaves so much; 1 where nothing is. */
  trust: share,
  /** Seen by this kiosk alone and proof of nothing, so that no player is shown it: how well it has behaved here, and what was
   * odd. Null where too little was seen. */
  reputation: orNull(share),
  oddities: many(word, 8),
  /** Its chips may not be played, or its votes do not count, until somebody has decided about it. */
  isQuarantined: z.boolean(),
});
export type Member = z.output<typeof Member>;

export const MembersPart = many(Member, MEMBERS_MAX);
export type MembersPart = z.output<typeof MembersPart>;
