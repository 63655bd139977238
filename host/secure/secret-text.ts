/** A table's secret as people pass it on: 64 hexadecimal digits, in groups or not. A passphrase is refused, for whoever hears an
 * advertisement can try passphrases against it. */
import { assert } from "../../protocol/core/assert.ts";
import { SECRET_BYTES_DISTINCT_MIN, TABLE_SECRET_SIZE } from "./limits.ts";

export type ReadSecret =
  | { readonly ok: true; readonly secret: Uint8Array }
  | { readonly ok: false; readonly why: "not hexadecimal" | "wrong length" | "not random" };

export function readSecret(text: string): ReadSecret {
  const digits = text.replace(/[\s-]/g, "");
  if (!/^[0-9a-fA-F]*$/.test(digits)) return { ok: false, why: "not hexadecimal" };
  if (digits.length !== 2 * TABLE_SECRET_SIZE) return { ok: false, why: "wrong length" };
  const secret = new Uint8Array(TABLE_SECRET_SIZE);
  for (let at = 0; at < TABLE_SECRET_SIZE; at++) secret[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  let distinct = 0;
  for (let at = 0; at < TABLE_SECRET_SIZE; at++) if (secret.indexOf(secret[at]) === at) distinct += 1;
  return distinct < SECRET_BYTES_DISTINCT_MIN ? { ok: false, why: "not random" } : { ok: true, secret };
}

/** Eight groups of eight. */
export function secretText(secret: Uint8Array): string {
  assert(secret.length === TABLE_SECRET_SIZE, "a table's secret has its size");
  let text = "";
  for (let at = 0; at < TABLE_SECRET_SIZE; at++) {
    if (at > 0 && at % 4 === 0) text += " ";
    text += (0x100 + secret[at]).toString(16).slice(1);
  }
  return text;
}
