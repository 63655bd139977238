/** A kiosk's journal as another process reads it, whether its kiosk runs or not: nothing is locked, changed or mended. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Record } from "../../engine/consensus/records.ts";
import type { FoundedGame } from "../../node/craps-table.ts";
import { NodeRecord } from "../../node/node-record.ts";
import { hex } from "../../past/text.ts";
import { DiskError } from "../../storage/disk.ts";
import { fileDisk } from "../../storage/file-disk.ts";
import { namesOn } from "../../storage/journal/names.ts";
import { type Survey, surveyOf } from "../../storage/journal/survey.ts";
import { InputError } from "../command.ts";
import { TABLE_FILE } from "../kiosk/table-file.ts";
import { exitOfFault } from "../read-text.ts";
import { foundedGame } from "./founded-game.ts";

export interface KioskJournal {
  /** Where the kiosk's key and its other files lie. */
  readonly folder: string;
  readonly table: Uint8Array;
  readonly founders: readonly Uint8Array[];
  /** As the table's file says that lies there; the usual where there is none. */
  readonly game: FoundedGame;
  /** Why that is not all there was; undefined where it is. */
  readonly damage: string | undefined;
  readonly recordCount: number;
  /** The engine's, one at a time; `on` is told how many of all have been read. */
  readonly records: (on?: (count: number) => void) => Generator<Record>;
}

/** What a running kiosk replaces while one looks is looked for again. */
const TRIES_MAX = 5;

/** Of a kiosk's folder, or of the journal's own. */
export function readKioskJournal(path: string): KioskJournal {
  const folder = existsSync(join(path, "journal")) ? resolve(path) : dirname(resolve(path));
  const journal = existsSync(join(path, "journal")) ? join(path, "journal") : resolve(path);
  if (!existsSync(journal)) {
    throw new InputError(
      "missing",
      `reading ${path}: it is not there.`,
      "Name a kiosk's folder, as in FOLDER/kiosk-0.",
    );
  }
  const survey = surveyed(journal);
  if (survey.isOfOtherVersion) {
    throw new InputError("foreign", `${journal}: another version of this program wrote it.`, "Read it with that one.");
  }
  const { content, damage } = survey;
  if (content === undefined) {
    const why = damage === undefined ? "no journal is there" : `it cannot be read: ${damage}`;
    const next = damage === undefined ? "Name a kiosk's folder, as in FOLDER/kiosk-0." : "Another kiosk has the same.";
    throw new InputError(damage === undefined ? "missing" : "damaged", `${journal}: ${why}.`, next);
  }
  const first = firstOf(content.records);
  if (first?.type !== "founded") {
    throw new InputError("foreign", `${journal}: it does not begin with a table.`, "Name a kiosk's folder.");
  }
  const { table, members: founders } = first;
  const game = gameOf(folder, table);
  return {
    ...{ folder, table, founders, game, recordCount: content.records.length },
    damage: damage ?? (content.head.isDamaged ? "it was damaged before, and is not healed" : undefined),
    *records(on) {
      for (const [at, bytes] of content.records.entries()) {
        on?.(at);
        const record = recordOf(bytes);
        if (record !== undefined) yield record;
      }
      on?.(content.records.length);
    },
  };
}

function firstOf(records: readonly Uint8Array[]): Record | undefined {
  for (const bytes of records) {
    const record = recordOf(bytes);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** Undefined of what is the process' own. */
function recordOf(bytes: Uint8Array): Record | undefined {
  // Copied, for what is remembered must not keep the whole file in memory.
  const decoded = decode(NodeRecord, new Uint8Array(bytes));
  if (!decoded.ok) {
    throw new InputError(
      "foreign",
      "a record is none that this program knows.",
      "Read it with the version that wrote it.",
    );
  }
  return decoded.value.type === "engine" ? decoded.value.record : undefined;
}

function surveyed(journal: string): Survey {
  for (let tries = 1; ; tries++) {
    try {
      const disk = fileDisk(journal);
      return surveyOf(disk, namesOn(disk));
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (error.code === "ENOENT" && tries < TRIES_MAX) continue;
      throw new InputError(
        exitOfFault(error.message),
        `reading ${journal}: ${error.message}.`,
        "Name a folder you may read.",
      );
    }
  }
}

/** Of the file that a kiosk has of its table, or whoever started several kiosks together beside them. */
function gameOf(folder: string, table: Uint8Array): FoundedGame {
  for (const path of [join(folder, TABLE_FILE), join(dirname(folder), TABLE_FILE)]) {
    const said = existsSync(path) ? saidIn(path) : undefined;
    if (said === undefined) continue;
    if (bytesEqual(said.table, table)) return said.game;
    const why = `the journal in ${folder} is of table ${hex(table)}, and ${path} says ${hex(said.table)}`;
    throw new InputError("foreign", `${why}.`, "See whose journal it is; move one of the two.");
  }
  return {};
}

function saidIn(path: string): { readonly table: Uint8Array; readonly game: FoundedGame } | undefined {
  try {
    const { table, seats, bets } = JSON.parse(readFileSync(path, "utf8")) as { readonly [name: string]: unknown };
    if (typeof table !== "string") return undefined;
    return { table: new Uint8Array(Buffer.from(table, "hex")), game: foundedGame(seats, bets) };
  } catch {
    return undefined;
  }
}
