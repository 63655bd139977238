/** What dishonest hosts do with what they say, by name. */

export const LIES = Object.freeze([
  /** One vote for half of its neighbours, another for the rest; and as the primary, two proposals. */
  "equivocation",
  /** Votes for what nobody proposed, now and then. */
  "mutation",
  /** Half of its neighbours hear nothing that it says itself. */
  "withholding",
  /** Half of its neighbours hear nothing over it at all. */
  "selectiveSilence",
  /** What it said before, again. */
  "replay",
  /** Requests that mean nothing, as many as it can. */
  "flooding",
  /** As the primary it proposes as late as it dares. */
  "slowPrimary",
  /** Proofs that it passes on have other signatures. */
  "forgedCertificates",
  /** Its part of the dice is said to nobody. */
  "withheldPartial",
  /** Its part of the dice is wrong. */
  "forgedPartial",
] as const);
export type Lie = (typeof LIES)[number];
