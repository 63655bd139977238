/** What a part tells: a kind of message in a few fixed words, and the values that differ each time. */
import type { Level, Part } from "./levels.ts";

export type Urgency = Exclude<Level, "silent">;

/** What it is, before anybody looks at its values. */
export interface Told {
  /** Of this machine's own clock: milliseconds since 1970. */
  readonly at: number;
  readonly part: Part;
  readonly level: Urgency;
  /** The kind: the same words each time, so that they can be counted and looked for. */
  readonly what: string;
}

export interface Entry extends Told {
  /** As they may be shown. */
  readonly values: Shown;
}

/** Whatever the program has at hand. */
export interface Values {
  readonly [name: string]: unknown;
}

export interface Shown {
  readonly [name: string]: ShownValue;
}
export type ShownValue = string | number | boolean | null | readonly ShownValue[] | Shown;
