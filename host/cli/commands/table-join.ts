/** `hardway table join`: takes the file of a table that this kiosk is a member of. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { type Command, InputError, UsageError } from "../command.ts";
import { readTable, TABLE_FILE_SIZE_MAX, tableIn, tablePath, writeTable } from "../kiosk/table-file.ts";
import { exitOfFault, readText } from "../read-text.ts";
import { FILE_OPTION } from "./config-source.ts";
import { fileWords, hex, keyThere, kioskAt, publicKeyOf, refuseKey } from "./own-kiosk.ts";
import { keptPaths, leftPath } from "./table-leave.ts";
import { tableWords } from "./table-words.ts";

export const tableJoin: Command = {
  words: ["table", "join"],
  takes: "FILE",
  about: "Sits this kiosk down at a table that another one has founded with its key.",
  more: `FILE is the founder's table.json. Compare the words of the keys with those that hardway identity show says at each kiosk. A table
that was left and is joined again goes on from the journal that was kept of it.`,
  options: { ...FILE_OPTION },
  async run(input, io) {
    const [from] = input.operands;
    if (from === undefined || input.operands.length > 1) throw new UsageError("table join takes the FILE of a table");
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const { folder } = kiosk;
    const read = tableIn(await readText(from, TABLE_FILE_SIZE_MAX), from);
    if (!read.ok) throw new InputError("unsound", `${read.why}.`, "The founder has it in its folder, as table.json.");
    const { table } = read;
    const there = keyThere(folder);
    const own = publicKeyOf(there);
    if (own === undefined) throw refuseKey(there as Parameters<typeof refuseKey>[0], folder);
    if (!table.members.includes(hex(own))) {
      const next = `Its founder says hardway table create again, with ${hex(own)}.`;
      throw new InputError("foreign", `this kiosk's key is none of the table's members'.`, next);
    }
    const path = tablePath(folder);
    const before = readTable(path);
    if (before.ok && before.table.table !== table.table) {
      const next = `hardway table leave${fileWords(kiosk)} leaves it first.`;
      throw new InputError("failed", `this kiosk is of another table, ${before.table.table.slice(0, 8)}.`, next);
    }
    if (!before.ok && before.isThere)
      throw new InputError("unsound", `${before.why}.`, "Look at it, and move it away.");
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const { kept, place } of keptPaths(folder, table.table)) {
        if (existsSync(kept) && !existsSync(place)) renameSync(kept, place);
      }
      writeTable(path, table);
      rmSync(leftPath(folder, table.table), { force: true });
    } catch (error) {
      const { message } = error as Error;
      throw new InputError(
        exitOfFault(message),
        `writing ${path}: ${message}.`,
        "Choose a place that this user may write.",
      );
    }
    if (io.json) io.record({ type: "table", file: path, ...table });
    for (const line of tableWords(table, hex(own))) io.out(line);
    io.out(`Next: hardway run${fileWords(kiosk)}`);
    return "done";
  },
};
