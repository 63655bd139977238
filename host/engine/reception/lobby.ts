/**
 * Tables that were heard of, for whoever looks for one. Any stranger can announce any table, so this list informs and proves
 * nothing; what it shows first is what kiosks announce that are known here.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../../protocol/core/version.ts";
import type { TableAnnouncement } from "../../../protocol/message/announcement.ts";
import { ANNOUNCERS_MAX, TABLE_FORGOTTEN_MS, TABLES_HEARD_MAX, TABLES_PER_KEY_MAX } from "./limits.ts";
import { type Tolerance, toleranceOf } from "./tolerance.ts";
import { compatible } from "./versions.ts";

export interface Lobby {
  now: Millis;
  /** In the order in which they were first heard. */
  readonly tables: HeardTable[];
}

export interface HeardTable {
  readonly table: Uint8Array;
  /** One each key, the last one said. */
  readonly announcers: Announcer[];
}

interface Announcer {
  readonly key: Uint8Array;
  /** Compared by people, or known from before. */
  readonly isKnown: boolean;
  announcement: TableAnnouncement;
  at: Millis;
}

export interface LobbyEvent {
  readonly at: Millis;
  readonly table: Uint8Array;
  readonly from: Uint8Array;
  readonly isKnown: boolean;
  readonly announcement: TableAnnouncement;
}

export type LobbyVerdict = "new" | "again" | "no members" | "more free than there are" | "announces too many" | "full";

export const lobby = (at: Millis): Lobby => ({ now: at, tables: [] });

/** An announcement in an envelope that its sender signed, and that names the table. The bytes are the lobby's from now on. */
export function onAnnouncement(of: Lobby, event: LobbyEvent): LobbyVerdict {
  forget(of, event.at);
  const { table, from, isKnown, announcement } = event;
  if (announcement.members === 0) return "no members";
  if (announcement.seatsFree > announcement.seats) return "more free than there are";
  const heard = of.tables.find((each) => bytesEqual(each.table, table));
  const own = heard?.announcers.find((each) => bytesEqual(each.key, from));
  if (own !== undefined) {
    own.announcement = announcement;
    own.at = event.at;
    return "again";
  }
  if (tablesOf(of, from) >= TABLES_PER_KEY_MAX) return "announces too many";
  const row: Announcer = { key: from, isKnown, announcement, at: event.at };
  if (heard !== undefined) return addAnnouncer(heard, row);
  if (of.tables.length === TABLES_HEARD_MAX && !makeRoom(of, isKnown)) return "full";
  of.tables.push({ table, announcers: [row] });
  assert(of.tables.length <= TABLES_HEARD_MAX, "tables keep their bound");
  return "new";
}

/** Those who are known push out those who are not, and never the other way round. */
function addAnnouncer({ announcers }: HeardTable, row: Announcer): LobbyVerdict {
  if (announcers.length === ANNOUNCERS_MAX) {
    const stranger = announcers.findIndex((each) => !each.isKnown);
    if (!row.isKnown || stranger < 0) return "full";
    announcers.splice(stranger, 1);
  }
  announcers.push(row);
  return "new";
}

function makeRoom(of: Lobby, isKnown: boolean): boolean {
  const strange = isKnown ? of.tables.findIndex((each) => !each.announcers.some((row) => row.isKnown)) : -1;
  if (strange < 0) return false;
  of.tables.splice(strange, 1);
  return true;
}

const tablesOf = (of: Lobby, key: Uint8Array): number =>
  of.tables.filter(({ announcers }) => announcers.some((row) => bytesEqual(row.key, key))).length;

/** What is not announced any more is gone. */
export function forget(of: Lobby, at: Millis): void {
  assert(at >= of.now, "time runs forward");
  of.now = at;
  for (let i = of.tables.length - 1; i >= 0; i--) {
    const { announcers } = of.tables[i];
    for (let j = announcers.length - 1; j >= 0; j--) {
      if (at >= announcers[j].at + TABLE_FORGOTTEN_MS) announcers.splice(j, 1);
    }
    if (announcers.length === 0) of.tables.splice(i, 1);
  }
}

export const nextDeadline = (of: Lobby): Millis | undefined => {
  let at = Number.POSITIVE_INFINITY;
  for (const { announcers } of of.tables) for (const row of announcers) at = Math.min(at, row.at + TABLE_FORGOTTEN_MS);
  return at === Number.POSITIVE_INFINITY ? undefined : millis(at);
};

/** A table as a person is shown it. */
export interface ListedTable {
  readonly table: Uint8Array;
  readonly announcement: TableAnnouncement;
  readonly tolerance: Tolerance;
  readonly announcers: number;
  readonly isKnown: boolean;
  /** Undefined where one may ask to join. */
  readonly obstacle: Obstacle | undefined;
}

export type Obstacle = "other version" | "unknown features" | "unknown rules" | "no seat" | "full" | "closed";

/** Those that are known first, then by how many announce them. */
export function listTables(of: Lobby, own: ProtocolVersion, rulesKnown: readonly number[]): ListedTable[] {
  const listed = of.tables.map((heard) => listedTable(heard, own, rulesKnown));
  return listed.sort((left, right) => rank(right) - rank(left));
}

const rank = ({ isKnown, announcers }: ListedTable): number => (isKnown ? ANNOUNCERS_MAX + 1 : 0) + announcers;

/** Of what is announced differently the latest of the highest epoch is shown, of those who are known if any is. */
function listedTable(
  { table, announcers }: HeardTable,
  own: ProtocolVersion,
  rulesKnown: readonly number[],
): ListedTable {
  const isKnown = announcers.some((row) => row.isKnown);
  let best: Announcer | undefined;
  for (const row of announcers) {
    if (row.isKnown !== isKnown) continue;
    const { epoch } = row.announcement;
    if (
      best === undefined ||
      epoch > best.announcement.epoch ||
      (epoch === best.announcement.epoch && row.at > best.at)
    ) {
      best = row;
    }
  }
  assert(best !== undefined, "a table is heard of by somebody");
  const { announcement } = best;
  return {
    table,
    announcement,
    tolerance: toleranceOf(announcement.members),
    announcers: announcers.length,
    isKnown,
    obstacle: obstacleOf(announcement, own, rulesKnown),
  };
}

export function obstacleOf(
  announcement: TableAnnouncement,
  own: ProtocolVersion,
  rulesKnown: readonly number[],
): Obstacle | undefined {
  const fit = compatible(announcement.version, own);
  if (!fit.ok) return fit.why;
  if (!rulesKnown.includes(announcement.rules)) return "unknown rules";
  if (announcement.door !== "open") return announcement.door;
  return announcement.seatsFree === 0 ? "no seat" : undefined;
}
