/** Where each key and item of a JSON text stands, and where it stops being JSON: what the language's own parser keeps to
 * itself, and a person needs who mends a file. */

export interface JsonPlaces {
  /** Offsets by path, as in radios[2].device; the whole is "". */
  readonly offsets: ReadonlyMap<string, number>;
  /** Keys that are there twice, of which a parser silently takes the last. */
  readonly twice: readonly string[];
  /** Where it is no JSON any more. */
  readonly errorAt: number | undefined;
}

/** Deeper than any file that a person writes. */
const DEPTH_MAX = 64;

interface Scan {
  readonly text: string;
  readonly offsets: Map<string, number>;
  readonly twice: string[];
  at: number;
}

export function jsonPlaces(text: string): JsonPlaces {
  const scan: Scan = { text, offsets: new Map(), twice: [], at: 0 };
  const isWhole = value(scan, "", 0) && end(scan);
  const { offsets, twice, at } = scan;
  return { offsets, twice, errorAt: isWhole ? undefined : at };
}

/** From one. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

/** Of the path, or of the nearest thing that holds it: a key that is missing stands nowhere. */
export function offsetOf({ offsets }: JsonPlaces, path: string): number {
  for (let at = path; at !== ""; at = at.replace(/(?:^|\.)[^.[\]]*$|\[\d+\]$/, "")) {
    const offset = offsets.get(at);
    if (offset !== undefined) return offset;
  }
  return offsets.get("") ?? 0;
}

function value(scan: Scan, path: string, depth: number): boolean {
  blank(scan);
  if (!scan.offsets.has(path)) scan.offsets.set(path, scan.at);
  if (depth > DEPTH_MAX) return false;
  if (taken(scan, /\{/y)) return members(scan, path, depth);
  if (taken(scan, /\[/y)) return items(scan, path, depth);
  return taken(scan, STRING) !== undefined || taken(scan, SCALAR) !== undefined;
}

function members(scan: Scan, path: string, depth: number): boolean {
  if (closes(scan, /\}/y)) return true;
  const known = new Set<string>();
  for (;;) {
    blank(scan);
    const offset = scan.at;
    const quoted = taken(scan, STRING);
    if (quoted === undefined) return false;
    const key = JSON.parse(quoted) as string;
    const own = path === "" ? key : `${path}.${key}`;
    scan.offsets.set(own, offset);
    if (known.has(key)) scan.twice.push(own);
    known.add(key);
    if (!closes(scan, /:/y) || !value(scan, own, depth + 1)) return false;
    if (closes(scan, /\}/y)) return true;
    if (!closes(scan, /,/y)) return false;
  }
}

function items(scan: Scan, path: string, depth: number): boolean {
  if (closes(scan, /\]/y)) return true;
  for (let index = 0; ; index++) {
    if (!value(scan, `${path}[${index}]`, depth + 1)) return false;
    if (closes(scan, /\]/y)) return true;
    if (!closes(scan, /,/y)) return false;
  }
}

function closes(scan: Scan, mark: RegExp): boolean {
  blank(scan);
  return taken(scan, mark) !== undefined;
}

function end(scan: Scan): boolean {
  blank(scan);
  return scan.at === scan.text.length;
}

const blank = (scan: Scan): unknown => taken(scan, /[ \t\n\r]*/y);

function taken(scan: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = scan.at;
  const match = pattern.exec(scan.text);
  if (match === null) return undefined;
  scan.at = pattern.lastIndex;
  return match[0];
}

// RFC 8259, 6 and 7.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a string may not hold unescaped.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
