/**
 * What of all that is told is written: by the level of its part, and no more of a kind than somebody can read. What is kept back
 * is counted, and the count is written. Pure: the clocks come with each event.
 */
import { unreachable } from "../../protocol/core/assert.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Entry, Told } from "./entry.ts";
import { type Level, type Part, tells } from "./levels.ts";
import { DEBUG_BURST_MAX, DEBUG_PER_SECOND, KIND_BURST_MAX, KIND_PER_SECOND, KINDS_MAX } from "./limits.ts";

export interface Logbook {
  /** Of parts that have none of their own. */
  level: Level;
  levels: { [part in Part]?: Level };
  /** By part, level and words. */
  kinds: { [kind: string]: Kind };
  kindCount: number;
}

interface Kind {
  tokens: number;
  filledAt: Millis;
  /** Since it was last told. */
  keptBack: number;
  /** As the last one was, to tell of the rest by. */
  readonly part: Part;
  readonly level: Entry["level"];
  readonly what: string;
}

/** `now`: of a clock that never jumps; `at`: what the machine's clock shows. */
export type LogEvent =
  | { readonly type: "told"; readonly now: Millis; readonly told: Told }
  /** Without a part, of all that have none of their own; without a level, back to that of all. */
  | {
      readonly type: "set";
      readonly now: Millis;
      readonly at: number;
      readonly part: Part | undefined;
      readonly level: Level | undefined;
    }
  | { readonly type: "tick"; readonly now: Millis; readonly at: number };

export type LogEffect =
  | { readonly type: "write"; readonly entry: Entry }
  /** What the event told is written: its values are worth a look only now. */
  | { readonly type: "pass" };

export const logbook = (level: Level, levels: { readonly [part in Part]?: Level | undefined } = {}): Logbook => {
  const book: Logbook = { level, levels: {}, kinds: {}, kindCount: 0 };
  for (const [part, own] of Object.entries(levels)) if (own !== undefined) book.levels[part as Part] = own;
  return book;
};

export const levelOf = (book: Logbook, part: Part): Level => book.levels[part] ?? book.level;

export function step(book: Logbook, event: LogEvent, effects: LogEffect[]): void {
  switch (event.type) {
    case "told":
      onTold(book, event.told, event.now, effects);
      break;
    case "set":
      onSet(book, event, effects);
      break;
    case "tick":
      onTick(book, event.now, event.at, effects);
      break;
    default:
      unreachable(event);
  }
}

function onTold(book: Logbook, told: Told, now: Millis, effects: LogEffect[]): void {
  if (!tells(levelOf(book, told.part), told.level)) return;
  const kind = kindOf(book, told, now);
  fill(kind, now);
  if (kind.tokens < 1) {
    kind.keptBack += 1;
    return;
  }
  kind.tokens -= 1;
  if (kind.keptBack > 0) tellKeptBack(kind, told.at, effects);
  effects.push({ type: "pass" });
}

function onSet(book: Logbook, { part, level, at }: LogEvent & { type: "set" }, effects: LogEffect[]): void {
  if (part === undefined) book.level = level ?? book.level;
  else if (level === undefined) delete book.levels[part];
  else book.levels[part] = level;
  const values = { of: part ?? "all", level: part === undefined ? book.level : levelOf(book, part) };
  // Whatever the levels are: who reads on wants to know why more or less is told from here.
  effects.push({ type: "write", entry: { at, part: "kiosk", level: "info", what: "log level set", values } });
}

function onTick(book: Logbook, now: Millis, at: number, effects: LogEffect[]): void {
  for (const [name, kind] of Object.entries(book.kinds)) {
    fill(kind, now);
    if (kind.keptBack > 0) tellKeptBack(kind, at, effects);
    else if (kind.tokens >= burstMax(kind.level)) {
      delete book.kinds[name];
      book.kindCount -= 1;
    }
  }
}

function kindOf(book: Logbook, { part, level, what }: Told, now: Millis): Kind {
  const own = `${part} ${level} ${what}`;
  if (Object.hasOwn(book.kinds, own)) return book.kinds[own];
  const isNew = book.kindCount < KINDS_MAX;
  const name = isNew ? own : `${part} ${level}`;
  if (!isNew && Object.hasOwn(book.kinds, name)) return book.kinds[name];
  const kind: Kind = {
    ...{ tokens: burstMax(level), filledAt: now, keptBack: 0 },
    ...{ part, level, what: isNew ? what : "of several kinds" },
  };
  book.kinds[name] = kind;
  book.kindCount += 1;
  return kind;
}

function fill(kind: Kind, now: Millis): void {
  const perSecond = kind.level === "debug" ? DEBUG_PER_SECOND : KIND_PER_SECOND;
  const since = Math.max(0, now - kind.filledAt);
  kind.tokens = Math.min(burstMax(kind.level), kind.tokens + (since * perSecond) / 1000);
  kind.filledAt = now;
}

const burstMax = (level: Level): number => (level === "debug" ? DEBUG_BURST_MAX : KIND_BURST_MAX);

function tellKeptBack(kind: Kind, at: number, effects: LogEffect[]): void {
  const { part, level, what, keptBack } = kind;
  effects.push({ type: "write", entry: { at, part, level, what: "kept back", values: { what, count: keptBack } } });
  kind.keptBack = 0;
}
