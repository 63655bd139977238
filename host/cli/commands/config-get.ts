/** `hardway config get`: what a kiosk is told, whether its file says so or is silent. Secrets are never shown. */
import { CONFIG_KEYS } from "../../config/keys.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { configValue, valueRecord, valueText } from "../../config/value-text.ts";
import { type Command, UsageError } from "../command.ts";
import { nearest } from "../nearest.ts";
import { configText, FILE_OPTION, keyOf, tellProblems } from "./config-source.ts";

export const configGet: Command = {
  words: ["config", "get"],
  takes: "[KEY]",
  about: "Says what a kiosk is told by a key, or by all of them, also where its file is silent.",
  more: "KEY is a whole name, as in consensus.timeout_ms. Of a secret it says only whether there is one.",
  options: FILE_OPTION,
  async run({ operands, text }, io) {
    if (operands.length > 1) throw new UsageError("config get takes one KEY");
    const keys = operands.length === 0 ? CONFIG_KEYS : [keyOf(operands[0])];
    const file = text("file") as string;
    const parsed = parseConfig(await configText(file), nearest);
    if (!parsed.ok) return tellProblems(io, file, parsed.problems);
    for (const key of keys) {
      const value = configValue(parsed.config, key);
      if (io.json) io.record(valueRecord(key, value));
      else if (keys.length === 1) io.out(valueText(key, value));
      else io.out(`${key.name}: ${valueText(key, value).replaceAll("\n", ", ")}`);
    }
    return "done";
  },
};
