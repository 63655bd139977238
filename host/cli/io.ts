/** What a command says, and how it is told to stop. On a terminal progress is a bar that redraws itself; elsewhere it is a
 * plain line now and then. */

export interface Io {
  /** The answer. With --json, nothing but `record` writes there. */
  readonly out: (line: string) => void;
  /** Everything that is not the answer: what is awaited, what went wrong. */
  readonly err: (line: string) => void;
  /** One line of JSON. */
  readonly record: (value: unknown) => void;
  readonly progress: (what: string, done: number, total: number) => void;
  /** A person's answer; undefined where nobody can be asked. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly json: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

const BAR_LENGTH = 30;

/** A share of a bar, as a terminal shows it. */
export function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * BAR_LENGTH);
  return `[${"█".repeat(filled)}${"·".repeat(BAR_LENGTH - filled)}] ${String(Math.floor(100 * share)).padStart(3)} %`;
}

/** What radios, cables and files call themselves is text: a control character in it would command the terminal. */
export const printable = (text: string): string => text.replace(CONTROL, "\ufffd");

/** All but the tab and the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly ask: (question: string) => Promise<string | undefined>;
}

export function ioOf(streams: Streams, json: boolean, signal: AbortSignal): Io {
  const isTerminal = streams.stderr.isTTY === true;
  let drawn = false;
  let saidTenths = -1;
  let saidWhat = "";
  const clear = (): void => {
    if (drawn) streams.stderr.write("\r\u001b[K");
    drawn = false;
  };
  const err = (line: string): void => {
    clear();
    streams.stderr.write(`${printable(line)}\n`);
  };
  return {
    json,
    signal,
    err,
    out(line) {
      clear();
      (json ? streams.stderr : streams.stdout).write(`${printable(line)}\n`);
    },
    record(value) {
      clear();
      streams.stdout.write(`${JSON.stringify(value)}\n`);
    },
    progress(what, done, total) {
      if (isTerminal) {
        streams.stderr.write(`\r\u001b[K${what} ${bar(done, total)}`);
        drawn = true;
        if (done >= total) {
          streams.stderr.write("\n");
          drawn = false;
        }
        return;
      }
      const tenths = total === 0 ? 10 : Math.floor((10 * done) / total);
      if (what === saidWhat && tenths === saidTenths) return;
      saidWhat = what;
      saidTenths = tenths;
      err(`${what} ${10 * tenths} %`);
    },
    async ask(question) {
      clear();
      return streams.ask(question);
    },
  };
}
