/** What only an operator is shown. */
import { z } from "zod";
import { LEVELS, PARTS } from "../../logs/levels.ts";
import { FaultsPart } from "./faults-part.ts";
import { count, hex, label, many, orNull, record, share, timeMs, whyNot, word, words } from "./forms.ts";
import { BACKUPS_SHOWN_MAX, LOG_LINES_SHOWN_MAX } from "./limits.ts";

export const Backup = record({ name: label, at: timeMs, sizeBytes: count, why: word });
export type Backup = z.output<typeof Backup>;

export const Setting = record({
  /** "web.port", as the file has it. */
  key: word,
  value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]),
  /** It was left out of the file, which does the same as saying this. */
  isStandard: z.boolean(),
  /** What the file holds but nobody is shown. */
  isSecret: z.boolean(),
  /** Why this page cannot set it. */
  whyNot,
  /** It is taken up at the next start. */
  needsRestart: z.boolean(),
});
export type Setting = z.output<typeof Setting>;

/** The configuration: its schema as JSON Schema, from which the page is made, and what the file holds. */
export const Settings = record({
  schema: z.record(z.string(), z.unknown()).readonly(),
  settings: many(Setting, 256),
});
export type Settings = z.output<typeof Settings>;

export const LogLine = record({
  at: timeMs,
  part: z.enum(PARTS),
  level: z.enum(LEVELS),
  what: words,
  /** As JSON text: secrets are not in it. */
  values: z.string(),
});
export type LogLine = z.output<typeof LogLine>;

export const Logs = record({
  level: z.enum(LEVELS),
  levels: z.record(z.string(), z.enum(LEVELS)).readonly(),
  /** The newest last. */
  lines: many(LogLine, LOG_LINES_SHOWN_MAX),
});
export type Logs = z.output<typeof Logs>;

/** Another kiosk is being brought to the table by its people, or was. */
export const PairingPart = record({
  stage: z.enum(["none", "looking", "comparing", "waiting", "paired", "failed"]),
  /** Six digits, as soon as both screens show some. */
  code: orNull(label),
  /** What to do, or what became of it. */
  words,
  /** The other kiosk's key. */
  peer: orNull(hex),
  /** When it is over if nobody does anything; null where nothing is under way. */
  endsAt: orNull(timeMs),
});
export type PairingPart = z.output<typeof PairingPart>;

/** The dice that fell here, held against chance for as long as the kiosk knows of any. It tells people, and punishes nobody: the numbers
 * cannot say who loads dice. */
export const DicePart = record({
  rolls: count,
  /** Of both dice, from one to six. */
  faces: many(count, 6),
  /** How far it once was on the way to an alarm, which fair dice give at a thousandth of all tables ever. */
  alarm: share,
  /** The roll after which it was given. */
  alarmedAt: orNull(count),
});
export type DicePart = z.output<typeof DicePart>;

export const OperatorPart = record({
  faults: FaultsPart,
  backups: many(Backup, BACKUPS_SHOWN_MAX),
  /** Bytes that reach the card in a day, at the pace since this process began, with what a card writes beside; null before that can
   * be judged. */
  writtenBytesADay: orNull(count),
  pairing: PairingPart,
  /** Null where nobody wants to know. */
  dice: orNull(DicePart),
});
export type OperatorPart = z.output<typeof OperatorPart>;
