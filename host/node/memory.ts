/** A kiosk's memory: its journal, and what a start makes of it. Nothing here says anything to anybody. */
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import type { Counter } from "../../protocol/core/units.ts";
import { type Founding, found } from "../engine/consensus/found.ts";
import { liveRecords } from "../engine/consensus/live-records.ts";
import type { Record } from "../engine/consensus/records.ts";
import { recover } from "../engine/consensus/restart.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import type { Disk } from "../storage/disk.ts";
import type { Journal } from "../storage/journal/journal.ts";
import { type OpenedJournal, openJournal, type Verdict } from "../storage/journal/open-journal.ts";
import { type Counters, counters } from "./counters.ts";
import { type Belief, beliefRecords, believedIn, forgetUnproved } from "./joining-founding.ts";
import { COMPACT_ABOVE_SIZE, COMPACT_ABOVE_TIMES } from "./limits.ts";
import { NodeRecord } from "./node-record.ts";

export interface Memory<S> {
  readonly journal: Journal;
  readonly verdict: Verdict;
  readonly replica: Replica<S>;
  readonly counters: Counters;
  readonly founders: readonly Uint8Array[];
  /** Records that the start has read. */
  readonly recordCount: number;
  /** Of the journal when it was made short last. */
  shortSize: number;
  /** What stopped the table, where anything did. */
  stopped: StoppedRecord | undefined;
  /** Of a kiosk that came later: in whose words it began. */
  readonly belief: Belief | undefined;
  readonly scratch: Uint8Array;
}

export type StoppedRecord = NodeRecord & { readonly type: "stopped" };

export type Remembered<S> =
  | { readonly ok: true; readonly memory: Memory<S> }
  | Exclude<OpenedJournal, { ok: true }>
  /** Whole, and of another table, or in words that this program does not know. */
  | { readonly ok: false; readonly why: "another table" | "unreadable" };

/** Sees the engine's records as a start reads them, and hands them on: a history is told anew by it. The journal is held then. */
export type Retell = (records: Iterable<Record>) => Iterable<Record>;

export async function remember<S>(
  disk: Disk,
  founding: Founding,
  world: World<S>,
  { retell = (records) => records, belief }: { readonly retell?: Retell; readonly belief?: Belief } = {},
): Promise<Remembered<S>> {
  const opened = await openJournal(disk);
  if (!opened.ok) return opened;
  const { journal, verdict } = opened;
  const refused = async (why: "another table" | "unreadable"): Promise<Remembered<S>> => {
    await journal.close();
    return { ok: false, why };
  };

  const read = reading(founding);
  const damage = verdict.type === "damaged" ? "the journal is damaged" : undefined;
  const isNew = opened.records.length === 0 && damage === undefined;
  const replica =
    isNew && belief === undefined
      ? found(founding, world)
      : recover(
          founding,
          isNew ? beliefRecords(belief as Belief) : retell(recordsIn(opened.records, read)),
          damage,
          world,
        );
  if (read.why !== undefined) return refused(read.why);
  forgetUnproved(replica);
  // Who was no founder asks as everybody does what others heard signed by it.
  if (replica.me >= 0 && replica.members.length > 1) replica.probing ??= { forgot: damage };
  const memory: Memory<S> = {
    ...{ journal, verdict, founders: founding.members, recordCount: opened.records.length, shortSize: 0 },
    replica,
    counters: counters(read.below, founding.wallMs),
    ...{ stopped: read.stopped, belief: isNew ? belief : read.belief },
    scratch: new Uint8Array(NodeRecord.sizeMax),
  };
  if (!read.isFounded) {
    journal.append(
      bytesOf(memory, engineRecord({ type: "founded", table: founding.table, members: founding.members })),
    );
    for (const record of memory.belief === undefined ? [] : beliefRecords(memory.belief)) {
      journal.append(bytesOf(memory, engineRecord(record)));
    }
    await journal.flush();
  }
  return { ok: true, memory };
}

interface Reading {
  readonly founding: Founding;
  isFounded: boolean;
  below: number;
  stopped: StoppedRecord | undefined;
  belief: Belief | undefined;
  why: "another table" | "unreadable" | undefined;
}

const reading = (founding: Founding): Reading => ({
  ...{ founding, isFounded: false, below: 0, stopped: undefined, belief: undefined, why: undefined },
});

/** The engine's, one at a time: a hundred thousand that are all there at once cost more to keep than to read. What cannot be
 * read ends them. */
function* recordsIn(journal: readonly Uint8Array[], read: Reading): Generator<Record> {
  for (const bytes of journal) {
    // Copied, for what is remembered must not keep the whole file in memory.
    const decoded = decode(NodeRecord, new Uint8Array(bytes));
    if (!decoded.ok) read.why = "unreadable";
    else if (decoded.value.type === "counters") read.below = decoded.value.below;
    else if (decoded.value.type === "stopped") read.stopped = decoded.value;
    else {
      const { record } = decoded.value;
      if (!read.isFounded && (record.type !== "founded" || !isTable(record, read.founding))) read.why = "another table";
      read.isFounded = true;
      read.belief ??= believedIn(record);
      if (read.why === undefined) yield record;
    }
    if (read.why !== undefined) return;
  }
}

function isTable(founded: Record & { type: "founded" }, { table, members }: Founding): boolean {
  const isSame = (key: Uint8Array, at: number): boolean => members[at] !== undefined && bytesEqual(members[at], key);
  return bytesEqual(founded.table, table) && founded.members.length === members.length && founded.members.every(isSame);
}

/** Buffered, in the order of calls, until the journal is flushed; "covered": the journal was full and made short, with all
 * that the engine knows by now. */
export async function keep(of: Memory<unknown>, record: NodeRecord): Promise<"kept" | "covered"> {
  for (;;) {
    const appended = of.journal.append(bytesOf(of, record));
    if (appended === "buffered") return "kept";
    if (appended === "full") {
      await shorten(of, record.type === "counters" ? record.below : undefined);
      return "covered";
    }
    // A failed journal says so here.
    await of.journal.flush();
  }
}

/** Durable when this is done, and after every later start. */
export async function keepStopped(of: Memory<unknown>, stopped: StoppedRecord): Promise<void> {
  of.stopped = stopped;
  await keep(of, stopped);
  await of.journal.flush();
}

export const engineRecord = (record: Record): NodeRecord => ({ type: "engine", record });

/** Whether it is worth it, or damage that was dealt with can be put on record. */
export function isLong({ journal, shortSize, replica }: Memory<unknown>, aboveSize = COMPACT_ABOVE_SIZE): boolean {
  if (journal.isDamaged && replica.probing === undefined) return true;
  return journal.size > Math.max(aboveSize, COMPACT_ABOVE_TIMES * shortSize);
}

/** What the engine knows now stands for all that was written. Once others have told what was signed here, damage is healed:
 * what it must not sign is in the records. */
export async function shorten(of: Memory<unknown>, below: Counter | undefined = undefined): Promise<void> {
  const { journal, replica, counters, founders, belief } = of;
  const records = liveRecords(replica, founders);
  // Until a checkpoint of the epoch is here nothing else says which one it is.
  if (belief !== undefined && replica.stable.header.epoch < belief.header.epoch) {
    records.splice(1, 0, ...beliefRecords(belief));
  }
  const all = records.map(engineRecord);
  all.push({ type: "counters", below: below ?? (counters.reserved as Counter) });
  if (of.stopped !== undefined) all.push(of.stopped);
  // The scratch is written again for the next.
  const bytes = all.map((record) => new Uint8Array(bytesOf(of, record)));
  const done = await journal.compact(bytes, { isHealed: replica.probing === undefined });
  if (done === "too large") throw new Error("a kiosk's live records are longer than its journal may be");
  of.shortSize = journal.size;
}

/** A view of the scratch: whoever is given it copies. */
const bytesOf = ({ scratch }: Memory<unknown>, record: NodeRecord): Uint8Array =>
  encode(NodeRecord, record, new Writer(scratch));
