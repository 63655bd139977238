/** Kinds of cheating, how severe each is, and what it costs where it is proved. */
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import type { CheatKind as CheatKindLayout } from "../../../protocol/message/alert.ts";
import type { SlashReason } from "../stakes/rules.ts";

export type CheatKind = ValueOf<typeof CheatKindLayout>;

/** In the order of their codes. */
export const CHEAT_KINDS: readonly CheatKind[] = Object.freeze([
  "balanceViolation",
  "invalidTransition",
  "forgedSignature",
  "doubleVote",
  "invalidRoll",
  "timestamp",
  "consensusViolation",
]);

/** In thousandths. */
const SEVERITIES: { readonly [Kind in CheatKind]: number } = Object.freeze({
  balanceViolation: 1_000,
  invalidTransition: 900,
  forgedSignature: 800,
  doubleVote: 700,
  invalidRoll: 600,
  timestamp: 500,
  consensusViolation: 400,
});

export const severityOf = (kind: CheatKind): number => SEVERITIES[kind];

/** A clock proves nothing about a person: a batch that a new view proposes again may carry any time, honestly. */
type Costly = Exclude<CheatKind, "timestamp">;

const REASONS: { readonly [Kind in Costly]: SlashReason } = Object.freeze({
  balanceViolation: "invalidStateTransition",
  invalidTransition: "invalidStateTransition",
  forgedSignature: "byzantineFailure",
  doubleVote: "doubleVoting",
  invalidRoll: "byzantineFailure",
  // Under one key a vote and its denial, or wishes and what does not follow from them: two votes, told in another way.
  consensusViolation: "doubleVoting",
});

/** Under which reason the stake answers for it; undefined where it never does. */
export const slashReasonOf = (kind: CheatKind): SlashReason | undefined =>
  kind === "timestamp" ? undefined : REASONS[kind];

/** Whoever contradicts itself under its own key where the members agree: once is enough, and the seat is lost. */
export const breaksAgreement = (kind: CheatKind): boolean => kind === "doubleVote" || kind === "consensusViolation";
