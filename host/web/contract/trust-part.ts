/** What is proved of whom. Suspicion is in the members' own lines and costs nobody anything. */
import { z } from "zod";
import { chips, count, hex, label, many, member, orNull, record, timeMs, word, words } from "./forms.ts";
import { EVIDENCE_SHOWN_MAX } from "./limits.ts";

export const Evidence = record({
  /** Digest of the evidence's bytes. */
  digest: hex,
  /** A kind of cheating, by the judge's own word. */
  kind: word,
  /** Null of one that is no member any more. */
  accused: orNull(member),
  /** What it is called on screens, member or not; nothing where nobody has told. */
  accusedName: label,
  accuser: orNull(member),
  sequence: orNull(count),
  at: orNull(timeMs),
  /** - shown: it was brought. - proved: it stands in the book. - dismissed: it proves nothing. - reversed: it was taken back. */
  verdict: z.enum(["shown", "proved", "dismissed", "reversed"]),
  /** Of the accused's stake. */
  slashed: chips,
  /** It is no member any more, or will not be as soon as all have agreed on who is. */
  hasLostSeat: z.boolean(),
  words,
  /** The signed messages themselves, for whoever checks them; null where only the digest is kept. */
  bytes: orNull(hex),
});
export type Evidence = z.output<typeof Evidence>;

export const TrustPart = record({
  /** The newest last. */
  evidence: many(Evidence, EVIDENCE_SHOWN_MAX),
  /** Of evidence that was brought, since the table began, what was upheld and what was not. */
  upheld: count,
  dismissed: count,
});
export type TrustPart = z.output<typeof TrustPart>;
