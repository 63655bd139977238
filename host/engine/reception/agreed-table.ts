/** What the reception needs of what was agreed on: from the header of the stable checkpoint, and from what the game says of its
 * seats. */
import type { CheckpointHeader } from "../../../protocol/agreement/certificate.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { TableResult } from "../consensus/table.ts";
import type { AgreedTable } from "./reception-events.ts";

export interface Seating {
  readonly seats: number;
  readonly seatsFree: number;
  /** Keys that lost their seat by what is proved of them, now or before. */
  readonly excluded: readonly Uint8Array[];
}

export const agreedTable = (header: CheckpointHeader, { seats, seatsFree, excluded }: Seating): AgreedTable => ({
  epoch: header.epoch,
  view: header.view,
  rules: header.rules,
  members: header.members,
  checkpoint: { sequence: header.sequence, digest: header.history },
  state: header.state,
  seats,
  seatsFree,
  excluded,
});

/** What an own order came to. Of refusals two matter here: the others say that it is done or under way. */
export function orderFault(result: Uint8Array): "full" | "few" | undefined {
  const decoded = decode(TableResult, result);
  if (!decoded.ok || decoded.value.type !== "refused") return undefined;
  return REFUSED[decoded.value.why];
}

/** As the results of the consensus number them. */
const REFUSED: readonly ("full" | "few" | undefined)[] = Object.freeze([undefined, undefined, "full", "few"]);
