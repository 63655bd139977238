/** A history as another process reads it, whether its kiosk runs or not: from a copy, so that a reader never stands in the way of
 * whoever writes. */
import { type Copied, withCopy } from "./copy-history.ts";
import { type Answers, answersOf } from "./questions.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { openSqlite } from "./sqlite.ts";

export type HistoryRead<T> = Copied<T>;

export const readHistory = <T>(path: string, read: (answers: Answers) => T): Promise<HistoryRead<T>> =>
  withCopy(path, (copy) => askedOf(copy, read));

function askedOf<T>(copy: string, read: (answers: Answers) => T): HistoryRead<T> {
  try {
    const database = openSqlite(copy);
    try {
      // Its log is read without the memory that processes share.
      database.exec("PRAGMA locking_mode = EXCLUSIVE");
      if (database.all("PRAGMA user_version")[0]?.user_version !== SCHEMA_VERSION) {
        return { ok: false, why: "another version of this program wrote it" };
      }
      return { ok: true, value: read(answersOf(database)) };
    } finally {
      database.close();
    }
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}
