/** What agreement is about: a deterministic machine that executes operations in the agreed order. The consensus knows it
 * by these five functions alone; its state is plain data. */
import type { AgreedMillis, MemberIndex } from "../../protocol/core/units.ts";

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
}
