/** What only an operator is shown. */
import { z } from "zod";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { LEVELS, PARTS } from "../../logs/levels.ts";
import { count, label, many, member, orNull, record, share, timeMs, whyNot, word, words } from "./forms.ts";
import { BACKUPS_SHOWN_MAX, LOG_LINES_SHOWN_MAX } from "./limits.ts";

/** Attackers that virtual kiosks can be turned into. */
export const CHEATS = Object.freeze([
  ...(["equivocation", "doubleVote", "withholding", "selectiveSilence", "replay", "flooding"] as const),
  ...(["forgedCertificates", "corruptChunks", "slowPrimary", "twins", "withheldPartial", "forgedPartial"] as const),
]);

/** What an operator has made wrong where radios are virtual; all of it is gone after "heal". */
export const FaultsPart = record({
  /** No faults can be made with boards that are there. */
  whyNot,
  loss: share,
  /** Kiosks that reach each other, group by group; none while the air is whole. */
  groups: many(many(member, MEMBERS_MAX), MEMBERS_MAX),
  killed: many(member, MEMBERS_MAX),
  cheating: many(record({ member, cheat: z.enum(CHEATS) }), MEMBERS_MAX),
});
export type FaultsPart = z.output<typeof FaultsPart>;

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

export const OperatorPart = record({
  faults: FaultsPart,
  backups: many(Backup, BACKUPS_SHOWN_MAX),
  /** Bytes that the journal, the history and the logs wrote in the last day; null before a day could be judged. */
  writtenBytesADay: orNull(count),
});
export type OperatorPart = z.output<typeof OperatorPart>;
