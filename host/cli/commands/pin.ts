/** `hardway pin`: sets the PIN by which somebody at the page is this kiosk's operator. What is kept of it opens nothing by itself. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { readPrivate, writePrivate } from "../../node/private-file.ts";
import { pinFault, pinRecord } from "../../web/server/pin.ts";
import { PIN_FILE, pinText } from "../../web/server/pin-record.ts";
import { type Command, type Input, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { exitOfFault, readText } from "../read-text.ts";
import { FILE_OPTION } from "./config-source.ts";
import { askHidden } from "./hidden-answer.ts";
import { kioskAt } from "./own-kiosk.ts";

/** A line is enough. */
const PIN_FILE_SIZE_MAX = 1_024;

export const pin: Command = {
  words: ["pin"],
  about: "Sets the PIN by which somebody at the page is this kiosk's operator.",
  more: `A kiosk that runs takes it up at its next start, and ends every session then. Without a PIN nobody is operator, and the
page listens on this machine alone.`,
  options: {
    ...FILE_OPTION,
    "pin-file": { value: "FILE", about: "its first line is the PIN; else it is asked for" },
    remove: { about: "sets none: nobody is operator any more" },
  },
  async run(input, io) {
    if (input.operands.length !== 0) throw new UsageError("pin takes no operands");
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const path = join(kiosk.folder, PIN_FILE);
    const had = readPrivate(path) !== undefined;
    try {
      if (input.flag("remove")) rmSync(path, { force: true });
      else writePrivate(path, Buffer.from(pinText(await pinRecord(await newPin(input, io)))));
    } catch (error) {
      if (error instanceof InputError) throw error;
      const { message } = error as Error;
      throw new InputError(exitOfFault(message), `${path}: ${message}.`, "Call it as the user whose kiosk this is.");
    }
    const type = input.flag("remove") ? "removed" : "set";
    if (io.json) io.record({ type, had, file: path });
    io.out(type === "set" ? `The PIN is set, in ${path}.` : "There is no PIN any more.");
    return "done";
  },
};

async function newPin(input: Input, io: Io): Promise<string> {
  const file = input.text("pin-file");
  const given = file === undefined ? await typed("PIN:", io) : firstLine(await readText(file, PIN_FILE_SIZE_MAX));
  const fault = pinFault(given);
  if (fault !== undefined) throw new InputError("usage", `${fault}.`, "Choose another; nothing was written.");
  if (file === undefined && (await typed("Once more:", io)) !== given) {
    throw new InputError("usage", "the two are not the same.", "Begin again; nothing was written.");
  }
  return given;
}

async function typed(question: string, { signal }: Io): Promise<string> {
  const answer = await askHidden(question, { keyboard: process.stdin, screen: process.stderr, signal });
  if (answer !== undefined) return answer;
  throw new InputError(
    signal.aborted ? "interrupted" : "missing",
    "nobody types a PIN.",
    "Name a file: --pin-file FILE",
  );
}

const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0];
