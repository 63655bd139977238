/** A table's secret in a file of its own, as people pass it on. Whoever reads it can take part in handshakes: it is for nobody but
 * the table's kiosks. */
import { randomBytes } from "node:crypto";
import { TABLE_SECRET_SIZE } from "../secure/limits.ts";
import { readSecret, secretText } from "../secure/secret-text.ts";
import { readPrivate, writePrivate } from "./private-file.ts";

/** Made where there is none. */
export function foundSecret(path: string): void {
  if (readPrivate(path) !== undefined) return;
  const secret = new Uint8Array(randomBytes(TABLE_SECRET_SIZE));
  writePrivate(path, Buffer.from(`${secretText(secret)}\n`));
}

/** Undefined where the file holds no secret. */
export function secretIn(path: string): Uint8Array | undefined {
  const file = readPrivate(path);
  const read = file === undefined ? undefined : readSecret(Buffer.from(file).toString("utf8"));
  return read?.ok ? read.secret : undefined;
}
