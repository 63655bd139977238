/** From the words of a command line to a command and its input. A word that nobody knows gets the nearest one that somebody
 * does, and nothing is done. */
import type { Command, Input, Option } from "./command.ts";
import { nearest } from "./nearest.ts";

export type Parsed =
  | { readonly type: "run"; readonly command: Command; readonly input: Input; readonly json: boolean }
  | {
      readonly type: "help";
      readonly command: Command | undefined;
      /** Of the commands that begin with these. */
      readonly words?: readonly string[];
      /** All of it, however long. */
      readonly isWhole?: true;
    }
  | { readonly type: "version" }
  | { readonly type: "wrong"; readonly why: string; readonly command: Command | undefined };

export function parse(args: readonly string[], commands: readonly Command[]): Parsed {
  const words = args.filter((word) => !word.startsWith("-"));
  const command = longest(words, commands);
  if (args.length === 1 && args[0] === "--version") return { type: "version" };
  if (command === undefined) {
    if (words.length === 0) {
      const stray = args.find((word) => !asksHelp(word));
      return stray === undefined ? helpOf(undefined, args.at(-1)) : wrong(`there is no option ${stray} here`);
    }
    const asked = args.find(asksHelp);
    const isBegun = commands.some((each) => words.every((word, at) => each.words[at] === word));
    if (asked !== undefined && isBegun) return { ...helpOf(undefined, asked), words };
    return wrong(unknownCommand(words, commands));
  }
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  let toSkip = command.words.length;
  let literal = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (literal || !word.startsWith("-") || word === "-") {
      if (toSkip > 0) toSkip -= 1;
      else operands.push(word);
      continue;
    }
    if (word === "--") {
      literal = true;
      continue;
    }
    if (asksHelp(word)) return helpOf(command, word);
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const known = { ...COMMON, ...command.options };
    const option = word.startsWith("--") && Object.hasOwn(known, name) ? known[name] : undefined;
    if (option === undefined) return wrong(unknownOption(word, name, command), command);
    let value = equals < 0 ? undefined : word.slice(equals + 1);
    if (option.value === undefined) {
      if (value !== undefined) return wrong(`--${name} takes no value`, command);
      value = "";
    } else if (value === undefined) {
      i += 1;
      if (i === args.length) return wrong(`--${name} wants its ${option.value}`, command);
      value = args[i];
    }
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else if (option.many === true) before.push(value);
    else return wrong(`--${name} was given twice`, command);
  }
  if (operands.length > 0 && command.takes === undefined) {
    return wrong(`"${command.words.join(" ")}" takes nothing more than options, not "${operands[0]}"`, command);
  }
  const input: Input = {
    operands,
    text: (name) => values.get(name)?.[0] ?? command.options?.[name]?.default,
    all: (name) => values.get(name) ?? [],
    flag: (name) => values.has(name),
  };
  return { type: "run", command, input, json: values.has("json") };
}

const COMMON: { readonly [name: string]: Option } = { json: { about: "one JSON value a line, for programs" } };

const asksHelp = (word: string): boolean => word === "--help" || word === "-h" || word === WHOLE_HELP;
const WHOLE_HELP = "--help=all";

const helpOf = (command: Command | undefined, word: string | undefined): Parsed & { type: "help" } => ({
  ...{ type: "help", command },
  ...(word === WHOLE_HELP ? { isWhole: true } : {}),
});

const wrong = (why: string, command?: Command): Parsed => ({ type: "wrong", why, command });

function longest(words: readonly string[], commands: readonly Command[]): Command | undefined {
  let best: Command | undefined;
  for (const command of commands) {
    const fits = command.words.every((word, i) => words[i] === word);
    if (fits && command.words.length > (best?.words.length ?? 0)) best = command;
  }
  return best;
}

/** The words go as far as some command's do; of what may come next, the nearest. */
function unknownCommand(words: readonly string[], commands: readonly Command[]): string {
  let depth = 0;
  const fitting = () =>
    commands.filter((command) => command.words.slice(0, depth).every((word, i) => words[i] === word));
  while (depth < words.length && fitting().some((command) => command.words[depth] === words[depth])) depth += 1;
  const next = [...new Set(fitting().flatMap((command) => command.words[depth] ?? []))];
  const known = words.slice(0, depth).join(" ");
  const word = words[depth];
  if (word === undefined) return `"${known}" is no whole command; it goes on with one of: ${next.join(", ")}`;
  const meant = nearest(word, next);
  const said = `there is no command "${words.slice(0, depth + 1).join(" ")}"`;
  if (meant !== undefined) return `${said}; did you mean ${`${known} ${meant}`.trim()}?`;
  return depth === 0 ? said : `${said}; "${known}" goes on with one of: ${next.join(", ")}`;
}

function unknownOption(word: string, name: string, command: Command): string {
  const meant = nearest(name, [...Object.keys(COMMON), ...Object.keys(command.options ?? {})]);
  const tail = meant === undefined ? "" : `; did you mean --${meant}?`;
  return `"${command.words.join(" ")}" has no option ${word}${tail}`;
}

/** The whole table, or one command's own, at whatever length. */
export function help(commands: readonly Command[], command?: Command): string {
  if (command === undefined) {
    const width = Math.max(...commands.map((each) => title(each).length));
    const lines = commands.map((each) => `  ${title(each).padEnd(width)}  ${each.about}`);
    return `hardway COMMAND\n\n${lines.join("\n")}\n\nhardway COMMAND --help says more. Exit codes: docs/commands.md.`;
  }
  const options = Object.entries({ ...command.options, ...COMMON });
  const names = options.map(([name, option]) => `--${name}${option.value === undefined ? "" : ` ${option.value}`}`);
  const width = Math.max(...names.map((name) => name.length));
  const lines = options.map(([, option], i) => {
    const standard = option.default === undefined ? "" : ` (${option.default})`;
    return `  ${names[i].padEnd(width)}  ${option.about}${standard}`;
  });
  const more = command.more === undefined ? "" : `\n\n${command.more}`;
  return `hardway ${title(command)}\n\n${command.about}${more}\n\n${lines.join("\n")}`;
}

const title = (command: Command): string =>
  [...command.words, ...(command.takes === undefined ? [] : [command.takes])].join(" ");
