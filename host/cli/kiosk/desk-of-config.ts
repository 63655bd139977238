/** What an operator sees and does at a kiosk that a configuration describes: its settings, its log, its levels. */
import { readFileSync } from "node:fs";
import type { Millis } from "../../../protocol/core/units.ts";
import { listBackups } from "../../backup/list-backups.ts";
import { replaceConfig } from "../../config/config-file.ts";
import type { Config } from "../../config/defaults.ts";
import { editConfig } from "../../config/edit.ts";
import { CONFIG_KEYS, type ConfigKey, configJsonSchema, keyNamed } from "../../config/keys.ts";
import { problemWords } from "../../config/problems.ts";
import { configValue, parseValue } from "../../config/value-text.ts";
import { WHOLE_PPM } from "../../engine/judge/limits.ts";
import { PARTS } from "../../logs/levels.ts";
import type { Logger } from "../../logs/logger.ts";
import { nodeClock } from "../../node/clock.ts";
import type { Radios } from "../../node/radio-transport.ts";
import { cardBudget } from "../../service/card-budget.ts";
import { type Answer, refused } from "../../web/contract/answers.ts";
import { NO_FAULTS } from "../../web/contract/faults-part.ts";
import { BACKUPS_SHOWN_MAX } from "../../web/contract/limits.ts";
import type { Logs, OperatorPart, Setting, Settings } from "../../web/contract/operator-part.ts";
import type { Detection } from "../../web/view/conduct-watch.ts";
import type { OperatorDesk } from "../../web/view/seen-kiosk.ts";
import { nearest } from "../nearest.ts";
import type { LastLines } from "./last-lines.ts";

export interface DeskOptions {
  readonly file: string;
  readonly config: Config;
  readonly log: Logger;
  readonly lines: LastLines;
  readonly writtenBytes: () => number;
  /** Writes that were waited for. */
  readonly flushes?: () => number;
  readonly now?: () => Millis;
  readonly backup: () => Promise<Answer>;
  /** Where those lie; undefined where nobody lists any. */
  readonly backups?: string;
  /** False: there is no such radio. */
  readonly point?: Radios["point"];
  readonly exportLedger?: OperatorDesk["exportLedger"];
}

function detectionOf({ fault_detection: wanted }: Config): Detection | undefined {
  if (!wanted.enabled) return undefined;
  const { reputation_threshold: least, anomaly_detection: namesOddities, statistical_analysis: watchesDice } = wanted;
  return { reputationMinPpm: Math.round(least * WHOLE_PPM), namesOddities, watchesDice };
}

/** Between two looks at what changes by the hour. */
const DUTY_EVERY_MS = 60_000;

/** Keys that a page cannot set: who could, could take the page's own protection away, or would have to know a secret. */
const KEPT: readonly string[] = Object.freeze([
  "web.host",
  "web.hosts",
  "web.enabled",
  "kiosk.folder",
  "kiosk.passphrase_file",
]);

export function deskOf(options: DeskOptions): OperatorDesk {
  const { file, config, log, lines, writtenBytes, flushes = () => 0, now = nodeClock.now, backup } = options;
  const startedAt = now();
  let duty: Duty | undefined;
  /** Looked at seldom: a page asks many times a second. */
  const dutyNow = (): Duty => {
    if (duty !== undefined && now() - duty.at < DUTY_EVERY_MS) return duty;
    const written = [{ name: "journal, history and log", bytes: writtenBytes(), flushes: flushes() }];
    duty = {
      at: now(),
      backups: backupsIn(options.backups),
      writtenBytesADay: cardBudget(written, now() - startedAt)?.bytesADay ?? null,
    };
    return duty;
  };
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
    if (!isLive(name)) return { ok: true, revision: 0, words: "It is taken up at the next start." };
    takeUp(held.logs, log);
    return { ok: true, revision: 0, words: "It holds from now on." };
  };
  const point = (device: string, wanted: "identify" | "restart"): Answer => {
    if (options.point?.(device, wanted) !== true)
      return refused("not now", "hardway radio list shows those that are here.");
    const words =
      wanted === "identify" ? "It blinks, if it can." : "It starts anew; its links come back by themselves.";
    return { ok: true, revision: 0, words };
  };
  return {
    part() {
      const { backups, writtenBytesADay } = dutyNow();
      return { faults: NO_FAULTS, backups, writtenBytesADay };
    },
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
          return backup().finally(() => {
            duty = undefined;
          });
        case "fault":
          return refused("real radios");
        case "identify":
        case "restartRadio":
          return point(order.device, order.type === "identify" ? "identify" : "restart");
      }
    },
    ...{ writtenBytes, detection: detectionOf(config) },
    ...(options.exportLedger === undefined ? {} : { exportLedger: options.exportLedger }),
  };
}

interface Duty extends Pick<OperatorPart, "backups" | "writtenBytesADay"> {
  readonly at: Millis;
}

const backupsIn = (folder: string | undefined): OperatorPart["backups"] =>
  folder === undefined
    ? []
    : listBackups(folder, BACKUPS_SHOWN_MAX).map(({ name, atMs, sizeBytes, why }) => ({
        name,
        at: atMs,
        sizeBytes,
        why,
      }));

/** How much is told is no part of any agreement. */
const isLive = (name: string): boolean => name === "logs.level" || name.startsWith("logs.levels.");

function takeUp({ level, levels }: Config["logs"], log: Logger): void {
  log.set(undefined, level);
  for (const part of PARTS) log.set(part, levels[part]);
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
      needsRestart: !isLive(key.name),
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
