/** What every part of a kiosk tells by: its own name, and values as they come. The clocks and the sinks are the caller's. */
import type { Millis } from "../../protocol/core/units.ts";
import type { Entry, Shown, Urgency, Values } from "./entry.ts";
import { type Level, PARTS, type Part, tells } from "./levels.ts";
import { TICK_EVERY_MS } from "./limits.ts";
import { type LogEffect, type LogEvent, levelOf, logbook, step } from "./logbook.ts";
import { shown, text } from "./shown.ts";
import type { Sink } from "./sink.ts";

export interface Log {
  readonly error: Tell;
  readonly warn: Tell;
  readonly info: Tell;
  readonly debug: Tell;
  /** Whether it is worth computing what would be told. */
  readonly tells: (level: Urgency) => boolean;
}

/** `what` is the kind, in the same words each time; a function is called only where its values are written. */
type Tell = (what: string, values?: Values | (() => Values)) => void;

export interface Logger {
  readonly of: (part: Part) => Log;
  /** While it runs: of a part, or of all that have no level of their own. Without a level a part has that of all again. */
  readonly set: (part: Part | undefined, level: Level | undefined) => void;
  readonly levels: () => { readonly [part in Part]: Level };
  /** Tells what was kept back; also done by itself every ten seconds. */
  readonly tick: () => void;
  /** Lines that no sink could take. */
  readonly lost: () => number;
  readonly flushSync: () => void;
  readonly close: () => Promise<void>;
}

export interface LogClock {
  /** Never jumps. */
  readonly now: () => Millis;
  /** Milliseconds since 1970, as this machine believes. */
  readonly wall: () => number;
}

export interface LogOptions {
  readonly level: Level;
  readonly levels?: { readonly [part in Part]?: Level | undefined };
  readonly clock: LogClock;
  readonly sinks: readonly Sink[];
}

export function logger({ level, levels, clock, sinks }: LogOptions): Logger {
  const book = logbook(level, levels);
  const write = (entry: Entry): void => {
    for (const sink of sinks) sink.write(entry);
  };
  const act = (event: LogEvent, values: () => Shown = () => ({})): void => {
    const effects: LogEffect[] = [];
    step(book, event, effects);
    for (const effect of effects) {
      if (effect.type === "write") write(effect.entry);
      else if (event.type === "told") write({ ...event.told, what: text(event.told.what), values: values() });
    }
  };
  const tick = (): void => act({ type: "tick", now: clock.now(), at: clock.wall() });
  const tellOf =
    (part: Part, level: Urgency): Tell =>
    (what, values) => {
      // Before anything is computed: most of what could be told is not.
      if (!tells(levelOf(book, part), level)) return;
      const told = { at: clock.wall(), part, level, what };
      act({ type: "told", now: clock.now(), told }, () =>
        shown(typeof values === "function" ? values() : (values ?? {})),
      );
    };
  const timer = setInterval(tick, TICK_EVERY_MS);
  timer.unref();
  return {
    of: (part) => ({
      error: tellOf(part, "error"),
      warn: tellOf(part, "warn"),
      info: tellOf(part, "info"),
      debug: tellOf(part, "debug"),
      tells: (urgency) => tells(levelOf(book, part), urgency),
    }),
    set: (part, wanted) => act({ type: "set", now: clock.now(), at: clock.wall(), part, level: wanted }),
    levels: () => Object.fromEntries(PARTS.map((part) => [part, levelOf(book, part)])) as { [part in Part]: Level },
    tick,
    lost: () => sinks.reduce((sum, sink) => sum + sink.lost(), 0),
    flushSync() {
      tick();
      for (const sink of sinks) sink.flushSync();
    },
    async close() {
      clearInterval(timer);
      tick();
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}

/** Tells nobody anything: for tests and for parts that run alone. */
export const SILENT_LOG: Log = Object.freeze({
  error() {},
  warn() {},
  info() {},
  debug() {},
  tells: () => false,
});
