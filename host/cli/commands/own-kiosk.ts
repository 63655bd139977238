/** The kiosk that a configuration describes: where its things are, and its key as it lies there. Looking makes nothing: a key that is
 * not there is not there. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CONFIG_FILE, type ConfigPlaces, placesOf } from "../../config/config-file.ts";
import type { Config } from "../../config/defaults.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { ownerOf } from "../../crypto/keystore.ts";
import { type OwnKey, ownKey } from "../../node/key-file.ts";
import { readPrivate } from "../../node/private-file.ts";
import { readSecret } from "../../secure/secret-text.ts";
import { type Input, InputError, type Option } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { nearest } from "../nearest.ts";
import { exitOfFault } from "../read-text.ts";
import { configText, tellProblems } from "./config-source.ts";
import { wantedPassphrase } from "./passphrase.ts";

export interface OwnKiosk extends ConfigPlaces {
  readonly file: string;
  readonly config: Config;
}

export const PASSPHRASE_OPTION: { readonly [name: string]: Option } = Object.freeze({
  "passphrase-file": { value: "FILE", about: "its first line opens the key; else what the configuration names" },
});

export async function kioskAt(input: Input, io: Io): Promise<OwnKiosk | Exit> {
  const file = input.text("file") ?? CONFIG_FILE;
  if (!existsSync(file)) throw new InputError("missing", `there is no ${file}.`, "hardway init makes one.");
  const parsed = parseConfig(await configText(file), nearest);
  return parsed.ok
    ? { file, config: parsed.config, ...placesOf(parsed.config, file) }
    : tellProblems(io, file, parsed.problems);
}

export const keyPath = (folder: string): string => join(folder, "key");
export const journalPath = (folder: string): string => join(folder, "journal");
/** As people carry it to another kiosk. */
export const secretPath = (folder: string): string => join(folder, "secret");

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export type KeyThere =
  | { readonly type: "none" }
  /** Anybody who has the file has the key. */
  | ({ readonly type: "bare" } & OwnKey)
  /** Whose it is stands outside. */
  | { readonly type: "sealed"; readonly owner: Uint8Array; readonly file: Uint8Array }
  | { readonly type: "unfit"; readonly why: string }
  /** Somebody else's file, or no file. */
  | { readonly type: "closed"; readonly why: string; readonly exit: Exit };

export function keyThere(folder: string): KeyThere {
  let file: Uint8Array | undefined;
  try {
    file = readPrivate(keyPath(folder));
  } catch (error) {
    const { message } = error as Error;
    return { type: "closed", why: `${keyPath(folder)}: ${message}`, exit: exitOfFault(message) };
  }
  if (file === undefined) return { type: "none" };
  const owner = ownerOf(file);
  if (owner !== undefined) return { type: "sealed", owner, file };
  const read = ownKey(folder);
  return read.ok ? { type: "bare", pair: read.pair, diceSecret: read.diceSecret } : { type: "unfit", why: read.why };
}

export const publicKeyOf = (key: KeyThere): Uint8Array | undefined =>
  key.type === "bare" ? key.pair.publicKey.bytes : key.type === "sealed" ? key.owner : undefined;

/** Nothing can be done with what lies there: why, and the next thing to try. */
export function refuseKey(there: Exclude<KeyThere, { type: "bare" | "sealed" }>, folder: string): InputError {
  switch (there.type) {
    case "none":
      return new InputError("missing", `no key is in ${folder}.`, "hardway init makes one.");
    case "unfit":
      return new InputError("unsound", `${there.why}.`, "hardway identity restore FILE --replace");
    case "closed":
      return new InputError(there.exit, `${there.why}.`, "Call it as the user whose kiosk this is.");
  }
}

/** To sign with it. */
export async function openedKey(kiosk: OwnKiosk, input: Input, io: Io): Promise<OwnKey & { passphrase?: string }> {
  const { folder } = kiosk;
  const there = keyThere(folder);
  if (there.type === "bare") return there;
  if (there.type !== "sealed") throw refuseKey(there, folder);
  const file = input.text("passphrase-file") ?? kiosk.passphraseFile;
  const passphrase = await wantedPassphrase({ what: keyPath(folder), file, option: "--passphrase-file" }, io);
  const read = ownKey(folder, passphrase);
  if (!read.ok) throw new InputError("unsound", `${read.why}.`, `Next: ${read.next}.`);
  return { ...read, passphrase };
}

/** Of the table; undefined where none is set, or one that chance has not drawn. */
export function tableSecret({ config }: OwnKiosk): Uint8Array | undefined {
  const read = config.table.secret === undefined ? undefined : readSecret(config.table.secret);
  return read?.ok ? read.secret : undefined;
}

/** How to name this configuration to another command. */
export const fileWords = ({ file }: OwnKiosk): string => (file === CONFIG_FILE ? "" : ` --file ${file}`);
