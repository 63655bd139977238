/** What a command is: words, options and what it does. The table of them is `commands.ts`; help is printed from it. */
import type { Exit } from "./exit-codes.ts";
import type { Io } from "./io.ts";

export interface Option {
  /** What stands for its value in the help; an option without one is a switch. */
  readonly value?: string;
  readonly default?: string;
  readonly about: string;
  /** May be given several times. */
  readonly many?: boolean;
}

export interface Command {
  /** As in `hardway trace replay`. */
  readonly words: readonly string[];
  /** What follows them, as in `BOARD` or `[DEVICE …]`. */
  readonly takes?: string;
  readonly about: string;
  /** More of it, for its own help. */
  readonly more?: string;
  readonly options?: { readonly [name: string]: Option };
  readonly run: (input: Input, io: Io) => Promise<Exit>;
}

export interface Input {
  readonly operands: readonly string[];
  /** The value of an option, or its default. */
  readonly text: (name: string) => string | undefined;
  readonly all: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
}

/** Thrown by a command about its own words, before it did anything. */
export class UsageError extends Error {}

/** Thrown by a command about a file that it was given, before it did anything. */
export class InputError extends Error {
  readonly exit: Exit;
  /** The next thing to try. */
  readonly next: string;

  constructor(exit: Exit, why: string, next: string) {
    super(why);
    this.exit = exit;
    this.next = next;
  }
}

/** A number within bounds, or a usage error that says them. */
export function numberOption(input: Input, name: string, from: number, to: number, whole = true): number {
  const text = input.text(name);
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  const fits = value >= from && value <= to && (!whole || Number.isSafeInteger(value));
  if (!fits) {
    throw new UsageError(
      `--${name} takes ${whole ? "a whole number" : "a number"} from ${from} to ${to}, not "${text}"`,
    );
  }
  return value;
}
