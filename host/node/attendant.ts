/** Whoever attends to what was agreed: looks at the state after each executed batch, hears what agreement itself has no use for,
 * and wants things said and ordered on this kiosk's own account. The dice have one. */
import type { Millis } from "../../protocol/core/units.ts";
import type { Message } from "../../protocol/message/kinds.ts";

export type AttendantEvent =
  /** The state is that of other decided batches than before, or was never seen. */
  | { readonly type: "decided"; readonly at: Millis }
  /** Out of an envelope that the key `from` signed. */
  | { readonly type: "heard"; readonly at: Millis; readonly from: Uint8Array; readonly message: Message }
  | { readonly type: "tick"; readonly at: Millis };

export type AttendantEffect =
  /** To all. */
  | { readonly type: "say"; readonly message: Message }
  /** By this kiosk, at that seat. */
  | { readonly type: "order"; readonly seat: number; readonly operation: Uint8Array }
  /** What was heard is nothing that an honest member says. */
  | { readonly type: "refuse"; readonly why: string };

export interface Attendant<S> {
  /** Whether messages of the kind are for it. */
  readonly hears: (type: Message["type"]) => boolean;
  readonly step: (event: AttendantEvent, state: S, effects: AttendantEffect[]) => void;
  /** A tick then, at the latest. */
  readonly wakeAt: () => Millis | undefined;
}
