/** What is on its way from one kiosk to another. */
import type { Said } from "../../protocol/agreement/said.ts";
import type { Message } from "../../protocol/message/kinds.ts";

/** On its way. Never changed by anyone once it is said. */
export interface Packet {
  readonly from: number;
  readonly said: Said | undefined;
  readonly message: Message | undefined;
  /** When it left its kiosk, the epoch there. */
  readonly epoch: number;
  /** It arrives as an honest kiosk said it. */
  readonly honest: boolean;
}
