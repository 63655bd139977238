/** The epochs in which envelopes are understood: the present one and the last before it, because whoever was away asks in the
 * words of the epoch that it knows. A member's place is another in each of them; its key is the same. */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { type Epoch, epoch, type MemberIndex, memberIndex } from "../../protocol/core/units.ts";
import type { Table } from "../../protocol/envelope/open.ts";
import { replayWindows } from "../../protocol/envelope/replay.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { OLD_EPOCHS_MAX } from "./limits.ts";

export interface EpochMembers {
  readonly epoch: Epoch;
  readonly members: readonly Uint8Array[];
}

/** The newest first. What was understood before keeps its memory of what was opened. */
export function tablesOf(
  of: Replica<unknown>,
  founders: readonly Uint8Array[],
  before: readonly Table[],
  believed?: EpochMembers,
): Table[] {
  const epochs: EpochMembers[] = [
    { epoch: epoch(0), members: founders },
    ...(believed === undefined ? [] : [believed]),
    ...of.lineage.map(({ header }) => header),
    { epoch: epoch(of.epoch), members: of.members },
  ];
  const tables: Table[] = [];
  for (const { epoch, members } of epochs.reverse()) {
    if (epoch > of.epoch || tables.some((table) => table.epoch === epoch)) continue;
    const known = before.find((table) => table.epoch === epoch);
    tables.push(known ?? { id: of.table, epoch, members, replay: replayWindows(members.length) });
  }
  return tables.slice(0, 1 + OLD_EPOCHS_MAX);
}

/** Its place among the members of now; undefined of one that has left. */
export function placeNow(of: Replica<unknown>, key: Uint8Array): MemberIndex | undefined {
  const place = of.members.findIndex((member) => bytesEqual(member, key));
  return place < 0 ? undefined : memberIndex(place);
}
