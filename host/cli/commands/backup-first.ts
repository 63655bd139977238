/** Before a board is written: a copy of the kiosk that it is of, so that whatever comes of it can be undone. A machine that only writes
 * boards has no kiosk, and is told so. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { hasJournal, KEY_FILE, smallFile } from "../../backup/kiosk-folder.ts";
import { KEPT_COUNT } from "../../backup/limits.ts";
import { type Input, InputError } from "../command.ts";
import type { Io } from "../io.ts";
import { BACKUPS_FOLDER } from "../kiosk/page-backup.ts";
import { backUp, bewareOf, wordsOf } from "./backup.ts";
import { sourceAt } from "./backup-source.ts";

export async function backUpFirst(input: Input, io: Io): Promise<void> {
  if (input.flag("no-backup")) return;
  const [file, at] = [input.text("file") as string, input.text("at")];
  if (at === undefined && !existsSync(file)) {
    io.err(`No kiosk is here to be backed up first: there is no ${file}.`);
    return;
  }
  const source = await sourceAt(file, at);
  if (at === undefined && !hasJournal(source.folder) && smallFile(source.folder, KEY_FILE) === undefined) {
    io.err(`There is nothing to be backed up first: ${source.folder} has no journal and no key yet.`);
    return;
  }
  const to = input.text("backup-to") ?? join(source.folder, BACKUPS_FOLDER);
  try {
    const made = await backUp(source, { out: undefined, to, keep: KEPT_COUNT, why: "before flashing" });
    if (io.json) io.record({ type: "backup", path: made.path, size: made.size });
    io.out(`Backed up first: ${made.path}, ${made.size} bytes, ${wordsOf(made.manifest)}.`);
    for (const line of bewareOf(made.manifest)) io.err(line);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const next = `${error.next} Or --no-backup writes the board without one.`;
    throw new InputError(
      error.exit,
      `nothing was written to the board, for there is no backup: ${error.message}`,
      next,
    );
  }
}
