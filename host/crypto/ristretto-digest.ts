/**
 * 64 bytes of digest that say what they are a digest of:
 *
 *     SHA-512( u8 domain length ‖ domain, ASCII ‖ u8 hash id ‖ bytes )
 *
 * The frame of `domainDigest` with another hash id, so that none of one is ever one of the other.
 */

import { createHash } from "node:crypto";
import { assert } from "../../protocol/core/assert.ts";
import { DOMAIN_SIZE_MAX } from "./domain-digest.ts";

/** Beside 1 for SHA-256; a number once given is not given again. */
const HASH_ID_SHA512 = 2;

export function wideDigest(domain: string, bytes: Uint8Array): Uint8Array {
  assert(domain.length >= 1 && domain.length <= DOMAIN_SIZE_MAX, "a domain has 1 to 255 characters");
  assert(/^[ -~]*$/.test(domain), "a domain is printable ASCII");
  const hasher = createHash("sha512");
  hasher.update(Uint8Array.of(domain.length)).update(domain, "latin1").update(Uint8Array.of(HASH_ID_SHA512));
  return new Uint8Array(hasher.update(bytes).digest());
}
