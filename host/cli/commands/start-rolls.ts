/** The rolls of a table while it runs: each is told by every kiosk, checked once by its proof alone, kept as a file, and shown. Two
 * kiosks that tell different dice of one roll are the end of it. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RollVerdict, verifyRoll } from "../../engine/dice/verify-roll.ts";
import { verifierPorts } from "../../node/dice-ports.ts";
import { parseRollFile, proofDigest } from "../../node/roll-file.ts";
import type { RollSaid } from "../kiosk/kiosk-report.ts";

export interface RollBook {
  readonly folder: string;
  /** The last of them, by number: what the first kiosk told. */
  readonly known: Map<number, string>;
  rolled: number;
  voided: number;
}

export interface ToldRoll {
  readonly said: RollSaid;
  /** Of the proof's bytes; undefined where every bet went back. */
  readonly digest: string | undefined;
  readonly verdict: RollVerdict | undefined;
}

export type Noted =
  | { readonly type: "new"; readonly told: ToldRoll }
  | { readonly type: "same" }
  /** A sentence on what does not fit. */
  | { readonly type: "wrong"; readonly why: string };

/** Longer than any kiosk is behind another. */
const KNOWN_MAX = 64;
/** Files of rolls that stay: an hour or two of play. */
const FILES_MAX = 1000;

export function rollBook(folder: string): RollBook {
  const rolls = join(folder, "rolls");
  mkdirSync(rolls, { recursive: true });
  return { folder: rolls, known: new Map(), rolled: 0, voided: 0 };
}

export function noteRoll(book: RollBook, said: RollSaid): Noted {
  const { roll, fell } = said;
  const digest = fell === undefined ? undefined : proofDigest(new Uint8Array(Buffer.from(fell.file.proof, "hex")));
  const key = fell === undefined ? "void" : `${fell.first} and ${fell.second} by the proof ${digest}`;
  const before = book.known.get(roll);
  if (before === key) return { type: "same" };
  if (before !== undefined) {
    return { type: "wrong", why: `kiosk ${said.kiosk} says of roll ${roll}: ${key}; another said: ${before}` };
  }
  book.known.set(roll, key);
  for (const old of book.known.keys()) if (book.known.size > KNOWN_MAX) book.known.delete(old);
  if (fell === undefined) {
    book.voided += 1;
    return { type: "new", told: { said, digest, verdict: undefined } };
  }
  const parsed = parseRollFile(JSON.stringify(fell.file));
  const verdict = parsed.ok ? verifyRoll(verifierPorts, parsed.keys, parsed.proof) : undefined;
  if (verdict?.ok !== true || verdict.dice[0] !== fell.first || verdict.dice[1] !== fell.second) {
    const where = parsed.ok ? (verdict?.ok === false ? verdict.where : "dice") : parsed.why;
    return { type: "wrong", why: `the proof of roll ${roll} does not hold: ${where}` };
  }
  book.rolled += 1;
  keep(book, roll, `${JSON.stringify(fell.file)}\n`);
  return { type: "new", told: { said, digest, verdict } };
}

/** Two lines: the dice and who threw them, and what that meant for whom. */
export function rollLines({ said, digest }: ToldRoll, kioskOf: (member: number) => string): string[] {
  const { fell, point, shooter, seats } = said;
  const dice = fell === undefined ? "nothing fell, every bet goes back" : diceWords(fell);
  const parts = [
    `sequence ${said.sequence}`,
    `view ${said.view}, ${kioskOf(said.primary)} leads`,
    `${shooter === undefined ? "nobody" : kioskOf(shooter)} shoots${point === 0 ? "" : ` for ${point}`}`,
    ...(digest === undefined ? [] : [`proof ${digest.slice(0, 16)}… verified`]),
  ];
  const players = seats.map(({ member, bets, net }) => {
    const shown = bets.slice(0, BETS_SHOWN).map(({ name, chips }) => `${name} ${chips}`);
    const rest = bets.length > BETS_SHOWN ? ` and ${bets.length - BETS_SHOWN} more` : "";
    return `${member === undefined ? "a player" : kioskOf(member)} ${shown.join(", ")}${rest}: ${signed(net)}`;
  });
  const label = `roll ${said.roll}`.padEnd(INDENT);
  return [
    `${label}${dice} · ${parts.join(" · ")}`,
    `${" ".repeat(INDENT)}${players.length === 0 ? "nobody has bet" : players.sort().join(" · ")}`,
  ];
}

const INDENT = 10;
const BETS_SHOWN = 2;

const diceWords = ({ first, second }: { readonly first: number; readonly second: number }): string =>
  `${face(first)} ${face(second)}  ${first} + ${second} = ${first + second}`;

/** The die with so many pips. */
const face = (pips: number): string => String.fromCodePoint(0x267f + pips);

const signed = (chips: number): string => (chips > 0 ? `+${chips}` : chips < 0 ? `−${-chips}` : "0");

function keep({ folder }: RollBook, roll: number, text: string): void {
  const path = join(folder, `${roll}.json`);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  rmSync(join(folder, `${roll - FILES_MAX}.json`), { force: true });
}
