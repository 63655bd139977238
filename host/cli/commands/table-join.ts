/** `hardway table join`: takes the file of a table that this kiosk is a member of. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { type Belief, beliefOf } from "../../node/joining-founding.ts";
import { readPrivate } from "../../node/private-file.ts";
import { type Command, type Input, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { askForPlace } from "../kiosk/ask-place.ts";
import { writeBelief } from "../kiosk/belief-file.ts";
import { looksOnIn, onlookerPath, writeOnlooker } from "../kiosk/onlooker-file.ts";
import { readTable, TABLE_FILE_SIZE_MAX, type TableFile, tableIn, tablePath, writeTable } from "../kiosk/table-file.ts";
import { exitOfFault, readText } from "../read-text.ts";
import { softwareName } from "../version.ts";
import { FILE_OPTION } from "./config-source.ts";
import { recordPath } from "./identity-record.ts";
import { freeName } from "./init-answers.ts";
import {
  fileWords,
  hex,
  keyThere,
  kioskAt,
  type OwnKiosk,
  openedKey,
  PASSPHRASE_OPTION,
  publicKeyOf,
  refuseKey,
  tableSecret,
} from "./own-kiosk.ts";
import { radiosOf } from "./run.ts";
import { keptPaths, leftPath } from "./table-leave.ts";
import { tableWords } from "./table-words.ts";

export const tableJoin: Command = {
  words: ["table", "join"],
  takes: "FILE",
  about: "Sits this kiosk down at a table that another one has founded.",
  more: `FILE is the founder's table.json. A kiosk that is none of its founders asks the members for a place, over its radios: it wants the
table's secret and an identity for that, and the members must run. Compare the words of the keys with those that hardway identity show says at each kiosk. A table
that was left and is joined again goes on from the journal that was kept of it. With --watch it only looks on: it has no place, no vote and no
seat, and wants the table's secret and no identity.`,
  options: {
    ...FILE_OPTION,
    ...PASSPHRASE_OPTION,
    watch: { about: "only looks on, and shows on its page what the table agrees on" },
  },
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
    const path = tablePath(folder);
    const before = readTable(path);
    if (before.ok && before.table.table !== table.table) {
      const next = `hardway table leave${fileWords(kiosk)} leaves it first.`;
      throw new InputError("failed", `this kiosk is of another table, ${before.table.table.slice(0, 8)}.`, next);
    }
    if (before.ok && JSON.stringify(before.table) !== JSON.stringify(table)) {
      throw new InputError(
        "foreign",
        `${from} says other things of this table than ${path}.`,
        "Ask the founder which is right.",
      );
    }
    if (!before.ok && before.isThere)
      throw new InputError("unsound", `${before.why}.`, "Look at it, and move it away.");
    const isFounder = table.members.includes(hex(own));
    const watches = input.flag("watch");
    if (watches && isFounder) {
      throw new InputError("failed", "this kiosk has founded that table.", "Without --watch it sits down there.");
    }
    if (before.ok && looksOnIn(folder) !== watches) {
      const is = watches ? "has a place" : "only looks on";
      throw new InputError(
        "failed",
        `this kiosk ${is} at that table.`,
        `hardway table leave${fileWords(kiosk)} first.`,
      );
    }
    const kept = keptPaths(folder, table.table).filter(({ kept }) => existsSync(kept));
    const hasLookedOn = kept.some(({ place }) => place === onlookerPath(folder));
    const goesOn = kept.length > 0 && hasLookedOn === watches;
    const isKnown = isFounder || before.ok || goesOn;
    const belief = isKnown ? undefined : await placeAt(kiosk, table, watches, input, io);
    if (io.signal.aborted) return "interrupted";
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // What was kept as somebody who looked on is of no use with a place, and the other way round; it stays beside.
      for (const each of kept) {
        if (!goesOn && !isFounder) renameSync(each.kept, freeName(each.kept));
        else if (!existsSync(each.place)) renameSync(each.kept, each.place);
      }
      if (watches) writeOnlooker(folder);
      else {
        // Of one that was broken off.
        rmSync(onlookerPath(folder), { force: true });
        if (belief !== undefined) writeBelief(folder, belief);
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

/** What it may believe from then on. Nothing is written where it has no place. */
async function placeAt(
  kiosk: OwnKiosk,
  table: TableFile,
  watches: boolean,
  input: Input,
  io: Io,
): Promise<Belief | undefined> {
  const { folder, config } = kiosk;
  const secret = tableSecret(kiosk);
  if (secret === undefined) {
    const next = `hardway init${fileWords(kiosk)} --secret-file FILE, with the one that the founder has.`;
    throw new InputError("unsound", "a kiosk that joins wants the table's secret.", next);
  }
  const proof = watches ? undefined : readPrivate(recordPath(folder));
  if (proof === undefined && !watches) {
    throw new InputError(
      "missing",
      "a kiosk that joins wants an identity.",
      `hardway identity mine${fileWords(kiosk)}`,
    );
  }
  const own = await openedKey(kiosk, input, io);
  const asked = await askForPlace({
    ...{ own, table, secret, radios: radiosOf(config), name: config.kiosk.name, proof, signal: io.signal },
    software: softwareName(),
    onWords: (words) => io.err(`${words} …`),
  });
  switch (asked.type) {
    case "joined":
      return beliefOf(asked);
    case "given up":
      return undefined;
    case "nobody":
      throw new InputError(
        "silent",
        "no kiosk of that table is here.",
        "Start them, bring them nearer, and try again.",
      );
    case "refused": {
      const reason = asked.reason === "" ? asked.why : `${asked.why}: ${asked.reason}`;
      throw new InputError("failed", `the table gives no place: ${reason}.`, "hardway table list; or another table.");
    }
  }
}
