/** A group in which a roll takes no time: whole numbers modulo a prime, added. Logarithms are divisions in it, which nobody here
 * makes. */
import type { DicePorts, Group, Term } from "../../../host/engine/dice/ports.ts";

const PRIME = 2n ** 61n - 1n;
const ELEMENT_SIZE = 32;
const NUMBER_SIZE = 8;

type Digest = DicePorts["digest"];

export function quickGroup(digest: Digest): Group<bigint> {
  const number = (domain: string, bytes: Uint8Array): bigint => numberIn(digest(domain, bytes)) % PRIME;
  return Object.freeze({
    order: PRIME,
    base: 7n,
    add: (left: bigint, right: bigint) => (left + right) % PRIME,
    multiply: (element: bigint, by: bigint) => (element * by) % PRIME,
    combine(terms: readonly Term<bigint>[]) {
      let sum = 0n;
      for (const { element, number } of terms) sum += element * number;
      return sum % PRIME;
    },
    equal: (left: bigint, right: bigint) => left === right,
    isIdentity: (element: bigint) => element === 0n,
    encode(element: bigint) {
      const bytes = new Uint8Array(ELEMENT_SIZE);
      new DataView(bytes.buffer).setBigUint64(0, element, true);
      return bytes;
    },
    decode(bytes: Uint8Array) {
      if (bytes.length !== ELEMENT_SIZE) return undefined;
      for (let at = NUMBER_SIZE; at < ELEMENT_SIZE; at++) if (bytes[at] !== 0) return undefined;
      const element = numberIn(bytes);
      return element === 0n || element >= PRIME ? undefined : element;
    },
    hashToElement: (domain: string, bytes: Uint8Array) => 1n + (number(domain, bytes) % (PRIME - 1n)),
    hashToScalar: number,
  });
}

const numberIn = (bytes: Uint8Array): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, NUMBER_SIZE).getBigUint64(0, true);
