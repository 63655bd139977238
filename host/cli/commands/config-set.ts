/** `hardway config set`: one key of a configuration, which keeps its comments and its order, and is written in one step. */
import { replaceConfig } from "../../config/config-file.ts";
import { editConfig } from "../../config/edit.ts";
import type { ConfigKey } from "../../config/keys.ts";
import { CONFIG_SIZE_MAX } from "../../config/limits.ts";
import { parseConfig } from "../../config/parse-config.ts";
import type { ConfigProblem } from "../../config/problems.ts";
import { configValue, parseValue, valueRecord, valueText } from "../../config/value-text.ts";
import { type Command, type Input, InputError, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { nearest } from "../nearest.ts";
import { exitOfFault, readText } from "../read-text.ts";
import { configText, FILE_OPTION, keyOf, tellProblems } from "./config-source.ts";

export const configSet: Command = {
  words: ["config", "set"],
  takes: "KEY VALUE …",
  about: "Sets a key of a configuration and leaves the rest of the file as it is, unless it would be wrong then.",
  more: "KEY is a whole name, as in consensus.timeout_ms. Several values make a list. A kiosk reads the file when it starts.",
  options: {
    ...FILE_OPTION,
    standard: { about: "takes the key away, so that it is what it is without one" },
    "value-file": {
      value: "FILE",
      about: "takes the value from the first line there: a secret in a command is seen by others",
    },
  },
  async run(input, io) {
    const [name] = input.operands;
    if (name === undefined) throw new UsageError("config set takes a KEY and its VALUE");
    const key = keyOf(name);
    const value = await wantedValue(key, input);
    const file = input.text("file") as string;
    const before = await configText(file);
    const edited = editConfig(before, key, value, nearest);
    if (!edited.ok) return refuse(io, file, before, key, edited.problems);
    if (edited.text !== before) write(file, before, edited.text);
    const now = configValue(edited.config, key);
    if (io.json) io.record({ type: "set", file, isChanged: edited.text !== before, ...valueRecord(key, now) });
    else io.out(`${key.name}: ${valueText(key, now).replaceAll("\n", ", ")}`);
    return "done";
  },
};

/** The value's own fault stands on no line, for it is not written; others' have theirs in the file as it is. */
function refuse(io: Io, file: string, before: string, key: ConfigKey, problems: readonly ConfigProblem[]): Exit {
  const own = problems.find((problem) => problem.key === key.name || problem.key.startsWith(`${key.name}.`));
  if (own !== undefined)
    throw new UsageError(`${own.key}: ${own.why}${own.likely === undefined ? "" : `; did you mean ${own.likely}?`}`);
  const present = parseConfig(before, nearest);
  return tellProblems(io, file, present.ok ? problems : present.problems);
}

/** Undefined: the key is taken away. */
async function wantedValue(key: ConfigKey, { operands, text, flag }: Input): Promise<unknown> {
  const words = operands.slice(1);
  const from = text("value-file");
  const ways = [words.length > 0, from !== undefined, flag("standard")].filter(Boolean).length;
  if (ways > 1) throw new UsageError("config set takes a VALUE, or --value-file, or --standard");
  if (flag("standard")) return undefined;
  if (ways === 0 && key.type !== "list") throw new UsageError(`config set takes a VALUE for ${key.name}`);
  const given = from === undefined ? words : [(await readText(from, CONFIG_SIZE_MAX)).split(/\r?\n/, 1)[0]];
  const parsed = parseValue(key, given);
  if (!parsed.ok) throw new UsageError(parsed.why);
  return parsed.value;
}

function write(file: string, before: string, text: string): void {
  let isWritten: boolean;
  try {
    isWritten = replaceConfig(file, before, text);
  } catch (error) {
    const { message } = error as Error;
    throw new InputError(exitOfFault(message), `writing ${file}: ${message}.`, "The old one is as it was.");
  }
  if (!isWritten) {
    throw new InputError(
      "busy",
      `writing ${file}: somebody else has written it just now.`,
      "Look at it, and set it again.",
    );
  }
}
