/** `hardway table create`: founds a table of this kiosk and others, whose keys it is given. */
import { existsSync, mkdirSync } from "node:fs";
import { NAME_SIZE_MAX, PUBLIC_KEY_SIZE } from "../../../protocol/core/limits.ts";
import { diceKeyOf } from "../../crypto/ristretto-keys.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import { agreedIn } from "../kiosk/agreed.ts";
import { newTable, tablePath, writeTable } from "../kiosk/table-file.ts";
import { exitOfFault } from "../read-text.ts";
import { FILE_OPTION } from "./config-source.ts";
import { fileWords, hex, keyThere, kioskAt, publicKeyOf, refuseKey } from "./own-kiosk.ts";
import { tableWords } from "./table-words.ts";

export const tableCreate: Command = {
  words: ["table", "create"],
  takes: "KEY[=NAME] …",
  about: "Founds a table of this kiosk and of those whose keys are named.",
  more: `KEY is what hardway identity show says at the other kiosk: 64 hexadecimal digits. NAME is what screens call it. How the table
agrees and what is played there is in this kiosk's configuration, and holds for all. The table is a file; carry it to each of the
others, and say there hardway table join FILE.`,
  options: { ...FILE_OPTION },
  async run(input, io) {
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const { folder, config } = kiosk;
    const others = input.operands.map(named);
    const there = keyThere(folder);
    const own = publicKeyOf(there);
    if (own === undefined) throw refuseKey(there as Parameters<typeof refuseKey>[0], folder);
    const keys = [hex(own), ...others.map(({ key }) => key)];
    if (new Set(keys).size < keys.length) throw new UsageError("a key is named twice, or is this kiosk's own");
    const { kiosks } = config.table;
    if (keys.length !== kiosks) {
      const more = `the configuration says that ${kiosks} kiosks found it: name ${kiosks - 1} keys, not ${others.length}`;
      throw new UsageError(`${more}; or hardway config set table.kiosks ${Math.max(2, keys.length)}`);
    }
    const path = tablePath(folder);
    if (existsSync(path)) {
      const next = `hardway table list shows it; hardway table leave${fileWords(kiosk)} leaves it.`;
      throw new InputError("failed", `this kiosk is of a table already.`, next);
    }
    const names = Object.fromEntries([
      [hex(own), config.kiosk.name],
      ...others.flatMap(({ key, name }) => (name === undefined ? [] : [[key, name]])),
    ]);
    const table = newTable(keys, {
      ...{ names, seats: config.table.seats, bets: config.table.bets, agreed: agreedIn(config) },
    });
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeTable(path, table);
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
    io.out(`Carry ${path} to each of the others, and say there`);
    io.out("  hardway table join table.json");
    io.out(`Next: hardway run${fileWords(kiosk)}`);
    return "done";
  },
};

interface Named {
  readonly key: string;
  readonly name: string | undefined;
}

function named(word: string): Named {
  const at = word.indexOf("=");
  const key = (at < 0 ? word : word.slice(0, at)).toLowerCase();
  const name = at < 0 ? undefined : word.slice(at + 1);
  if (!new RegExp(`^[0-9a-f]{${2 * PUBLIC_KEY_SIZE}}$`).test(key)) {
    throw new UsageError(`"${word}" is no key: that is ${2 * PUBLIC_KEY_SIZE} hexadecimal digits`);
  }
  if (diceKeyOf(new Uint8Array(Buffer.from(key, "hex"))) === undefined)
    throw new UsageError(`${key} is no kiosk's key`);
  if (name !== undefined && (name === "" || Buffer.byteLength(name) > NAME_SIZE_MAX)) {
    throw new UsageError(`a name has 1 to ${NAME_SIZE_MAX} bytes`);
  }
  return { key, name };
}
