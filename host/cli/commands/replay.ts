/** `hardway replay`: the table as it was after any sequence that a kiosk's journal leads to. */
import { type Command, numberOption, UsageError } from "../command.ts";
import { readKioskJournal } from "../past/kiosk-journal.ts";
import { replayJournal } from "../past/replay-journal.ts";
import { tableFacts, tableLines } from "../past/table-facts.ts";
import { exitOf, notThere, progressOf, SEQUENCE_MAX } from "../past/tell-journal.ts";

export const replay: Command = {
  words: ["replay"],
  takes: "FOLDER",
  about:
    "Executes a kiosk's journal again, up to any sequence, and shows the table as it was: seats, chips, dice, digests.",
  more: `FOLDER is a kiosk's, as in FOLDER/kiosk-0 of hardway start. It is only read, and its kiosk may run meanwhile. Kiosks that
show the same state digest after the same sequence agree in everything. A journal is made short from time to time: it then
begins with a state that a quorum has signed, and leads to no sequence before that.`,
  options: { to: { value: "SEQUENCE", about: "the last one to execute; else all that were decided" } },
  async run(input, io) {
    if (input.operands.length !== 1) throw new UsageError("replay takes one FOLDER");
    const to = input.text("to") === undefined ? undefined : numberOption(input, "to", 0, SEQUENCE_MAX);
    const journal = readKioskJournal(input.operands[0]);
    const replayed = replayJournal(journal, { to, onCount: progressOf(io, journal) });
    if (!replayed.ok) {
      const exit = exitOf(journal, "missing", io);
      const error = notThere(to ?? 0, replayed);
      io.err(`${error.message}\nNext: ${error.next}`);
      return exit;
    }
    const facts = tableFacts(replayed);
    if (io.json) io.record({ type: "table", ...facts, isDamaged: journal.damage !== undefined });
    for (const line of tableLines(facts)) io.out(line);
    if (!facts.isBalanced) return "unsound";
    return exitOf(journal, "done", io);
  },
};
