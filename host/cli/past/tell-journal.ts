/** What every command that reads a journal says beside its answer: how far it is, what is damaged, and why a sequence is not there. */
import { InputError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { KioskJournal } from "./kiosk-journal.ts";
import type { ReplayedOrNot } from "./replay-journal.ts";

/** Records between two words about how far it is: a journal that is read in a moment says nothing. */
const PROGRESS_EVERY_RECORDS = 5_000;

export function progressOf(io: Io, { recordCount }: KioskJournal): (count: number) => void {
  return (count) => {
    if (count > 0 && count % PROGRESS_EVERY_RECORDS === 0) io.progress("reading the journal", count, recordCount);
  };
}

/** Damage shows in the exit, whatever else is well. */
export function exitOf(journal: KioskJournal, exit: Exit, io: Io): Exit {
  if (journal.damage === undefined) return exit;
  io.err(`The journal in ${journal.folder} is damaged: ${journal.damage}.`);
  io.err("Next: nothing is lost while a quorum of other kiosks has theirs; start the kiosk, and it asks them.");
  return exit === "done" ? "damaged" : exit;
}

export function notThere(wanted: number, not: Extract<ReplayedOrNot, { readonly ok: false }>): InputError {
  if (not.why === "ends") {
    return new InputError(
      "missing",
      `sequence ${wanted} is not there: the journal ends with ${not.last}.`,
      `Ask for one up to ${not.last}.`,
    );
  }
  const from =
    not.last === 0
      ? `it begins with the state after ${not.next}`
      : `it leads from ${not.last} to ${not.next} in one step`;
  return new InputError(
    "missing",
    `sequence ${wanted} is not in the journal any more: ${from}.`,
    `Ask for ${not.next} or a later one; the history beside the journal may still tell what was decided.`,
  );
}

/** A sequence as a person types it. */
export const SEQUENCE_MAX = 2 ** 48 - 1;
