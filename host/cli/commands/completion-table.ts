/** What may come next on a command line, out of the table of commands: the same for every shell. */
import type { Command, Option } from "../command.ts";

export interface CompletionPlace {
  /** Words that stand before the cursor, at least: none is the very begin. */
  readonly words: readonly string[];
  /** Words that go on with them to a command. */
  readonly next: readonly Described[];
  /** Undefined where no command ends here. */
  readonly command?: {
    readonly options: readonly CompletionOption[];
    /** What may follow; "files" where it is a path. */
    readonly operands: readonly string[] | "files";
  };
}

export interface Described {
  readonly word: string;
  readonly about: string;
}

export interface CompletionOption {
  readonly name: string;
  readonly about: string;
  /** Undefined: a switch. */
  readonly values?: readonly string[] | "files";
}

/** Words that a placeholder such as BOARD stands for. */
export type Placeholders = { readonly [placeholder: string]: readonly string[] };

/** The longest first, so that whoever takes the first that fits has the right one. */
export function completionPlaces(commands: readonly Command[], placeholders: Placeholders): CompletionPlace[] {
  const begins = new Set(commands.flatMap(({ words }) => words.map((_, at) => words.slice(0, at).join(" "))));
  const whole = commands.map(({ words }) => words.join(" "));
  const all = [...new Set([...begins, ...whole])].map((begin) => (begin === "" ? [] : begin.split(" ")));
  return all
    .map((words) => placeOf(words, commands, placeholders))
    .sort((one, other) => other.words.length - one.words.length);
}

function placeOf(words: readonly string[], commands: readonly Command[], placeholders: Placeholders): CompletionPlace {
  const beyond = commands.filter(
    (each) => each.words.length > words.length && words.every((w, i) => each.words[i] === w),
  );
  const next: Described[] = [];
  for (const each of beyond) {
    const word = each.words[words.length];
    if (next.some((known) => known.word === word)) continue;
    next.push({
      word,
      about: aboutOf(
        beyond.filter((other) => other.words[words.length] === word),
        words.length + 1,
      ),
    });
  }
  const command = commands.find((each) => each.words.join(" ") === words.join(" "));
  if (command === undefined) return { words, next };
  const options = [...Object.entries(command.options ?? {}), ...Object.entries(COMMON)];
  return {
    ...{ words, next },
    command: {
      options: options.map(([name, option]) => optionOf(name, option, placeholders)),
      operands: command.takes === undefined ? [] : wordsOf(command.takes, placeholders),
    },
  };
}

/** Of a command that ends with that word, or of what goes on behind it. */
function aboutOf(among: readonly Command[], length: number): string {
  const whole = among.find(({ words }) => words.length === length);
  return whole?.about ?? among.map(({ words }) => words.slice(length).join(" ")).join(", ");
}

const COMMON: { readonly [name: string]: Option } = Object.freeze({
  json: { about: "one JSON value a line, for programs" },
  help: { about: "says more" },
});

function optionOf(name: string, { about, value }: Option, placeholders: Placeholders): CompletionOption {
  return value === undefined ? { name, about } : { name, about, values: wordsOf(value, placeholders) };
}

/** A placeholder that nobody knows may be anything; a shell offers files then, if it is named after one. */
function wordsOf(takes: string, placeholders: Placeholders): readonly string[] | "files" {
  const names = takes.match(/[A-Z]+/g) ?? [];
  for (const name of names) if (Object.hasOwn(placeholders, name)) return placeholders[name];
  return names.some((name) => PATHS.includes(name)) ? "files" : [];
}

const PATHS = ["FILE", "FOLDER", "DEVICE", "MAP", "PLAN", "PATH", "SUBJECT"];
