/** A warning about a member. It is relayed once and points to evidence; without evidence that a third party can check,
 * it informs people and costs nobody anything. */
import type { ValueOf } from "../bytes/codec.ts";
import { choice, struct } from "../bytes/compound.ts";
import { varint } from "../bytes/numbers.ts";
import { AgreedTime, MemberIndex, ObjectName, Sequence } from "./fields.ts";

/** Severities run from 0 to 1 in thousandths. */
export const SEVERITY_MAX = 1000;

export const CheatKind = choice("CheatKind", {
  balanceViolation: 1,
  invalidTransition: 2,
  forgedSignature: 3,
  doubleVote: 4,
  invalidRoll: 5,
  timestamp: 6,
  consensusViolation: 7,
});

export const CheatAlert = struct("CheatAlert", {
  kind: CheatKind,
  suspect: MemberIndex,
  severity: varint(SEVERITY_MAX),
  sequence: Sequence,
  time: AgreedTime,
  evidence: ObjectName,
});
export type CheatAlert = ValueOf<typeof CheatAlert>;
