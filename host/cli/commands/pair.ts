/** `hardway pair`: brings a kiosk that has no table to one that has, by six digits that two people compare. Typed at both. */
import { type Command, InputError, UsageError } from "../command.ts";
import { readTable, tablePath } from "../kiosk/table-file.ts";
import { FILE_OPTION } from "./config-source.ts";
import { kioskAt, openedKey, PASSPHRASE_OPTION } from "./own-kiosk.ts";
import { pairAsMember } from "./pair-member.ts";
import { pairNewcomer } from "./pair-newcomer.ts";

export const pair: Command = {
  words: ["pair"],
  about: "Brings a kiosk without a table to one that has one: both screens show six digits, and people compare them.",
  more: `Type it at both within two minutes, the two kiosks near each other. A kiosk of a table must run, and does it by its page: it
wants the operator's PIN, and the page itself has a card for it. The kiosk without a table uses its radios, and is given the table's
secret and file: then hardway identity mine, hardway table join, hardway run. Never say yes without having seen the other screen.`,
  options: {
    ...FILE_OPTION,
    ...PASSPHRASE_OPTION,
    "pin-file": { value: "FILE", about: "at a kiosk of a table: its first line is the PIN; else it is asked for" },
  },
  async run(input, io) {
    if (input.operands.length > 0) throw new UsageError("pair takes no operands");
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const read = readTable(tablePath(kiosk.folder));
    if (!read.ok && read.isThere) throw new InputError("unsound", `${read.why}.`, "Look at it, and move it away.");
    if (read.ok) await pairAsMember(kiosk, input, io);
    else await pairNewcomer(kiosk, await openedKey(kiosk, input, io), io);
    return "done";
  },
};
