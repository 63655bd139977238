/** Whose backup is taken, and what of its configuration goes along: a kiosk of which nothing can be read but its folder has one
 * all the same. */
import { existsSync } from "node:fs";
import { LEFT_OUT } from "../../backup/kiosk-folder.ts";
import { CONFIG_FILE, placesOf } from "../../config/config-file.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { type Input, InputError, type Option } from "../command.ts";
import { nearest } from "../nearest.ts";
import { configText } from "./config-source.ts";
import { passphraseIn } from "./passphrase.ts";

export const SOURCE_OPTIONS: { readonly [name: string]: Option } = Object.freeze({
  at: { value: "FOLDER", about: "the kiosk's folder; else the one that its configuration names" },
  file: { value: "FILE", default: CONFIG_FILE, about: "its configuration, where there is one" },
});

export interface BackupSource {
  readonly folder: string;
  /** Without the table's secret. */
  readonly config: string | undefined;
  /** That secret, where it stands there. */
  readonly secret: string | undefined;
  readonly passphrase: string | undefined;
}

export function sourceOf(input: Input): Promise<BackupSource> {
  return sourceAt(input.text("file") as string, input.text("at"), input.text("passphrase-file"));
}

/** `file`: its configuration, which need not be there where its folder is `named`. */
export async function sourceAt(file: string, named?: string, passphraseNamed?: string): Promise<BackupSource> {
  const text = existsSync(file) ? await configText(file) : undefined;
  if (text === undefined && named === undefined) {
    throw new InputError("missing", `there is no ${file}.`, "Name the kiosk's folder with --at, or its --file.");
  }
  const parsed = text === undefined ? undefined : parseConfig(text, nearest);
  if (parsed?.ok !== true && named === undefined) {
    throw new InputError(
      "unsound",
      `${file} does not say where its kiosk's folder is.`,
      `hardway config check ${file}`,
    );
  }
  const places = parsed?.ok ? placesOf(parsed.config, file) : undefined;
  const passphraseFile = passphraseNamed ?? existing(places?.passphraseFile);
  return {
    folder: named ?? (places?.folder as string),
    config: text === undefined ? undefined : withoutSecret(text),
    secret: parsed?.ok ? parsed.config.table.secret : undefined,
    passphrase: passphraseFile === undefined ? undefined : passphraseIn(passphraseFile),
  };
}

/** Undefined where it could not be taken out, however it was written. */
function withoutSecret(text: string): string | undefined {
  const without = text.replace(/\b[0-9a-fA-F]{64}\b/g, LEFT_OUT);
  const parsed = parseConfig(without, nearest);
  return parsed.ok && parsed.config.table.secret !== undefined ? undefined : without;
}

/** What a configuration names may be in a place that is not there now: a stick. */
const existing = (path: string | undefined): string | undefined =>
  path !== undefined && existsSync(path) ? path : undefined;
