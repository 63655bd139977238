/** The file that a config command is about, and what it says of one that is wrong. */
import { CONFIG_FILE } from "../../config/config-file.ts";
import { type ConfigKey, keyNamed } from "../../config/keys.ts";
import { likelyKey } from "../../config/likely.ts";
import { CONFIG_SIZE_MAX } from "../../config/limits.ts";
import { type ConfigProblem, problemWords } from "../../config/problems.ts";
import { type Option, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { nearest } from "../nearest.ts";
import { readText } from "../read-text.ts";

export const FILE_OPTION: { readonly [name: string]: Option } = Object.freeze({
  file: { value: "FILE", default: CONFIG_FILE, about: "the configuration" },
});

export const configText = (path: string): Promise<string> => readText(path, CONFIG_SIZE_MAX);

export function keyOf(name: string): ConfigKey {
  const key = keyNamed(name);
  if (key !== undefined) return key;
  const likely = likelyKey(name, nearest);
  throw new UsageError(`there is no key ${name}${likely === undefined ? "" : `; did you mean ${likely}?`}`);
}

/** With --json a record; to a person a line each, as compilers say it. */
export function tellProblems(io: Io, file: string, problems: readonly ConfigProblem[]): Exit {
  for (const problem of problems) io.err(problemWords(file, problem));
  if (io.json) io.record({ type: "wrong", file, problems });
  return "unsound";
}
