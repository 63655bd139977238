/** The passphrase that opens a kiosk's key, from a file that a person names: its first line, without what ends it. */
import { PASSPHRASE_SIZE_MAX } from "./limits.ts";
import { readPrivate } from "./private-file.ts";

/** Where an option names none. */
export const PASSPHRASE_FILE_VARIABLE = "HARDWAY_PASSPHRASE_FILE";

export type ReadPassphrase =
  | { readonly ok: true; readonly passphrase: string }
  | { readonly ok: false; readonly why: string };

export function readPassphrase(path: string): ReadPassphrase {
  let file: Uint8Array | undefined;
  try {
    file = readPrivate(path);
  } catch (error) {
    return { ok: false, why: `the passphrase in ${path} cannot be read: ${(error as Error).message}` };
  }
  if (file === undefined) return { ok: false, why: `there is no file ${path} with a passphrase` };
  const line = Buffer.from(file).toString("utf8").split("\n", 1)[0].replace(/\r$/, "");
  if (line === "") return { ok: false, why: `the first line of ${path} is empty: it is the passphrase` };
  if (Buffer.byteLength(line) > PASSPHRASE_SIZE_MAX) {
    return { ok: false, why: `the first line of ${path} is longer than a passphrase of ${PASSPHRASE_SIZE_MAX} bytes` };
  }
  return { ok: true, passphrase: line };
}
