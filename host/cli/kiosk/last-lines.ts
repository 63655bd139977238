/** The newest lines of a log, for a page: a sink like any other. */
import type { Entry } from "../../logs/entry.ts";
import type { Sink } from "../../logs/sink.ts";
import { LOG_LINES_SHOWN_MAX, WORDS_LENGTH_MAX } from "../../web/contract/limits.ts";
import type { LogLine } from "../../web/contract/operator-part.ts";

export interface LastLines {
  readonly sink: Sink;
  readonly lines: () => readonly LogLine[];
}

export function lastLines(): LastLines {
  let lines: readonly LogLine[] = [];
  const write = ({ at, part, level, what, values }: Entry): void => {
    const line: LogLine = { at, part, level, what: what.slice(0, WORDS_LENGTH_MAX), values: JSON.stringify(values) };
    lines = [...lines, line].slice(-LOG_LINES_SHOWN_MAX);
  };
  return {
    sink: { write, flushSync() {}, close: async () => {}, lost: () => 0 },
    lines: () => lines,
  };
}
