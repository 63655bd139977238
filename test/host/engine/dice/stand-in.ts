/** A group for tests in which a roll takes no time: squares modulo a safe prime of 61 bits. Whoever wants to may compute
 * logarithms in it; the tests' liars do not. */

import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { sign, verify } from "../../../../host/crypto/ed25519.ts";
import { importPublicKey, keyPairFromSeed } from "../../../../host/crypto/ed25519-keys.ts";
import { type RistrettoElement, ristrettoGroup } from "../../../../host/crypto/ristretto.ts";
import { wideDigest } from "../../../../host/crypto/ristretto-digest.ts";
import type { OwnPorts } from "../../../../host/engine/dice/own-state.ts";
import type { DicePorts, Group } from "../../../../host/engine/dice/ports.ts";
import { decodeScalar, encodeScalar } from "../../../../host/engine/dice/scalar.ts";
import { bytesEqual } from "../../../../protocol/bytes/equal.ts";

const PRIME = 2n ** 61n - 2373n;
const ORDER = (PRIME - 1n) / 2n;

export const standInGroup: Group<bigint> = Object.freeze({
  order: ORDER,
  base: 4n,
  add: (left: bigint, right: bigint) => (left * right) % PRIME,
  multiply: power,
  combine(terms: readonly { readonly element: bigint; readonly number: bigint }[]) {
    return terms.reduce((product, { element, number }) => (product * power(element, number)) % PRIME, 1n);
  },
  equal: (left: bigint, right: bigint) => left === right,
  isIdentity: (element: bigint) => element === 1n,
  encode: encodeScalar,
  decode(bytes: Uint8Array) {
    const element = decodeScalar(bytes, PRIME);
    // The squares are the subgroup.
    return element === undefined || element < 2n || power(element, ORDER) !== 1n ? undefined : element;
  },
  hashToElement(domain: string, bytes: Uint8Array) {
    const root = numberOf(domainDigest(domain, bytes)) % PRIME;
    return (root * root) % PRIME;
  },
  hashToScalar: (domain: string, bytes: Uint8Array) => numberOf(domainDigest(domain, bytes)) % ORDER,
});

export const realGroup: Group<RistrettoElement> = ristrettoGroup;

export type World = "stand-in" | "real";

/** What everyone needs, and one kiosk's own signature. The stand-in's signatures are keyed digests. */
export function portsOf(world: World, seed: Uint8Array): OwnPorts & { readonly key: Uint8Array } {
  if (world === "stand-in") {
    const key = domainDigest("key", seed);
    const signed = (by: Uint8Array, bytes: Uint8Array) => wideDigest("signature", Uint8Array.of(...by, ...bytes));
    return {
      ...{ group: standInGroup as Group, digest: domainDigest, wideDigest, key },
      verify: (by, bytes, signature) => bytesEqual(signed(by, bytes), signature),
      sign: (bytes) => signed(key, bytes),
    };
  }
  const { publicKey, privateKey } = keyPairFromSeed(seed);
  return {
    ...{ group: realGroup as Group, digest: domainDigest, wideDigest, key: publicKey.bytes },
    verify(by, bytes, signature) {
      const imported = importPublicKey(by);
      return imported.ok && verify(imported.key, bytes, signature);
    },
    sign: (bytes) => sign(privateKey, bytes),
  };
}

/** Any number below the order, the same for the same seed. */
export const secretFrom = (ports: DicePorts, seed: Uint8Array): Uint8Array =>
  encodeScalar(ports.group.hashToScalar("secret", seed));

function power(element: bigint, number: bigint): bigint {
  let [result, square] = [1n, element];
  for (let rest = number; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}
