/** Frames, commands and reports in words, for people who watch a wire: one line each. */
import { addressText } from "../../../firmware-js/modem/facts.ts";
import { utf8Decode } from "../../../protocol/bytes/utf8.ts";
import type { Frame } from "../../../protocol/frame/frame.ts";
import { COUNTER_NAMES } from "../../../protocol/radio/counter-names.ts";
import type { Heard, Said } from "./overhear.ts";
import { hexText } from "./trace.ts";

/** Of bytes that are shown, and of items in a list. */
const SHOWN_SIZE_MAX = 16;
const LEVELS = ["error", "warning", "information", "detail"] as const;
const CLASSES = ["Critical", "High", "Normal", "Low"] as const;

export function heardWords(heard: Heard): string {
  switch (heard.type) {
    case "frame":
      return frameWords(heard.frame);
    case "noise":
      return `noise (${heard.why}): ${noiseWords(heard.bytes)}`;
    case "packet":
      return `${CLASSES[heard.class]} ${heard.said === undefined ? `packet ${bytesWords(heard.bytes)}` : saidWords(heard.said)}`;
  }
}

export function frameWords(frame: Frame): string {
  switch (frame.type) {
    case "reset":
      return `reset ${openingWords(frame)}`;
    case "resetAck":
      return `resetAck echo=${frame.echo} ${openingWords(frame)} grant=${frame.grant}`;
    case "data": {
      const part = frame.flags.last === 1 ? "last" : "part";
      return `data #${frame.sequence} ${CLASSES[frame.flags.class]} ${part} ${frame.chunk.length} B ${streamWords(frame)}`;
    }
    case "ack":
    case "again":
      return `${frame.type} ${streamWords(frame)}`;
    case "log":
      return `log ${LEVELS[frame.level]}: ${printable(utf8Decode(frame.text) ?? bytesWords(frame.text))}`;
  }
}

/** `besides`: fields that are left out. */
export function saidWords(said: Exclude<Said, undefined>, besides: readonly string[] = []): string {
  const value = said.type === "command" ? said.command : said.report;
  const { type, ...fields } = value as { readonly type: string; readonly [name: string]: unknown };
  const words = Object.entries(fields)
    .filter(([name]) => !besides.includes(name))
    .map(([name, field]) => `${name}=${type === "counters" ? countersWords(field) : fieldWords(field)}`);
  return [type, ...words].join(" ");
}

const openingWords = ({ opening, position }: Frame & { type: "reset" | "resetAck" }): string =>
  `session=${opening.session} version=${opening.major}.${opening.minor} space=${opening.space} position=${position}`;

const streamWords = (frame: { readonly ack: number; readonly position: number; readonly grant: number }): string =>
  `ack=${frame.ack} position=${frame.position} grant=${frame.grant}`;

function fieldWords(field: unknown): string {
  if (field === undefined) return "nothing";
  if (field instanceof Uint8Array) return bytesWords(field);
  if (typeof field === "string") return /^[\w.:-]+$/.test(field) ? field : JSON.stringify(printable(field));
  if (Array.isArray(field)) return `[${field.slice(0, SHOWN_SIZE_MAX).map(fieldWords).join(" ")}]`;
  if (typeof field !== "object" || field === null) return String(field);
  const { kind, address } = field as { readonly kind?: unknown; readonly address?: unknown };
  if ((kind === "public" || kind === "random") && address instanceof Uint8Array) return addressText({ kind, address });
  const inner = Object.entries(field).map(([name, each]) => `${name}=${fieldWords(each)}`);
  return `{${inner.join(" ")}}`;
}

/** Those that have counted something. */
function countersWords(values: unknown): string {
  if (!Array.isArray(values)) return fieldWords(values);
  const counted = values.flatMap((value: unknown, at) => (value === 0 ? [] : [`${COUNTER_NAMES[at] ?? at}=${value}`]));
  return `{${counted.join(" ")}}`;
}

export function bytesWords(bytes: Uint8Array): string {
  if (bytes.length <= SHOWN_SIZE_MAX) return bytes.length === 0 ? "nothing" : hexText(bytes);
  return `${hexText(bytes.subarray(0, SHOWN_SIZE_MAX))}… (${bytes.length} B)`;
}

/** A boot loader speaks text, and says what keeps it. */
function noiseWords(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes);
  return /^[\t\r\n\x20-\x7e]*\xc0?$/.test(text) ? JSON.stringify(text.replace("\xc0", "").trim()) : bytesWords(bytes);
}

/** What a board says is shown on a terminal: nothing of it may steer that. */
function printable(text: string): string {
  let shown = "";
  for (const character of text) shown += /[\p{Cc}\p{Cf}]/u.test(character) ? "·" : character;
  return shown;
}
