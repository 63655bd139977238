/** `hardway table leave`: this kiosk is of no table then. What it kept of it is set aside, and nothing is wiped. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileDisk } from "../../storage/file-disk.ts";
import { HISTORY_NAME } from "../../storage/history/history.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import { BELIEF_FILE } from "../kiosk/belief-file.ts";
import { readTable, tablePath } from "../kiosk/table-file.ts";
import { exitOfFault } from "../read-text.ts";
import { FILE_OPTION } from "./config-source.ts";
import { journalPath, kioskAt } from "./own-kiosk.ts";

export const tableLeave: Command = {
  words: ["table", "leave"],
  about: "Leaves the table: its journal and history are set aside, so that it can be joined again.",
  more: `The others count this kiosk as one that is away: it keeps its place and its players' chips there. It must not run meanwhile.`,
  options: { ...FILE_OPTION },
  async run(input, io) {
    if (input.operands.length > 0) throw new UsageError("table leave takes no operands");
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const { folder } = kiosk;
    const path = tablePath(folder);
    const read = readTable(path);
    if (!read.ok) throw new InputError(read.isThere ? "unsound" : "missing", `${read.why}.`, "hardway table list");
    const { table } = read.table;
    const holder = holderOf(journalPath(folder));
    if (holder !== undefined) {
      throw new InputError("busy", `${holder} runs this kiosk.`, "Stop it first: Ctrl-C, or systemctl stop hardway.");
    }
    try {
      for (const { kept, place } of keptPaths(folder, table)) {
        if (!existsSync(place)) continue;
        if (existsSync(kept)) throw new Error(`EEXIST: ${kept} is there already`);
        renameSync(place, kept);
      }
      renameSync(path, leftPath(folder, table));
    } catch (error) {
      const { message } = error as Error;
      throw new InputError(exitOfFault(message), `${message}.`, "Call it as the user whose kiosk this is.");
    }
    if (io.json) io.record({ type: "left", table, file: leftPath(folder, table) });
    io.out(`Left. What was kept of it is beside, and hardway table join ${leftPath(folder, table)} goes on with it.`);
    return "done";
  },
};

export const leftPath = (folder: string, table: string): string => join(folder, `table-${table.slice(0, 8)}.json`);

/** What is kept of a table that was left, and where it is while this kiosk sits there. */
export const keptPaths = (
  folder: string,
  table: string,
): readonly { readonly kept: string; readonly place: string }[] =>
  ["journal", BELIEF_FILE, HISTORY_NAME, `${HISTORY_NAME}-wal`, `${HISTORY_NAME}-shm`].map((name) => ({
    ...{ kept: join(folder, `${name}.${table.slice(0, 8)}`), place: join(folder, name) },
  }));

/** Who has the journal open, in words. */
function holderOf(journal: string): string | undefined {
  if (!existsSync(journal)) return undefined;
  const disk = fileDisk(journal);
  const holder = disk.lock();
  if (holder === undefined) disk.unlock();
  return holder;
}
