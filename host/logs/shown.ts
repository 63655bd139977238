/**
 * What of a program's values may stand in a log. Keys go by their first bytes, in bytes and in text; what is called a secret is
 * left out; a peer's text commands no terminal and fills no disk.
 */
import type { Shown, ShownValue, Values } from "./entry.ts";
import { DEPTH_MAX, ENTRIES_MAX, SHORT_NAME_SIZE, TEXT_LENGTH_MAX } from "./limits.ts";

export const HIDDEN = "(hidden)";

/** As in `publicKey`, `table_secret`, `seed`: a number under such a name is none. */
const SECRET = /secret|passphrase|password|private|seed|psk|share|mnemonic/i;

export function shown(values: Values): Shown {
  return recordOf(values, 1);
}

/** Of a key, a digest or a table: enough to know it again among the few that there are. */
export function shortName(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, SHORT_NAME_SIZE), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length <= SHORT_NAME_SIZE ? hex : `${hex}…`;
}

function recordOf(values: object, depth: number): Shown {
  const record: { [name: string]: ShownValue } = {};
  for (const [name, value] of Object.entries(values).slice(0, ENTRIES_MAX)) {
    if (value === undefined || typeof value === "function") continue;
    const isPlain = typeof value === "number" || typeof value === "boolean" || value === null;
    // Defined, not assigned: one name would change what the record inherits.
    Object.defineProperty(record, text(name), {
      value: SECRET.test(name) && !isPlain ? HIDDEN : shownValue(value, depth),
      ...{ enumerable: true, writable: true, configurable: true },
    });
  }
  return record;
}

function shownValue(value: unknown, depth: number): ShownValue {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "string":
      return text(value);
    case "object":
      return value === null ? null : objectOf(value, depth);
    default:
      return text(String(value));
  }
}

function objectOf(value: object, depth: number): ShownValue {
  if (ArrayBuffer.isView(value)) return shortName(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof Error) return text(value.message);
  if (depth >= DEPTH_MAX) return "…";
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((each) => shownValue(each, depth + 1));
  return recordOf(value, depth + 1);
}

/** Also of what somebody else's program says, which may hold anything. */
export function text(of: string): string {
  // What is cut could end within a key, of which more than its first bytes would be left.
  const short = of.length <= TEXT_LENGTH_MAX ? of : `${of.slice(0, TEXT_LENGTH_MAX).replace(/[0-9a-fA-F]+$/, "")}…`;
  return short.replace(UNSEEN, "\ufffd").replace(KEY_IN_TEXT, (hex) => `${hex.slice(0, 2 * SHORT_NAME_SIZE)}…`);
}

/** The ends of lines too: a line of a log is one line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu;

/** Half a key is as good as a secret, so that 16 bytes are shortened too. */
const KEY_IN_TEXT = /[0-9a-fA-F]{32,}/g;
