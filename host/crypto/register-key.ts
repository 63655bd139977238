/**
 * What a public key must be before its owner may have a name here.
 *
 * `verify` tolerates odd keys because replicas must agree on every input; an identity need not be odd. A key with a
 * second encoding would be two identities with one signature; under a key of small order anyone can sign; a key with a
 * torsion component makes validity depend on the cofactor, which other verifiers treat otherwise.
 */

import { Point } from "@noble/ed25519";
import { importPublicKey, type PublicKey } from "./ed25519-keys.ts";

export type Registration =
  | { readonly ok: true; readonly key: PublicKey }
  | {
      readonly ok: false;
      readonly why: "wrong length" | "not canonical" | "not on the curve" | "small order" | "torsion";
    };

export function registerPublicKey(bytes: Uint8Array): Registration {
  const imported = importPublicKey(bytes);
  if (!imported.ok) return imported;
  if (!isCanonical(imported.key.bytes)) return { ok: false, why: "not canonical" };
  const point = decodePoint(imported.key.bytes);
  if (point === undefined) return { ok: false, why: "not on the curve" };
  if (point.isSmallOrder()) return { ok: false, why: "small order" };
  if (!point.isTorsionFree()) return { ok: false, why: "torsion" };
  return imported;
}

/**
 * RFC 8032, section 5.1.3: y below p, and no sign on x = 0, which holds only for y = 1 and y = p − 1.
 * Little-endian p is ed ff … ff 7f, so that only the lowest byte tells the values around it apart.
 */
function isCanonical(bytes: Uint8Array): boolean {
  const low = bytes[0]!;
  const sign = bytes[31]! >> 7;
  const top = bytes[31]! & 0x7f;
  if (top === 0x7f && middleIs(bytes, 0xff)) return low < 0xec || (low === 0xec && sign === 0);
  if (top === 0x00 && middleIs(bytes, 0x00)) return low !== 0x01 || sign === 0;
  return true;
}

function middleIs(bytes: Uint8Array, value: number): boolean {
  for (let index = 1; index < 31; index++) if (bytes[index] !== value) return false;
  return true;
}

/** The library throws on what is no point; of canonical bytes that is the only reason left. */
function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}
