/** Why something that came over a link was not taken, and who pays. What no tag or signature proves is charged to the link alone:
 * the identity at its other end need not have written it. */
import type { FrameFault } from "./frames.ts";
import type { IntroductionFault } from "./introduction.ts";
import type { NoiseFault } from "./noise.ts";
import type { RecordFault } from "./receiving.ts";

export type RefusalReason = FrameFault | NoiseFault | IntroductionFault | RecordFault | Own;

type Own =
  | "unknown suite"
  | "secret required"
  | "other secret"
  | "wrong identity"
  | "other identity"
  | "unexpected"
  | "too many handshakes"
  | "too many faults"
  | "no session"
  | "down";

export const REFUSALS: { readonly [why in RefusalReason]: "ignore" | "reject" } = Object.freeze({
  /** A link without encryption is no link. */
  plaintext: "reject",
  "unknown frame": "reject",
  "layout broken": "reject",
  "odd size": "reject",
  "out of range": "reject",
  /** A newer minor version may know more of them. */
  "unknown suite": "ignore",
  /** A handshake without the table's secret where every handshake needs one: the downgrade. */
  "secret required": "reject",
  /** Somebody of another table, or of none, or who means another link. */
  "other secret": "ignore",
  "cut short": "reject",
  "too long": "reject",
  "low-order point": "reject",
  reflected: "reject",
  "does not open": "reject",
  "introduction broken": "reject",
  "own identity": "reject",
  "bad signature": "reject",
  "other version": "ignore",
  /** Not the one that was called. */
  "wrong identity": "reject",
  /** Not the one whose session this link has. */
  "other identity": "reject",
  /** A repetition that came late. */
  unexpected: "ignore",
  "too many handshakes": "reject",
  "too many faults": "reject",
  /** The air delivers a packet once. */
  repeated: "reject",
  "too late": "ignore",
  "record broken": "reject",
  /** The other end may not know yet that ours is over. */
  "no session": "ignore",
  down: "ignore",
});
