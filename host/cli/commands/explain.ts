/** `hardway explain`: who said what about one sequence, when, and what it did. */
import { join } from "node:path";
import { keyText, timeText } from "../../past/text.ts";
import type { BatchEntry } from "../../storage/history/entry.ts";
import { HISTORY_NAME } from "../../storage/history/history.ts";
import { readHistory } from "../../storage/history/read-history.ts";
import { type Command, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { explained, explanationLines } from "../past/explanation.ts";
import { type KioskJournal, readKioskJournal } from "../past/kiosk-journal.ts";
import { exitOf, notThere, progressOf, SEQUENCE_MAX } from "../past/tell-journal.ts";

export const explain: Command = {
  words: ["explain"],
  takes: "SEQUENCE",
  about:
    "Says what was decided at a sequence: who asked, who proposed and voted, which certificate proves it, what it did.",
  more: `It reads the journal of one kiosk, which knows its own votes, and of the others those that prove something. The kiosk may run
meanwhile. What a journal that was made short does not tell any more is told by the history beside it, without the votes.`,
  options: { at: { value: "FOLDER", about: "a kiosk's folder, as in FOLDER/kiosk-0" } },
  async run({ operands, text }, io) {
    const at = text("at");
    if (operands.length !== 1 || at === undefined) throw new UsageError("explain takes one SEQUENCE, and --at FOLDER");
    const sequence = Number(operands[0]);
    if (!/^\d+$/.test(operands[0]) || sequence < 1 || sequence > SEQUENCE_MAX) {
      throw new UsageError(`a sequence is a whole number from 1, not "${operands[0]}"`);
    }
    const journal = readKioskJournal(at);
    const found = explained(journal, sequence, progressOf(io, journal));
    if (found.ok) {
      if (io.json) io.record({ type: "explained", ...found.explanation, isDamaged: journal.damage !== undefined });
      for (const line of explanationLines(found.explanation)) io.out(line);
      return exitOf(journal, "done", io);
    }
    const remembered = found.why === "gap" ? await inHistory(journal, sequence, io) : undefined;
    if (remembered !== undefined) {
      if (io.json) io.record({ ...remembered, type: "remembered" });
      for (const line of rememberedLines(remembered, journal)) io.out(line);
      return exitOf(journal, "done", io);
    }
    const error = notThere(sequence, found);
    io.err(`${error.message}\nNext: ${error.next}`);
    return exitOf(journal, "missing", io);
  },
};

async function inHistory({ folder }: KioskJournal, sequence: number, io: Io): Promise<BatchEntry | undefined> {
  const path = join(folder, HISTORY_NAME);
  const read = await readHistory(path, (answers) => answers.operations(sequence));
  if (read.ok) return read.value;
  if (read.why !== "missing") io.err(`The history in ${path} cannot be read: ${read.why}.`);
  return undefined;
}

function rememberedLines(
  { sequence, time, epoch, view, primary, way, operations }: BatchEntry,
  { founders }: KioskJournal,
): string[] {
  const who = (member: number): string =>
    epoch > 0 || founders[member] === undefined
      ? `member ${member}`
      : `member ${member} (${keyText(founders[member])})`;
  const heading = operations.length === 0 ? ["nobody asked for anything"] : ["asked and done"];
  return [
    `sequence ${sequence}, ${timeText(time)}; by the history, for the journal was made short`,
    `epoch ${epoch}, in view ${view}, which ${who(primary)} leads; ${way === "unanimous" ? "decided by the prepares of all" : "decided by the commits of a quorum"}`,
    ...heading,
    ...operations.map(
      ({ member, number, asks, came }) =>
        `  ${who(member)} ${asks} (its request ${number})${came === undefined ? "" : `: ${came}`}`,
    ),
  ];
}
