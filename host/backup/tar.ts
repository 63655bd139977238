/**
 * Archives that every system unpacks without this program: ustar (POSIX.1-1988), plain files only. Reading refuses all that
 * writing does not make: a name that leads elsewhere, a link, a header that is damaged, bytes after the end.
 */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { ENTRIES_MAX, ENTRY_NAME_SIZE_MAX } from "./limits.ts";

export interface Entry {
  /** As in `logs/hardway.log`: no step up, no root. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type ReadTar =
  | { readonly ok: true; readonly entries: readonly Entry[] }
  | { readonly ok: false; readonly why: string };

const BLOCK_SIZE = 512;
/** Two empty blocks. */
const END_SIZE = 2 * BLOCK_SIZE;
const NAME = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;

/** Fields of a header: where they begin, and how many bytes they have. */
const FIELDS = Object.freeze({
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  check: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const);
type Field = keyof typeof FIELDS;

/** `seconds`: the time that its files get, since 1970. */
export function writeTar(entries: readonly Entry[], seconds: number): Uint8Array {
  assert(entries.length <= ENTRIES_MAX, "an archive keeps its bound");
  const size = entries.reduce((sum, { bytes }) => sum + BLOCK_SIZE + padded(bytes.length), END_SIZE);
  const out = new Uint8Array(size);
  let at = 0;
  for (const { name, bytes } of entries) {
    out.set(headerOf(name, bytes.length, seconds), at);
    out.set(bytes, at + BLOCK_SIZE);
    at += BLOCK_SIZE + padded(bytes.length);
  }
  return out;
}

export function readTar(bytes: Uint8Array): ReadTar {
  const entries: Entry[] = [];
  let at = 0;
  for (;;) {
    const header = bytes.subarray(at, at + BLOCK_SIZE);
    if (header.length < BLOCK_SIZE) return bad("it ends in the middle of a file");
    if (isEmpty(header)) break;
    if (entries.length === ENTRIES_MAX) return bad(`it has more than ${ENTRIES_MAX} files`);
    if (octalOf(header, "check") !== checkOf(header)) return bad("a header in it is damaged");
    const [name, size, time] = [textOf(header, "name"), octalOf(header, "size"), octalOf(header, "time")];
    if (textOf(header, "type") !== "0" || !NAME.test(name)) return bad("it holds something else than plain files");
    if (size === undefined || time === undefined || !bytesEqual(header, headerOf(name, size, time))) {
      return bad("another program wrote it");
    }
    const from = at + BLOCK_SIZE;
    if (from + padded(size) > bytes.length) return bad(`${name} is cut short`);
    if (entries.some((each) => each.name === name)) return bad(`${name} is in it twice`);
    entries.push({ name, bytes: bytes.slice(from, from + size) });
    at = from + padded(size);
  }
  if (bytes.length !== at + END_SIZE || !isEmpty(bytes.subarray(at))) return bad("something follows its end");
  return { ok: true, entries };
}

/** The first file of an archive of which no more than a beginning is there; undefined where not even that one is whole. */
export function entryAtStart(bytes: Uint8Array): Entry | undefined {
  const header = bytes.subarray(0, BLOCK_SIZE);
  if (header.length < BLOCK_SIZE || octalOf(header, "check") !== checkOf(header)) return undefined;
  const size = octalOf(header, "size");
  if (size === undefined || BLOCK_SIZE + size > bytes.length) return undefined;
  return { name: textOf(header, "name"), bytes: bytes.slice(BLOCK_SIZE, BLOCK_SIZE + size) };
}

const bad = (why: string): ReadTar => ({ ok: false, why });

const padded = (size: number): number => Math.ceil(size / BLOCK_SIZE) * BLOCK_SIZE;

const isEmpty = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

function headerOf(name: string, size: number, seconds: number): Uint8Array {
  assert(NAME.test(name) && name.length <= ENTRY_NAME_SIZE_MAX, "a file in an archive has a plain name");
  const header = new Uint8Array(BLOCK_SIZE);
  const put = (field: Field, text: string): void => header.set(Buffer.from(text, "latin1"), FIELDS[field][0]);
  put("name", name);
  // Nobody else reads what is unpacked.
  put("mode", octal(0o600, "mode"));
  put("owner", octal(0, "owner"));
  put("group", octal(0, "group"));
  put("size", octal(size, "size"));
  put("time", octal(seconds, "time"));
  put("type", "0");
  put("magic", "ustar\u000000");
  put("check", `${checkOf(header).toString(8).padStart(6, "0")}\u0000 `);
  return header;
}

function octal(value: number, field: Field): string {
  const digits = FIELDS[field][1] - 1;
  const text = value.toString(8).padStart(digits, "0");
  assert(Number.isSafeInteger(value) && value >= 0 && text.length === digits, "a number fits its field");
  return text;
}

/** The sum of a header's bytes, its own field taken as spaces. */
function checkOf(header: Uint8Array): number {
  const [from, size] = FIELDS.check;
  return header.reduce((sum, byte, at) => sum + (at >= from && at < from + size ? 0x20 : byte), 0);
}

function textOf(header: Uint8Array, field: Field): string {
  const [from, size] = FIELDS[field];
  const text = Buffer.from(header.subarray(from, from + size)).toString("latin1");
  const end = text.indexOf("\u0000");
  return end < 0 ? text : text.slice(0, end);
}

function octalOf(header: Uint8Array, field: Field): number | undefined {
  const digits = textOf(header, field).trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
