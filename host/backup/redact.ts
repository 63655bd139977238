/**
 * Text for the eyes of somebody who helps, without what nobody else may know: what is known to be secret, in every form in which
 * it may lie about; what is called a secret; and every long number that could be one, of which a few digits tell keys apart.
 */
import { SECRET_LENGTH_MIN } from "./limits.ts";

export const HIDDEN = "(hidden)";

/** Digits of a long number that stay. */
const DIGITS_SHOWN = 8;

export type Redactor = (text: string) => string;

/** `bytes`: keys and secrets; `words`: passphrases and what else people type. */
export function redactor(bytes: readonly Uint8Array[], words: readonly string[]): Redactor {
  const known = [...bytes.flatMap(formsOfBytes), ...words.flatMap(formsOfWords)];
  const exact = known.length === 0 ? undefined : new RegExp(known.join("|"), "g");
  return (text) => {
    const without = exact === undefined ? text : text.replace(exact, HIDDEN);
    return without
      .replace(NAMED, (_, before?: string, inLog?: string) => `${before ?? inLog}${HIDDEN}`)
      .replace(LONG, shortened);
  };
}

const NAME = String.raw`(?<![\w.-])"?(?:[\w.-]*(?:secret|passphrase|password|private|seed|psk|share|mnemonic|token|cookie)s?|(?:[\w.-]*[_.-])?pin)"?`;
const TRUTH = String.raw`(?!\s|$|null\b|true\b|false\b|\(hidden\))`;
const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|'[^'\n]*'`;

/** As in `table_secret: "…"`, `"pin":1234`, `passphrase: six dice`, in YAML and JSON, and `passphrase=…` in lines of a log. Where a
 * file's name stands under such a name it says where the secret is, and not what. */
const NAMED = new RegExp(
  `(${NAME}\\s*:\\s*)${TRUTH}(?:${QUOTED}|[^\\n,}\\]]+)|(${NAME}=)${TRUTH}(?:${QUOTED}|[^\\s,}\\]]+)`,
  "gi",
);

/** Hexadecimal digits in one run, or in groups of eight as people pass them on. */
const LONG = /(?<![0-9a-zA-Z])(?:[0-9a-f]{48,}|(?:[0-9a-f]{8}[ -]){5,}[0-9a-f]{8})(?![0-9a-zA-Z])/gi;

const shortened = (run: string): string => `${run.slice(0, DIGITS_SHOWN)}…`;

function formsOfBytes(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const digits = [...buffer].map((byte) => byte.toString(16).padStart(2, "0"));
  const eitherCase = (pair: string): string => pair.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  return [
    digits.map(eitherCase).join("[\\s:-]?"),
    // The last letter of base64 shares its bits with nothing, or with the padding.
    escaped(buffer.toString("base64").replace(/=+$/, "")),
    escaped(buffer.toString("base64url")),
    [...buffer].join("\\s*,\\s*"),
    escaped(buffer.toString("latin1")),
  ];
}

function formsOfWords(words: string): string[] {
  if (words.length < SECRET_LENGTH_MIN) return [];
  const inJson = JSON.stringify(words).slice(1, -1);
  return [...new Set([words, words.normalize("NFKC"), inJson, encodeURIComponent(words)])].map(escaped);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
