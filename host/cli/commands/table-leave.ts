/** `hardway table leave`: this kiosk is of no table then. The one that runs gives up its place, which the others agree on; and what it
 * kept of the table is set aside, and nothing is wiped. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileDisk } from "../../storage/file-disk.ts";
import { HISTORY_NAME } from "../../storage/history/history.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { BELIEF_FILE } from "../kiosk/belief-file.ts";
import { forgetLeaveWord, type LeaveWord, leaveWord, writeLeaveWord } from "../kiosk/leave-wish.ts";
import { looksOnIn, ONLOOKER_FILE } from "../kiosk/onlooker-file.ts";
import { readTable, tablePath } from "../kiosk/table-file.ts";
import { exitOfFault } from "../read-text.ts";
import { FILE_OPTION } from "./config-source.ts";
import { journalPath, kioskAt } from "./own-kiosk.ts";

export const tableLeave: Command = {
  words: ["table", "leave"],
  about: "Leaves the table: this kiosk gives up its place, and its journal and history are set aside.",
  more: `Call it while the kiosk runs: the members agree on it then, bets that lie are played to their end, its players' chips stay theirs,
and its process ends. Of a kiosk that does not run the files alone are set aside: the others count it as one that is away, and
it keeps its place until it is joined again and left while it runs.`,
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
    const looksOn = looksOnIn(folder);
    if (holder !== undefined && looksOn) {
      const next = "Stop it first: Ctrl-C, or systemctl stop hardway. Nobody need agree on that.";
      throw new InputError("busy", `${holder} runs this kiosk, which only looks on.`, next);
    }
    if (holder !== undefined && !(await givesUp(folder, holder, io))) return "interrupted";
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
    const hasPlace = holder === undefined && !looksOn;
    if (io.json) io.record({ type: "left", table, file: leftPath(folder, table), hasPlace });
    if (hasPlace) {
      io.out(
        "It did not run, so that the others still count it as a member that is away, with its place and its players' chips.",
      );
      io.out("To give those up: join it again, run it, and call this while it runs.");
    }
    io.out(`Left. What was kept of it is beside, and hardway table join ${leftPath(folder, table)} goes on with it.`);
    return "done";
  },
};

/** The kiosk that runs here orders that it leaves; true when it has left and its process has ended. */
async function givesUp(folder: string, holder: string, io: Io): Promise<boolean> {
  writeLeaveWord(folder, "wanted");
  try {
    const wantedAt = performance.now();
    let isTold = false;
    while (!io.signal.aborted) {
      const word = leaveWord(folder);
      if (word === "left" || word === "few" || word === "no quorum") refuseWord(word);
      if (word === "left" && holderOf(journalPath(folder)) === undefined) return true;
      if (word === "wanted" && performance.now() > wantedAt + TAKEN_UP_WITHIN_MS) {
        throw new InputError("busy", `${holder} runs this kiosk.`, "Stop it first: Ctrl-C, or systemctl stop hardway.");
      }
      if (word === "asked" && !isTold)
        io.err("The members are asked, which takes until the dice that are on their way have fallen …");
      isTold ||= word === "asked";
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return false;
  } finally {
    forgetLeaveWord(folder);
  }
}

function refuseWord(word: LeaveWord): void {
  if (word === "few") {
    const next = "Stop both, and call it at each: the chips of this table are nobody's then.";
    throw new InputError("failed", "two kiosks are at the table: whoever of them goes ends it.", next);
  }
  if (word === "no quorum") {
    throw new InputError("silent", "too few members are here to agree on it.", "Bring the others back, and try again.");
  }
}

const LOOK_EVERY_MS = 200;
/** By whatever else has the journal open, it never is. */
const TAKEN_UP_WITHIN_MS = 5_000;

export const leftPath = (folder: string, table: string): string => join(folder, `table-${table.slice(0, 8)}.json`);

/** What is kept of a table that was left, and where it is while this kiosk sits there. */
export const keptPaths = (
  folder: string,
  table: string,
): readonly { readonly kept: string; readonly place: string }[] =>
  ["journal", BELIEF_FILE, ONLOOKER_FILE, HISTORY_NAME, `${HISTORY_NAME}-wal`, `${HISTORY_NAME}-shm`].map((name) => ({
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
