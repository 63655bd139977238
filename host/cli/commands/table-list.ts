/** `hardway table list`: the table that this kiosk is of, and those that it has left. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Command, UsageError } from "../command.ts";
import { type ReadTable, readTable, TABLE_FILE } from "../kiosk/table-file.ts";
import { FILE_OPTION } from "./config-source.ts";
import { fileWords, hex, keyThere, kioskAt, publicKeyOf } from "./own-kiosk.ts";
import { tableWords } from "./table-words.ts";

export const tableList: Command = {
  words: ["table", "list"],
  about: "Shows the table that this kiosk is of, and those that it has left.",
  options: { ...FILE_OPTION },
  async run(input, io) {
    if (input.operands.length > 0) throw new UsageError("table list takes no operands");
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const { folder } = kiosk;
    const own = publicKeyOf(keyThere(folder));
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => LEFT.test(name)) : [];
    const all = [TABLE_FILE, ...names.sort()].map((name) => ({ name, read: readTable(join(folder, name)) }));
    const there = all.filter(({ read }) => read.ok || read.isThere);
    for (const { name, read } of there) {
      const isLeft = name !== TABLE_FILE;
      if (io.json) io.record(recordOf(join(folder, name), isLeft, read));
      if (!read.ok) io.err(`${read.why}.`);
      else {
        for (const line of tableWords(read.table, own === undefined ? undefined : hex(own))) io.out(line);
        if (isLeft) io.out(`  left; hardway table join ${join(folder, name)} goes on with it`);
      }
    }
    if (there.length === 0) {
      io.err(`This kiosk is of no table.\nNext: hardway table create${fileWords(kiosk)}, or hardway table join FILE`);
    }
    return there.some(({ read }) => !read.ok) ? "unsound" : "done";
  },
};

const LEFT = /^table-[0-9a-f]{8}\.json$/;

const recordOf = (file: string, isLeft: boolean, read: ReadTable): unknown =>
  read.ok ? { type: "table", file, isLeft, ...read.table } : { type: "wrong", file, why: read.why };
