/** An entry as one line: JSON for programs, text for people. */
import type { Entry, Shown, ShownValue } from "./entry.ts";
import type { Level } from "./levels.ts";
import { LINE_SIZE_MAX } from "./limits.ts";

/** As in {"at":"…","level":"warn","part":"radio","what":"link lost","with":{"link":3}}. */
export function jsonLine({ at, level, part, what, values }: Entry): string {
  const head = { at: timeOf(at), level, part, what };
  if (Object.keys(values).length === 0) return JSON.stringify(head);
  const line = JSON.stringify({ ...head, with: values });
  const size = Buffer.byteLength(line);
  return size < LINE_SIZE_MAX ? line : JSON.stringify({ ...head, cut: size });
}

/** As in `12:30:01.250 warn  radio     link lost  link=3`. */
export function textLine({ at, level, part, what, values }: Entry): string {
  const time = timeOf(at).slice(11, 23);
  const line = `${time} ${level.padEnd(5)} ${part.padEnd(9)} ${what}${pairs(values)}`;
  return line.length <= TEXT_LINE_LENGTH_MAX ? line : `${line.slice(0, TEXT_LINE_LENGTH_MAX)}…`;
}

/** At four bytes a letter it keeps the bound of every line. */
const TEXT_LINE_LENGTH_MAX = LINE_SIZE_MAX / 4 - 1;

/** How journald is told the priority of a line: sd-daemon(3). */
export const PRIORITY: { readonly [level in Exclude<Level, "silent">]: string } = Object.freeze({
  error: "<3>",
  warn: "<4>",
  info: "<6>",
  debug: "<7>",
});

function pairs(values: Shown): string {
  const words = Object.entries(values).map(([name, value]) => ` ${name}=${valueText(value)}`);
  return words.length === 0 ? "" : ` ${words.join("")}`;
}

const valueText = (value: ShownValue): string =>
  typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);

/** A clock may show anything at boot, also what is no date. */
function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "1970-01-01T00:00:00.000Z" : date.toISOString();
}
