/** `hardway config check`: everything that is wrong with a configuration, with the line and the key that was meant. */
import { CONFIG_FILE, warningsOf } from "../../config/config-file.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { type Command, UsageError } from "../command.ts";
import { nearest } from "../nearest.ts";
import { configText, tellProblems } from "./config-source.ts";

export const configCheck: Command = {
  words: ["config", "check"],
  takes: "[FILE]",
  about: "Says everything that is wrong with a configuration, with line, column and the key that was meant.",
  more: `Without FILE it takes ${CONFIG_FILE} here. docs/configuration.md has every key.`,
  async run({ operands }, io) {
    if (operands.length > 1) throw new UsageError("config check takes one FILE");
    const [file = CONFIG_FILE] = operands;
    const parsed = parseConfig(await configText(file), nearest);
    if (!parsed.ok) return tellProblems(io, file, parsed.problems);
    const warnings = warningsOf(parsed.config, file);
    for (const warning of warnings) io.err(`${file}: ${warning}`);
    if (io.json) io.record({ type: "checked", file, warnings });
    else io.out(`${file}: well.`);
    return "done";
  },
};
