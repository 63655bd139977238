/** A pairing before a person at a terminal: what is awaited, the digits, a question, and what became of it. */
import { PAIRING_TIMEOUT_MS } from "../../secure/limits.ts";
import type { PairingPart } from "../../web/contract/operator-part.ts";
import { InputError } from "../command.ts";
import type { Io } from "../io.ts";
import { largeDigits } from "./pair-digits.ts";

/** As far as one is shown: - leftMs: until it is over if nobody does anything. */
export interface SeenPairing extends Pick<PairingPart, "stage" | "code" | "words" | "peer"> {
  readonly leftMs: number | undefined;
  /** Why nobody can be found yet, such as a radio that is still tested. */
  readonly delay?: string | undefined;
}

/** This kiosk's own, or that of one that runs. */
export interface SteeredPairing {
  readonly look: () => Promise<SeenPairing>;
  readonly confirm: (isSame: boolean) => Promise<void>;
  readonly cancel: () => Promise<void>;
}

const LOOK_EVERY_MS = 250;

const lookLater = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));

/** Until both people have said that the digits are the same; everything else is thrown. */
export async function pairAt(of: SteeredPairing, io: Io, rest = lookLater): Promise<SeenPairing> {
  let said = "";
  let question: Promise<boolean | undefined> | undefined;
  let answered: { readonly isSame: boolean | undefined } | undefined;
  for (;;) {
    if (io.signal.aborted) {
      await of.cancel();
      throw new InputError("interrupted", "the pairing was called off.", "hardway pair, once more on both.");
    }
    const seen = await of.look();
    const { stage, words, code, peer, leftMs, delay } = seen;
    const state = `${stage} ${words}`;
    if (state !== said && io.json) io.record({ type: "pairing", stage, code, words, peer, leftMs: leftMs ?? null });
    if (state !== said && stage === "waiting") io.err(words);
    if (delay !== undefined && stage === "looking" && delay !== said) io.err(`${delay} …`);
    said = delay ?? state;
    if (stage === "paired") return seen;
    if (stage === "failed" || stage === "none") throw overBy(seen);
    if (stage === "looking" && leftMs !== undefined) {
      io.progress("looking for the other kiosk", PAIRING_TIMEOUT_MS - leftMs, PAIRING_TIMEOUT_MS);
    }
    if (stage === "comparing" && code !== null && question === undefined) {
      for (const line of ["", ...largeDigits(code), "", words]) io.err(line);
      question = isSame(code, io);
      void question.then((isSame) => {
        answered = { isSame };
      });
    }
    if (stage === "comparing" && answered !== undefined) await answer(of, answered.isSame);
    await rest();
  }
}

/** Undefined where nobody is there to look. */
async function isSame(code: string, io: Io): Promise<boolean | undefined> {
  for (;;) {
    const line = await io.ask(`Does the other screen show ${code.slice(0, 3)} ${code.slice(3)} as well? [yes/no]`);
    if (line === undefined || io.signal.aborted) return undefined;
    if (/^y(es)?$/i.test(line.trim())) return true;
    if (/^no?$/i.test(line.trim())) return false;
  }
}

async function answer(of: SteeredPairing, isSame: boolean | undefined): Promise<void> {
  if (isSame !== undefined) return of.confirm(isSame);
  await of.cancel();
  throw new InputError("missing", "nobody is here to compare the digits.", "Call it at a terminal: hardway pair");
}

function overBy({ words, code }: SeenPairing): InputError {
  const why = words === "" ? "The pairing is over." : words;
  return new InputError(code === null ? "silent" : "failed", why, "hardway pair, once more on both.");
}
