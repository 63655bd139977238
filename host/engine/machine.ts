/** What agreement is about: a deterministic machine that executes operations in the agreed order. The consensus knows it
 * by these functions alone; its state is plain data. */
import type { Evidence } from "../../protocol/agreement/evidence.ts";
import type { AgreedMillis, Epoch, MemberIndex } from "../../protocol/core/units.ts";
import type { Place } from "../../protocol/message/fields.ts";

export interface Operation {
  /** The kiosk that signed it, and the seat it signed for. */
  readonly client: MemberIndex;
  readonly seat: number;
  /** The version of the rules that the table has agreed on. */
  readonly rules: number;
  /** Of the batch. Clocks do not exist here. */
  readonly time: AgreedMillis;
  readonly bytes: Uint8Array;
}

export interface Machine<S> {
  initial(): S;
  /** Changes the state in place and answers; what is invalid changes nothing and answers why. Never throws on bytes. */
  execute(state: S, operation: Operation): Uint8Array;
  /** One state, one encoding. */
  snapshot(state: S): Uint8Array;
  /** Undefined where the bytes are no snapshot. */
  restore(bytes: Uint8Array): S | undefined;
  /** When the state itself wants the time to be agreed upon again, with or without operations. */
  deadline(state: S): AgreedMillis | undefined;
  /** The first thing in each batch: what was due by then. */
  advance(state: S, time: AgreedMillis): void;
  /** Of a machine in which it matters who the members are. */
  readonly house?: House<S>;
}

/** Who agrees from the next batch on. */
export interface Membership {
  readonly epoch: Epoch;
  /** Keys, by place. */
  readonly members: readonly Uint8Array[];
  /** From where this epoch's history counts. */
  readonly start: Place;
  readonly time: AgreedMillis;
}

/** Members come and go by the consensus alone. It asks when, tells who, and takes from here whom to let go: what convicts in one
 * of the two convicts in the other. */
export interface House<S> {
  /** Whether they may change in a batch of this time: something that is bound to them may be under way. */
  mayChange(state: S, time: AgreedMillis): boolean;
  change(state: S, next: Membership): void;
  /** Evidence that the consensus was shown and found to hold. True where that is news. */
  convict(state: S, evidence: Uint8Array, time: AgreedMillis): boolean;
  /** Keys of members that have lost their seat by what is proved of them. */
  outcasts(state: S): readonly Uint8Array[];
  /** The operations by which a kiosk shows what the consensus does not judge itself; none where it is known, or too long. */
  bring(state: S, evidence: Evidence): readonly Uint8Array[];
}
