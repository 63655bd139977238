/** What a person says of a kiosk, or what is suggested: by flags, by what the file says already, and by what is here. */
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { NAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { Config } from "../../config/defaults.ts";
import { editConfig } from "../../config/edit.ts";
import { keyNamed } from "../../config/keys.ts";
import { parseValue } from "../../config/value-text.ts";
import type { FoundPort } from "../../radio/discovery.ts";
import { type Input, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { nearest } from "../nearest.ts";
import { deviceOf } from "./devices.ts";
import { lineOf } from "./radio-list.ts";

/** Keys of the configuration and what they are to be; one that is absent stays as it is. */
export type Answers = { [key: string]: unknown };

export interface Asked {
  readonly input: Input;
  readonly io: Io;
  readonly file: string;
  readonly config: Config;
  readonly isNew: boolean;
  readonly ports: readonly FoundPort[];
}

export async function answersOf(of: Asked): Promise<Answers> {
  const { input, file, config, isNew } = of;
  const answers: Answers = {};
  const set = (key: string, value: unknown): void => {
    if (value !== undefined) answers[key] = value;
  };
  const suggestedName = isNew ? hostName() : config.kiosk.name;
  set("kiosk.name", await answered(of, "kiosk.name", "name", "Name of this kiosk, as people read it", suggestedName));
  const folder = await answered(of, "kiosk.folder", "folder", "Folder for its key and journal", config.kiosk.folder);
  set("kiosk.folder", input.text("folder") === undefined ? folder : pathFrom(file, String(folder)));
  set("radios", await radiosAnswer(of));
  const kiosks = String(config.table.kiosks);
  set("table.kiosks", await answered(of, "table.kiosks", "kiosks", "Kiosks at its table", kiosks));
  return answers;
}

export const isAsking = ({ input }: { readonly input: Input }): boolean => !input.flag("yes");

/** A line, or what is suggested; whoever cannot be asked is told how to say it. */
export async function askLine(io: Io, question: string): Promise<string> {
  const line = await io.ask(question);
  if (line !== undefined) return line.trim();
  if (io.signal.aborted) throw new InputError("interrupted", "nothing was written.", "hardway init, once more.");
  throw new UsageError("nobody is here to answer: --yes takes what is suggested, and options say the rest");
}

/** By its option, or asked until it fits. */
async function answered(of: Asked, key: string, option: string, question: string, suggested: string): Promise<unknown> {
  const given = of.input.text(option);
  if (given !== undefined || !isAsking(of)) {
    const judged = judge(key, given ?? suggested);
    if (judged.ok) return judged.value;
    throw new UsageError(`--${option}: ${judged.why}`);
  }
  for (;;) {
    const line = await askLine(of.io, `${question} [${suggested}]:`);
    const judged = judge(key, line === "" ? suggested : line);
    if (judged.ok) return judged.value;
    of.io.err(`  ${judged.why}`);
  }
}

type Judged = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

/** As the file itself would be judged with it. */
function judge(name: string, text: string): Judged {
  const key = keyNamed(name);
  if (key === undefined) throw new Error(`there is a key ${name}`);
  const parsed = parseValue(key, [text]);
  if (!parsed.ok) return parsed;
  const edited = editConfig("", key, parsed.value, nearest);
  return edited.ok ? parsed : { ok: false, why: edited.problems[0].why };
}

async function radiosAnswer(of: Asked): Promise<unknown> {
  const { input, io, config, ports } = of;
  const given = input.all("radio");
  if (given.length > 0) return distinct(given.map((text) => checkedDevice(text)));
  const suggested = config.radios.length > 0 ? config.radios : ports.map(({ path }) => path);
  if (!isAsking(of)) return suggested;
  io.err(ports.length === 0 ? "No serial port of a radio is here." : "Ports that may be radios:");
  for (const [at, port] of ports.entries()) io.err(`  ${at + 1}  ${lineOf(port)}`);
  const words = suggested.length === 0 ? "none" : suggested.join(" ");
  for (;;) {
    const line = await askLine(io, `Radios, by number or device, or none [${words}]:`);
    if (line === "") return suggested;
    if (line === "none") return [];
    try {
      return distinct(line.split(/[\s,]+/).map((word) => ports[Number(word) - 1]?.path ?? checkedDevice(word)));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      io.err(`  ${error.message}`);
    }
  }
}

function checkedDevice(text: string): string {
  deviceOf(text);
  return text;
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

/** What this machine is called, where that is a name that fits. */
function hostName(): string {
  const name = hostname().split(".")[0];
  return /^[\w-]+$/.test(name) && name.length <= NAME_SIZE_MAX ? name : "kiosk";
}

/** A path that was typed here, as the file has it: from where the file is. */
export function pathFrom(file: string, typed: string): string {
  if (isAbsolute(typed)) return typed;
  const within = relative(dirname(resolve(file)), resolve(typed));
  return within === "" || within.startsWith("..") ? resolve(typed) : within;
}

/** A name that nothing has. */
export function freeName(path: string): string {
  let free = path;
  for (let count = 2; existsSync(free); count++) free = `${path}-${count}`;
  return free;
}
