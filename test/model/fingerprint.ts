/** 128 bits of plain data, whatever it is. Digests and signatures are entries of the notary and count by their numbers. */
import { DIGEST_SIZE, SIGNATURE_SIZE } from "../../protocol/core/limits.ts";
import { numberOf } from "./notary.ts";

/** What is mixed at the moment: one program, one thread. */
const lanes = new Int32Array(4);

export function begin(): void {
  lanes[0] = 0x243f6a88;
  lanes[1] = 0x85a308d3 | 0;
  lanes[2] = 0x13198a2e;
  lanes[3] = 0x03707344;
}

export function mix(word: number): void {
  const a = Math.imul(((lanes[0] << 13) | (lanes[0] >>> 19)) ^ word, A);
  const b = Math.imul((((lanes[1] << 17) | (lanes[1] >>> 15)) + word) | 0, B);
  const c = (((lanes[2] << 11) | (lanes[2] >>> 21)) ^ a) + b;
  lanes[0] = a ^ (b >>> 15);
  lanes[1] = b ^ (a >>> 13);
  lanes[2] = c;
  lanes[3] = (Math.imul(lanes[3] ^ c, C) + a) | 0;
}

/** As a key. */
export function end(): string {
  const [a, b, c, d] = [avalanche(lanes[0]), avalanche(lanes[1]), avalanche(lanes[2]), avalanche(lanes[3])];
  return String.fromCharCode(...[a, b, c, d].flatMap((lane) => [lane & 0xffff, lane >>> 16]));
}

/** Everything in it. Two objects that differ in the order of their keys count as different, which costs a merge and nothing
 * more. */
export function mixAll(value: unknown): void {
  switch (typeof value) {
    case "number":
      mixNumber(value);
      return;
    case "boolean":
      mix(value ? 0x71 : 0x72);
      return;
    case "string":
      mix(wordOf(value));
      return;
    case "undefined":
      mix(0x73);
      return;
    case "object":
      mixObject(value);
      return;
    default:
      throw new Error(`a state is plain data, and no ${typeof value}`);
  }
}

function mixNumber(value: number): void {
  mix(value | 0);
  // Times are beyond 32 bits.
  if (value !== (value | 0)) mix(Number.isFinite(value) ? Math.floor(value / 0x100000000) : 0x74);
}

function mixObject(value: object | null): void {
  if (value === null) {
    mix(0x75);
  } else if (value instanceof Uint8Array) {
    mix(value.length);
    if (value.length === DIGEST_SIZE || value.length === SIGNATURE_SIZE) mix(numberOf(value));
    else for (let at = 0; at < value.length; at++) mix(value[at]);
  } else if (Array.isArray(value)) {
    mix(value.length + 0x1000);
    for (let i = 0; i < value.length; i++) mixAll(value[i]);
  } else {
    mix(0x76);
    for (const key in value) {
      mix(wordOf(key));
      mixAll((value as Record<string, unknown>)[key]);
    }
    mix(0x77);
  }
}

const words = new Map<string, number>();

function wordOf(text: string): number {
  let word = words.get(text);
  if (word === undefined) {
    word = 0;
    for (let at = 0; at < text.length; at++) word = Math.imul(word ^ text.charCodeAt(at), A) + at;
    words.set(text, word);
  }
  return word;
}

function avalanche(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

const A = 0x9e3779b1;
const B = 0x85ebca77;
const C = 0xc2b2ae3d;
