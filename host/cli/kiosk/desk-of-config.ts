/** What an operator sees and does at a kiosk that a configuration describes: its settings, its log, its levels. */
import { readFileSync } from "node:fs";
import { replaceConfig } from "../../config/config-file.ts";
import type { Config } from "../../config/defaults.ts";
import { editConfig } from "../../config/edit.ts";
import { CONFIG_KEYS, type ConfigKey, configJsonSchema, keyNamed } from "../../config/keys.ts";
import { problemWords } from "../../config/problems.ts";
import { configValue, parseValue } from "../../config/value-text.ts";
import type { Logger } from "../../logs/logger.ts";
import { type Answer, refused } from "../../web/contract/answers.ts";
import type { Logs, Setting, Settings } from "../../web/contract/operator-part.ts";
import type { OperatorDesk } from "../../web/view/seen-kiosk.ts";
import { nearest } from "../nearest.ts";
import type { LastLines } from "./last-lines.ts";

export interface DeskOptions {
  readonly file: string;
  readonly config: Config;
  readonly log: Logger;
  readonly lines: LastLines;
  readonly writtenBytes: () => number;
  readonly backup: () => Promise<Answer>;
}

/** Keys that a page cannot set: who could, could take the page's own protection away, or would have to know a secret. */
const KEPT: readonly string[] = Object.freeze(["web.host", "web.enabled", "kiosk.folder", "kiosk.passphrase_file"]);

export function deskOf({ file, config, log, lines, writtenBytes, backup }: DeskOptions): OperatorDesk {
  /** As the file says it by now. */
  let held = config;
  const set = (name: string, text: string | null): Answer => {
    const key = keyNamed(name);
    if (key === undefined) return refused("no such setting");
    const whyNot = keptFromPage(key);
    if (whyNot !== null) return { ok: false, why: "not now", words: whyNot, next: `hardway config set ${name}` };
    const before = readFileSync(file, "utf8");
    const value = text === null ? undefined : parseValue(key, key.type === "list" ? text.split("\n") : [text]);
    if (value?.ok === false) return { ok: false, why: "failed", words: `${value.why}.`, next: null };
    const edited = editConfig(before, key, value?.value, nearest);
    if (!edited.ok) return { ok: false, why: "failed", words: problemWords(file, edited.problems[0]), next: null };
    if (!replaceConfig(file, before, edited.text)) {
      return { ok: false, why: "busy", words: `Somebody else has written ${file} just now.`, next: "Once more." };
    }
    held = edited.config;
    return { ok: true, revision: 0, words: "It is taken up at the next start." };
  };
  return {
    part: () => ({
      faults: { whyNot: "real radios", loss: 0, groups: [], killed: [], cheating: [] },
      ...{ backups: [], writtenBytesADay: null },
    }),
    settings: () => settingsOf(held),
    logs: () => logsOf(log, held.logs, lines),
    async order(order) {
      switch (order.type) {
        case "set":
          return set(order.key, order.value);
        case "logLevel":
          log.set(order.part, order.level);
          return { ok: true, revision: 0, words: "Until the next start, when the file says it again." };
        case "backup":
          return backup();
        case "fault":
          return refused("real radios");
        case "identify":
        case "restartRadio":
          return refused("not now", "hardway doctor DEVICE looks at a radio.");
      }
    },
    writtenBytes,
  };
}

function keptFromPage(key: ConfigKey): string | null {
  if (key.isSecret) return "No page is told a secret, or tells one.";
  if (key.isFixed) return "It has one value.";
  return KEPT.includes(key.name) ? "It is set at the machine alone." : null;
}

const settingsOf = (config: Config): Settings => ({
  schema: configJsonSchema() as Settings["schema"],
  settings: CONFIG_KEYS.map((key): Setting => {
    const value = configValue(config, key);
    return {
      key: key.name,
      value: key.isSecret ? null : shown(value),
      isStandard: value === undefined || JSON.stringify(value) === JSON.stringify(key.standard),
      isSecret: key.isSecret,
      whyNot: keptFromPage(key),
      needsRestart: true,
    };
  }),
});

const shown = (value: unknown): Setting["value"] => {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
};

export const logsOf = (log: Logger, { level }: Pick<Logs, "level">, lines: LastLines): Logs => ({
  ...{ level, levels: log.levels() },
  lines: lines.lines(),
});
