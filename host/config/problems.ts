/** What is wrong with a file, where, and what was meant in all likelihood. */

export interface ConfigProblem {
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
  /** As in `consensus.timeout_ms`; empty where it is about the text. */
  readonly key: string;
  readonly why: string;
  /** The key or the value that was meant. */
  readonly likely?: string;
}

/** As in `hardway.yaml:12:3: consensus.timout_ms: there is no such key; did you mean consensus.timeout_ms?` */
export function problemWords(file: string, { line, column, key, why, likely }: ConfigProblem): string {
  const about = key === "" ? "" : `${key}: `;
  const meant = likely === undefined ? "." : `; did you mean ${likely}?`;
  return `${file}:${line}:${column}: ${about}${why}${meant}`;
}

/** Of a list of words, the one that takes the fewest changes; undefined where all take many. */
export type Nearest = (word: string, words: readonly string[]) => string | undefined;
