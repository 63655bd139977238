/** Help as a person reads it: no more than a terminal of 80 by 24 shows at once, with a line left for the prompt. What does not fit
 * is named, and `--help=all` says it. */
import { help } from "./arguments.ts";
import type { Command } from "./command.ts";

export const SCREEN_COLUMNS = 80;
export const SCREEN_ROWS = 23;

/** Of one command, of those that begin with some words, or of all. */
export function helpScreen(commands: readonly Command[], command: Command | undefined, words: readonly string[] = []) {
  if (command !== undefined) return commandScreen(commands, command).join("\n");
  return overview(commands, words).join("\n");
}

/** Each next word once, for a newcomer looks for one among few. */
function overview(commands: readonly Command[], words: readonly string[]): string[] {
  const within = commands.filter((command) => words.every((word, at) => command.words[at] === word));
  const next = [...new Set(within.map((command) => command.words[words.length]))].filter((word) => word !== undefined);
  const here = ["hardway", ...words].join(" ");
  const foot = wrapped(`${here} COMMAND --help says more; hardway --help=all lists every command.`, "", "");
  const rowsFree = SCREEN_ROWS - foot.length - 3;
  const width = Math.max(...next.map((word) => word.length));
  const rows = next.map((word) => cut(`  ${word.padEnd(width)}  ${aboutOf(within, [...words, word])}`));
  const shown = shownWithRest(next, rows, rowsFree);
  return [`${here} COMMAND`, "", ...shown, "", ...foot];
}

/** As many rows as there is room for; of those beyond, the words alone. */
function shownWithRest(words: readonly string[], rows: readonly string[], rowsFree: number): readonly string[] {
  if (rows.length <= rowsFree) return rows;
  for (let count = rowsFree - 1; ; count--) {
    const rest = wrapped(`and ${words.slice(count).join(", ")}`, "  ", "  ");
    if (count + rest.length <= rowsFree || count === 0) return [...rows.slice(0, count), ...rest];
  }
}

/** Of a command with these words, or what goes on behind them. */
function aboutOf(commands: readonly Command[], words: readonly string[]): string {
  const fitting = commands.filter((command) => words.every((word, at) => command.words[at] === word));
  const whole = fitting.find((command) => command.words.length === words.length);
  return whole?.about ?? fitting.map((command) => command.words.slice(words.length).join(" ")).join(", ");
}

function commandScreen(commands: readonly Command[], command: Command): string[] {
  const [head, about, ...rest] = help(commands, command).split("\n\n");
  // The last of the text are the options.
  const options = (rest.pop() ?? "").split("\n");
  const more = rest.flatMap((paragraph) => [...paragraphs(paragraph), ""]);
  const top = [...wrapped(head, "", "  "), "", ...wrapped(about, "", ""), ""];
  const whole = [...top, ...more, ...options.flatMap(optionRows)];
  if (whole.length <= SCREEN_ROWS) return whole;
  const foot = ["", `hardway ${command.words.join(" ")} --help=all says the rest.`];
  for (const rows of [options.flatMap(optionRows), options.map(cut)]) {
    const free = SCREEN_ROWS - top.length - rows.length - foot.length;
    if (free < 0) continue;
    const kept = more.slice(0, Math.max(0, free - 1));
    // To the end of a sentence.
    while (kept.length > 0 && !kept[kept.length - 1].endsWith(".")) kept.pop();
    return [...top, ...kept, ...(kept.length > 0 ? [""] : []), ...rows, ...foot];
  }
  return [...top, ...options.map(cut).slice(0, SCREEN_ROWS - top.length - foot.length), ...foot];
}

/** Lines that begin with a space are a list and stay lines; all others run on. */
function paragraphs(text: string): string[] {
  const runs: string[] = [];
  for (const line of text.split("\n")) {
    const last = runs.at(-1);
    if (last === undefined || line.startsWith(" ") || last.startsWith(" ")) runs.push(line);
    else runs[runs.length - 1] = `${last} ${line}`;
  }
  return runs.flatMap((run) => wrapped(run.trim(), run.startsWith(" ") ? "  " : "", run.startsWith(" ") ? "    " : ""));
}

/** `  --name VALUE  what it is`, going on under what it is. */
function optionRows(line: string): string[] {
  const begin = /^ {2}\S+(?: \S+)? {2,}/.exec(line)?.[0] ?? "  ";
  return wrapped(line.slice(begin.length), begin, " ".repeat(Math.min(begin.length, SCREEN_COLUMNS / 2)));
}

function wrapped(text: string, first: string, further: string): string[] {
  const rows: string[] = [first];
  let isEmpty = true;
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const row = rows[rows.length - 1];
    if (isEmpty) rows[rows.length - 1] += word;
    else if (row.length + 1 + word.length <= SCREEN_COLUMNS) rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(`${further}${word}`);
    isEmpty = false;
  }
  return rows;
}

/** One row of it, at a word's end. */
function cut(row: string): string {
  if (row.length <= SCREEN_COLUMNS) return row;
  const short = row.slice(0, SCREEN_COLUMNS - 1);
  return `${short.slice(0, short.lastIndexOf(" ")).replace(/[,;:.]$/, "")} …`.slice(0, SCREEN_COLUMNS);
}
