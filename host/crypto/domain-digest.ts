/**
 * A digest that says what it is a digest of: bytes hashed for one purpose never equal bytes hashed for another.
 *
 *     SHA-256( u8 domain length ‖ domain, ASCII ‖ u8 hash id ‖ bytes )
 *
 * The length before the domain makes the prefix of one domain never the prefix of another. The hash id lets a table move
 * to another hash function without a digest of the old one ever passing for one of the new.
 */

import { assert } from "../../protocol/core/assert.ts";
import { sha256 } from "./sha256.ts";

/** Hash function ids; a number once given is not given again. */
export const HASH_ID_SHA256 = 1;

/** One length byte. */
export const DOMAIN_SIZE_MAX = 255;

/** `domain` is a constant of ours, `bytes` one canonical encoding: two of them side by side need a layout of their own. */
export function domainDigest(domain: string, bytes: Uint8Array): Uint8Array {
  return sha256(domainPrefix(domain), bytes);
}

function domainPrefix(domain: string): Uint8Array {
  const size = domain.length;
  assert(size >= 1 && size <= DOMAIN_SIZE_MAX, "a domain has 1 to 255 characters");
  const prefix = new Uint8Array(size + 2);
  prefix[0] = size;
  for (let index = 0; index < size; index++) {
    const code = domain.charCodeAt(index);
    assert(code >= 0x20 && code <= 0x7e, "a domain is printable ASCII");
    prefix[index + 1] = code;
  }
  prefix[size + 1] = HASH_ID_SHA256;
  return prefix;
}
