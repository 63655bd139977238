/** Noise, section 5.1, with the nonce given: a packet of a link may be lost or overtaken, so each says its own. */
import { assert } from "../../protocol/core/assert.ts";
import { HASH_SIZE, NONCE_SIZE } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";

/** Section 12.3: four zeros, then 64 bits, least significant first. */
export function nonceOf(count: number): Uint8Array {
  assert(count >= 0 && count <= 0xffffffff, "a nonce counts few messages");
  const nonce = new Uint8Array(NONCE_SIZE);
  for (let at = 0, rest = count; at < 4; at++, rest = Math.floor(rest / 0x100)) nonce[4 + at] = rest % 0x100;
  return nonce;
}

/** Section 4.2: zeros under the nonce that no message has. One cannot go back from the new key to the old one. */
export function rekeyed(key: Uint8Array, ports: NoisePorts): Uint8Array {
  const last = new Uint8Array(NONCE_SIZE).fill(0xff, 4);
  return ports.seal(key, last, NOTHING, new Uint8Array(HASH_SIZE)).slice(0, HASH_SIZE);
}

export const NOTHING: Uint8Array = Object.freeze(new Uint8Array(0));

/** Of a secret that has served. What the engine of the language copied is out of reach. */
export function wipe(secret: Uint8Array | undefined): void {
  secret?.fill(0);
}
