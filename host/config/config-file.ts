/** The file on its disk: written in one step, so that a power cut leaves the old one or the new one, and never half of any. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Config } from "./defaults.ts";

/** Where nobody names another one. */
export const CONFIG_FILE = "hardway.yaml";

/** Nobody else reads what this program makes: a secret may be put into it later. */
const MODE = 0o600;

/** `before`: what was read there; false where another hand has written since, and nothing is done. */
export function replaceConfig(path: string, before: string, text: string): boolean {
  // A link stays one, and what it names is what is written.
  const real = realpathSync(path);
  if (readFileSync(real, "utf8") !== before) return false;
  writeWhole(real, text, statSync(real));
  return true;
}

/** False where there is one already. */
export function createConfig(path: string, text: string): boolean {
  if (existsSync(path)) return false;
  writeWhole(path, text, undefined);
  return true;
}

/** `old`: whose owner and rights it keeps. Where that is not allowed it is not written: its service could not read it. */
function writeWhole(path: string, text: string, old: Stats | undefined): void {
  const folder = dirname(path);
  const fresh = join(folder, `.${process.pid}.hardway-config`);
  // Of a process that had this number once and was killed.
  rmSync(fresh, { force: true });
  const file = openSync(fresh, "wx", MODE);
  try {
    try {
      writeFileSync(file, text);
      const made = fstatSync(file);
      if (old !== undefined && (made.uid !== old.uid || made.gid !== old.gid)) fchownSync(file, old.uid, old.gid);
      if (old !== undefined) fchmodSync(file, old.mode & 0o777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  const directory = openSync(folder, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Paths of the file, as a process anywhere opens them. */
export function placesOf({ kiosk, logs, mqtt }: Config, configPath: string): ConfigPlaces {
  const at = (path: string): string => resolve(dirname(resolve(configPath)), path);
  return {
    folder: at(kiosk.folder),
    ...(kiosk.passphrase_file === undefined ? {} : { passphraseFile: at(kiosk.passphrase_file) }),
    ...(logs.file === undefined ? {} : { logFile: at(logs.file) }),
    ...(mqtt.password_file === undefined ? {} : { brokerPasswordFile: at(mqtt.password_file) }),
  };
}

export interface ConfigPlaces {
  readonly folder: string;
  readonly passphraseFile?: string;
  readonly logFile?: string;
  readonly brokerPasswordFile?: string;
}

/** What is no error and ought to be known: whoever reads the secret may sit at the table. */
export function warningsOf(config: Config, path: string): string[] {
  const { mode } = statSync(path);
  if (config.table.secret === undefined || (mode & 0o077) === 0) return [];
  return [`it holds the table's secret, and others may read it: chmod 600 ${path}`];
}
