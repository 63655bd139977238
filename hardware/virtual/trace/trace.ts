/** What crossed one serial wire, both ways, with its times: lines of text that a person can read, a program can replay and
 * two recordings can be compared by. The first line says what it is a trace of; each other line is a piece of one
 * direction's bytes, or a note of what happened to the port. */
import { assert } from "../../../protocol/core/assert.ts";

/** `down`: from host to board. */
export type Direction = "down" | "up";

export interface TraceHeader {
  /** Of this format. */
  readonly trace: 1;
  /** As far as it is known. */
  readonly board: string;
  readonly device: string;
  /** In milliseconds since 1970; what the times of the lines count from. */
  readonly beganAt: number;
}

export type TraceLine =
  | { readonly type: "bytes"; readonly atMs: number; readonly direction: Direction; readonly bytes: Uint8Array }
  /** Opened, closed, a speed. */
  | { readonly type: "note"; readonly atMs: number; readonly words: string };

export interface Trace {
  readonly header: TraceHeader;
  readonly lines: readonly TraceLine[];
}

export type ParsedTrace =
  | { readonly ok: true; readonly trace: Trace }
  /** `line` counts from one. */
  | { readonly ok: false; readonly line: number; readonly why: string };

/** Of one line; what is longer is written as several. */
export const TRACE_PIECE_SIZE_MAX = 512;
const TEXT_LENGTH_MAX = 200;
/** A megabaud line for an hour and a half. */
const LINES_MAX = 10_000_000;

export function headerText(header: TraceHeader): string {
  const { trace, board, device, beganAt } = header;
  return `${JSON.stringify({ trace, board: cut(board), device: cut(device), beganAt })}\n`;
}

export function lineText(line: TraceLine): string {
  const t = Math.round(line.atMs * 1000) / 1000;
  if (line.type === "note") return `${JSON.stringify({ t, note: cut(line.words) })}\n`;
  let text = "";
  for (let at = 0; at < line.bytes.length; at += TRACE_PIECE_SIZE_MAX) {
    text += `${JSON.stringify({ t, [line.direction]: hexText(line.bytes.subarray(at, at + TRACE_PIECE_SIZE_MAX)) })}\n`;
  }
  return text;
}

export const traceText = ({ header, lines }: Trace): string => headerText(header) + lines.map(lineText).join("");

export function parseTrace(text: string): ParsedTrace {
  if (text === "") return refused(1, "it is empty");
  const rows = text.split("\n");
  // A recording that was cut off in the middle of its last line is good up to there.
  rows.pop();
  const header = parseHeader(rows[0] ?? "");
  if (header === undefined) return refused(1, NO_HEADER);
  if (rows.length > LINES_MAX) return refused(LINES_MAX, "there are too many lines");
  const lines: TraceLine[] = [];
  let atMs = Number.NEGATIVE_INFINITY;
  for (let row = 1; row < rows.length; row++) {
    const line = parseLine(rows[row]);
    if (typeof line === "string") return refused(row + 1, line);
    if (line.atMs < atMs) return refused(row + 1, "its time is before that of the line above");
    atMs = line.atMs;
    lines.push(line);
  }
  return { ok: true, trace: { header, lines } };
}

export const hexText = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at++) text += (256 + bytes[at]).toString(16).slice(1);
  return text;
};

const NO_HEADER = 'the first line is not that of a trace, which begins with {"trace":1';

function parseHeader(row: string): TraceHeader | undefined {
  const value = objectOf(row);
  if (value === undefined) return undefined;
  const { trace, board, device, beganAt } = value;
  if (trace !== 1 || !isShort(board) || !isShort(device) || !isTime(beganAt)) return undefined;
  return { trace, board, device, beganAt };
}

/** Or why it is none. */
function parseLine(row: string): TraceLine | string {
  const value = objectOf(row);
  if (value === undefined) return "it is not an object of JSON";
  const { t, note, down, up, ...other } = value;
  if (!isTime(t)) return '"t" is not a time in milliseconds';
  const [odd] = Object.keys(other);
  if (odd !== undefined) return `"${odd.slice(0, 20)}" is not known: a line has "t" and one of "down", "up", "note"`;
  if ([note, down, up].filter((each) => each !== undefined).length !== 1) {
    return 'a line has "t" and one of "down", "up", "note"';
  }
  if (note !== undefined) return isShort(note) ? { type: "note", atMs: t, words: note } : "the note is too long";
  const bytes = bytesOf(down ?? up);
  if (bytes === undefined) return `the bytes are not pairs of hex digits, at most ${TRACE_PIECE_SIZE_MAX} pairs`;
  return { type: "bytes", atMs: t, direction: down !== undefined ? "down" : "up", bytes };
}

function objectOf(row: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(row);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(hex: unknown): Uint8Array | undefined {
  if (typeof hex !== "string" || hex.length % 2 !== 0 || hex.length > 2 * TRACE_PIECE_SIZE_MAX) return undefined;
  if (!/^[0-9a-f]*$/i.test(hex)) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

const isShort = (value: unknown): value is string => typeof value === "string" && value.length <= TEXT_LENGTH_MAX;
const isTime = (value: unknown): value is number => typeof value === "number" && value >= 0 && Number.isFinite(value);
const cut = (text: string): string => text.slice(0, TEXT_LENGTH_MAX);
const refused = (line: number, why: string): ParsedTrace => ({ ok: false, line, why });

assert(TRACE_PIECE_SIZE_MAX >= 256, "a short frame is one line");
