/** Recovery as people are told it: what one may do, who is here, and what happens next. */
import { quorum } from "../consensus/quorum.ts";
import type { Diagnosis, Failure } from "./diagnosis.ts";
import type { Mode, Step } from "./events.ts";
import { LADDER_TIMEOUT_MS, RECONNECT_ATTEMPTS_MAX } from "./limits.ts";
import { countOf, has, sideOf } from "./side.ts";
import type { Recovery } from "./state.ts";

export interface RecoveryPage {
  readonly mode: Mode;
  readonly step: Step;
  /** Members here, of so many, of whom so many are needed. */
  readonly here: number;
  readonly members: number;
  readonly needed: number;
  /** The most important first. */
  readonly sentences: readonly string[];
}

/** `names` by place. */
export function describeRecovery(of: Recovery, names: readonly string[]): RecoveryPage {
  const side = sideOf(of);
  const members = of.members.length;
  const here = countOf(side);
  const needed = quorum(members);
  const sentences = [stepSentence(of, here, needed), ...of.diagnoses.map((each) => diagnosisSentence(each, names))];
  return { mode: of.mode, step: of.step, here, members, needed, sentences };
}

function stepSentence(of: Recovery, here: number, needed: number): string {
  const all = of.members.length;
  const count = `${here} of ${all} kiosks are here and ${needed} are needed`;
  switch (of.step) {
    case "whole":
      return here === all ? "All kiosks are here." : `${here} of ${all} kiosks are here: the table goes on.`;
    case "waiting":
      return `${count}: what you do waits for them.`;
    case "reconnecting":
      return `${count}: looking for the others, ${of.attempts} of ${RECONNECT_ATTEMPTS_MAX} times so far. What you do waits.`;
    case "readOnly":
      return `${count}: nothing can be decided here. You can look and not play; what you have is safe.`;
    case "asking":
      return `${count}, for ${LADDER_TIMEOUT_MS / 60_000} minutes now. Bring the kiosks nearer or switch them on, then try again or go on waiting. Nobody loses a place.`;
    case "catchingUp":
      return of.owed === undefined
        ? "The others are back: catching up with what they agreed on."
        : "Something stored here was damaged: taking the last state that all agreed on, and all that came after it.";
    case "stopped":
      return "Two certificates contradict each other: more kiosks are dishonest than a table of this size can bear. The table has stopped; both are kept as proof.";
  }
}

const SENTENCES: { readonly [failure in Failure]: string } = Object.freeze({
  byzantine: "is proved to have broken the rules",
  partition: "cannot be reached together",
  crash: "cannot be reached by anybody",
  messageLoss: "is there, and messages between us get lost",
  timeout: "has not been heard for a moment",
});

function diagnosisSentence({ failure, members }: Diagnosis, names: readonly string[]): string {
  if (members === 0) return "Enough kiosks are here, and still nothing is being decided.";
  const who = names.filter((_, each) => has(members, each)).join(", ");
  return `${who}: ${SENTENCES[failure]}.`;
}
