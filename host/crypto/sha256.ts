/**
 * SHA-256 (FIPS 180-4) by the host's own library.
 *
 * One part goes through the one-shot call, which measured 1.5 × as fast as an incremental hash up to 200 bytes; several
 * parts go through the incremental one, which copies nothing.
 */

import { createHash, hash } from "node:crypto";

export const SHA256_SIZE = 32;

/** The digest of the parts one after another; borders between parts leave no trace in it. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return plain(hash("sha256", parts[0]!, "buffer"));
  const hasher = createHash("sha256");
  for (const part of parts) hasher.update(part);
  return plain(hasher.digest());
}

/** A Buffer's `slice` shares memory where a Uint8Array's copies, and a Buffer may be a view into a pool that others use. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
