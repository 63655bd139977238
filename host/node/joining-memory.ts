/** Which table a kiosk sits at, as its journal says: who joined one knows its founders from there alone. */
import { decode } from "../../protocol/bytes/codec.ts";
import type { Disk } from "../storage/disk.ts";
import { openJournal } from "../storage/journal/open-journal.ts";
import { NodeRecord } from "./node-record.ts";

export interface SatAt {
  readonly table: Uint8Array;
  /** Keys, in their order. */
  readonly founders: readonly Uint8Array[];
}

/** Undefined of a journal that is empty, in use, or of no table that this software knows: whoever starts with it is told why. */
export async function satAt(disk: Disk): Promise<SatAt | undefined> {
  const opened = await openJournal(disk);
  if (!opened.ok) return undefined;
  await opened.journal.close();
  const [first] = opened.records;
  const decoded = first === undefined ? undefined : decode(NodeRecord, new Uint8Array(first));
  if (!decoded?.ok || decoded.value.type !== "engine" || decoded.value.record.type !== "founded") return undefined;
  const { table, members } = decoded.value.record;
  return { table, founders: members };
}
