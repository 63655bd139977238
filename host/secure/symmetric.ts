/** Noise, section 5.2: what two ends of a handshake have in common at a moment. Each function gives the next such value and
 * leaves the old one alone, so that a message that does not open has changed nothing. */
import { assert } from "../../protocol/core/assert.ts";
import { NOTHING, nonceOf } from "./cipher.ts";
import { HASH_SIZE } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";

export interface Symmetric {
  readonly chainingKey: Uint8Array;
  /** Of all that both have said: the handshake hash at the end. */
  readonly transcript: Uint8Array;
  /** Undefined before the first exchange or secret. */
  readonly key: Uint8Array | undefined;
  readonly nonce: number;
}

export function symmetric(protocol: string, ports: NoisePorts): Symmetric {
  const name = ascii(protocol);
  const padded = new Uint8Array(HASH_SIZE);
  if (name.length <= HASH_SIZE) padded.set(name);
  const transcript = name.length <= HASH_SIZE ? padded : ports.hash(name);
  return { chainingKey: transcript, transcript, key: undefined, nonce: 0 };
}

export const mixHash = (state: Symmetric, data: Uint8Array, ports: NoisePorts): Symmetric => ({
  chainingKey: state.chainingKey,
  transcript: ports.hash(state.transcript, data),
  key: state.key,
  nonce: state.nonce,
});

export function mixKey(state: Symmetric, material: Uint8Array, ports: NoisePorts): Symmetric {
  const [chainingKey, key] = derive(state.chainingKey, material, 2, ports);
  return { chainingKey, transcript: state.transcript, key, nonce: 0 };
}

export function mixKeyAndHash(state: Symmetric, material: Uint8Array, ports: NoisePorts): Symmetric {
  const [chainingKey, mixed, key] = derive(state.chainingKey, material, 3, ports);
  return { chainingKey, transcript: ports.hash(state.transcript, mixed), key, nonce: 0 };
}

export interface Mixed {
  readonly state: Symmetric;
  readonly bytes: Uint8Array;
}

export function encryptAndHash(state: Symmetric, text: Uint8Array, ports: NoisePorts): Mixed {
  const { key, nonce, transcript } = state;
  const bytes = key === undefined ? text : ports.seal(key, nonceOf(nonce), transcript, text);
  return { state: counted(mixHash(state, bytes, ports)), bytes };
}

/** Undefined where it does not open. */
export function decryptAndHash(state: Symmetric, sealed: Uint8Array, ports: NoisePorts): Mixed | undefined {
  const { key, nonce, transcript } = state;
  const bytes = key === undefined ? sealed : ports.unseal(key, nonceOf(nonce), transcript, sealed);
  return bytes === undefined ? undefined : { state: counted(mixHash(state, sealed, ports)), bytes };
}

/** The keys from initiator to responder, and back. */
export function split(state: Symmetric, ports: NoisePorts): readonly [Uint8Array, Uint8Array] {
  const [there, back] = derive(state.chainingKey, NOTHING, 2, ports);
  return [there, back];
}

const counted = (state: Symmetric): Symmetric =>
  state.key === undefined ? state : { ...state, nonce: state.nonce + 1 };

/** Section 4.3: HKDF (RFC 5869) without info. */
function derive(chainingKey: Uint8Array, material: Uint8Array, count: number, ports: NoisePorts): Uint8Array[] {
  const secret = ports.hmac(chainingKey, material);
  const outputs: Uint8Array[] = [];
  let last = NOTHING;
  for (let each = 1; each <= count; each++) {
    last = ports.hmac(secret, last, Uint8Array.of(each));
    outputs.push(last);
  }
  return outputs;
}

export function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    assert(text.charCodeAt(at) < 0x80, "a name is ASCII");
    bytes[at] = text.charCodeAt(at);
  }
  return bytes;
}
