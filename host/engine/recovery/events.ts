/** What the machine of recovery is told, and everything that it can do to the world. */
import type { Millis } from "../../../protocol/core/units.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import type { Heartbeat } from "../../../protocol/message/presence.ts";
import type { PartitionRecovery } from "../../../protocol/message/recovery.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** Where this kiosk's own replica stands. */
export interface Standing {
  readonly view: number;
  /** Proved by a quorum: a place to fall back to. */
  readonly stable: Place;
  /** All up to here was committed before it was executed. */
  readonly executed: Place;
  /** Since when something waits to be decided. */
  readonly waitingSince: Millis | undefined;
}

/** Something of this kiosk's own that does not hold: what it read from its disk, the state that it computed, or what it had done
 * before it was agreed on. */
export type Damage = "journal" | "state" | "speculative";

/** `from` is a place among the members of the epoch of now, out of an envelope that was opened and is new. */
export type RecoveryEvent =
  | { readonly type: "heard"; readonly at: Millis; readonly from: number }
  | { readonly type: "heartbeat"; readonly at: Millis; readonly from: number; readonly said: Heartbeat }
  | { readonly type: "said"; readonly at: Millis; readonly from: number; readonly said: PartitionRecovery }
  | { readonly type: "progress"; readonly at: Millis; readonly standing: Standing }
  /** Another epoch. Tags are what members are called in each other's views. */
  | {
      readonly type: "members";
      readonly at: Millis;
      readonly keys: readonly Uint8Array[];
      readonly tags: readonly Uint8Array[];
    }
  /** A certificate that holds says what stands at a sequence. */
  | { readonly type: "certified"; readonly at: Millis; readonly place: Place; readonly proof: Uint8Array }
  | { readonly type: "damaged"; readonly at: Millis; readonly damage: Damage }
  /** Somebody wants the table as it was at an earlier sequence. */
  | { readonly type: "rollBack"; readonly at: Millis; readonly to: number }
  /** Somebody wants a member out. */
  | {
      readonly type: "exclude";
      readonly at: Millis;
      readonly member: number;
      readonly evidence: Uint8Array | undefined;
    }
  /** Signed bytes prove something of a member. */
  | { readonly type: "convicted"; readonly at: Millis; readonly member: number }
  /** A radio has a link to a member again: bytes may pass, and nobody has signed anything. */
  | { readonly type: "linked"; readonly at: Millis; readonly member: number }
  /** What people answered. */
  | { readonly type: "operator"; readonly at: Millis; readonly choice: "wait" | "tryAgain" }
  | { readonly type: "tick"; readonly at: Millis };

export type RecoveryEffect =
  | { readonly type: "say"; readonly said: PartitionRecovery }
  /** Links to these are wanted, and something signed from them. Counted from one. */
  | { readonly type: "reconnect"; readonly attempt: number; readonly members: number }
  /** Something signed came of a member that was missing, while it was looked for. */
  | { readonly type: "answered"; readonly attempt: number; readonly member: number }
  | { readonly type: "moved"; readonly from: Step; readonly to: Step }
  | { readonly type: "mode"; readonly mode: Mode }
  | { readonly type: "diagnosed"; readonly diagnoses: readonly Diagnosis[] }
  | { readonly type: "askOperator"; readonly why: "no quorum" | "cannot catch up" }
  /** Two certificates say different things of one sequence: more are dishonest than any table of this size bears. Durable, and
   * with what proves it; nothing is ordered, executed or shown as settled any more. */
  | { readonly type: "stop"; readonly first: Certified; readonly second: Certified }
  /** Take the state of that checkpoint, and execute again what was agreed since. */
  | { readonly type: "fallBack"; readonly to: Place; readonly owed: number }
  /** For the consensus, by the kiosk itself and no seat. */
  | { readonly type: "order"; readonly operation: Uint8Array }
  /** Caught up, so long after the quorum was lost. */
  | { readonly type: "rejoined"; readonly afterMs: number }
  | { readonly type: "refused"; readonly why: RecoveryRefusal }
  | { readonly type: "ignored"; readonly why: RecoveryIgnored };

export interface Certified {
  readonly place: Place;
  readonly proof: Uint8Array;
}

/** What the kiosk is doing about it. */
export type Step = "waiting" | "reconnecting" | "readOnly" | "asking" | "catchingUp" | "whole" | "stopped";

/** What people may do meanwhile: everything; everything, and it waits; look; look, and never again more than that. */
export type Mode = "goesOn" | "holds" | "readOnly" | "stopped";

export type RecoveryRefusal =
  /** Only what a third party can check removes a member. */
  | "absence is no evidence"
  | "no such member"
  /** What was agreed on stands; what went wrong is made good by another operation. */
  | "committed: compensated, never undone"
  | "nothing is that far";

export type RecoveryIgnored =
  | "no such member"
  | "own word"
  | "a link is no answer"
  | "known"
  | "too old"
  | "repaired already"
  | "stopped"
  | "nothing was asked";
