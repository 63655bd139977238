/** What lies in a kiosk's folder, by the names that the program gives. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { HISTORY_NAME } from "../storage/history/history.ts";
import { SMALL_FILE_SIZE_MAX } from "./limits.ts";

export const JOURNAL_FOLDER = "journal";
export const KEY_FILE = "key";
export const SECRET_FILE = "secret";
export const TABLE_FILE = "table.json";
/** For people: who has none gets one from the journal, as far as that goes back. */
export const HISTORY_FILE = HISTORY_NAME;
/** Its proof of work, which took minutes. */
export const IDENTITY_FILE = "identity";
/** Where a restored kiosk finds the configuration that it had. */
export const CONFIG_COPY_FILE = "config.yaml";
/** In the place of a secret in it: no value that a kiosk takes, so that nobody starts with it unaware. */
export const LEFT_OUT = "(left out)";

/** Undefined where there is none. A file of that name which is longer is none of a kiosk's. */
export function smallFile(folder: string, name: string): Uint8Array | undefined {
  const path = join(folder, name);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined || !there.isFile() || there.size > SMALL_FILE_SIZE_MAX) return undefined;
  return new Uint8Array(readFileSync(path));
}

export const hasJournal = (folder: string): boolean => existsSync(join(folder, JOURNAL_FOLDER));

/** Names of all that is not one of these. */
export function otherNames(folder: string, known: readonly string[]): string[] {
  return readdirSync(folder)
    .filter((name) => !known.includes(name))
    .sort();
}
