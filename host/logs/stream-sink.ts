/** Lines to a stream that somebody else empties: a terminal, journald, a pipe. */
import type { Writable } from "node:stream";
import type { Entry } from "./entry.ts";
import { QUEUE_SIZE_MAX } from "./limits.ts";
import { jsonLine, PRIORITY, textLine } from "./lines.ts";
import { lostEntry, type Sink } from "./sink.ts";

export interface StreamForm {
  readonly form: "json" | "text";
  /** Each line begins with its priority, as journald takes it. */
  readonly isJournal: boolean;
}

/** On a terminal text, elsewhere JSON, unless somebody says so. */
export function streamForm(
  form: "auto" | "json" | "text",
  isTerminal: boolean,
  journal: string | undefined,
): StreamForm {
  return {
    form: form === "auto" ? (isTerminal ? "text" : "json") : form,
    isJournal: !isTerminal && journal !== undefined,
  };
}

export function streamSink(stream: Writable, { form, isJournal }: StreamForm): Sink {
  let lost = 0;
  let lostUntold = 0;
  let isGone = false;
  // Whoever read it has gone; a kiosk plays on without.
  stream.on("error", () => {
    isGone = true;
  });
  const put = (entry: Entry): void => {
    const line = form === "json" ? jsonLine(entry) : textLine(entry);
    stream.write(`${isJournal ? PRIORITY[entry.level] : ""}${line}\n`);
  };
  return {
    write(entry) {
      if (isGone || stream.destroyed || stream.writableEnded || stream.writableLength > QUEUE_SIZE_MAX) {
        lost += 1;
        lostUntold += 1;
        return;
      }
      if (lostUntold > 0) put(lostEntry(entry.at, lostUntold));
      lostUntold = 0;
      put(entry);
    },
    // What a stream of Node holds is beyond reach; files and terminals hold nothing.
    flushSync() {},
    close: () =>
      new Promise((resolve) => {
        if (isGone || stream.destroyed || stream.writableEnded) return resolve();
        stream.once("error", () => resolve());
        stream.write("", () => resolve());
      }),
    lost: () => lost,
  };
}
