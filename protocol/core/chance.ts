/** Chance as plain data: whoever needs it is given one, and one seed repeats a whole run. The generator is sfc32 (Chris
 * Doty-Humphrey, PractRand); it is for simulation and jitter, never for keys or dice. */

export interface Chance {
  a: number;
  b: number;
  c: number;
  counter: number;
}

export function chance(seed: number): Chance {
  const chance = { a: seed | 0, b: (seed / 0x100000000) | 0, c: 0x9e3779b9 | 0, counter: 1 };
  // The state needs a dozen rounds to forget how alike two seeds are.
  for (let i = 0; i < 15; i++) draw32(chance);
  return chance;
}

export function draw32(from: Chance): number {
  const sum = (from.a + from.b + from.counter) | 0;
  from.counter = (from.counter + 1) | 0;
  from.a = from.b ^ (from.b >>> 9);
  from.b = (from.c + (from.c << 3)) | 0;
  from.c = (((from.c << 21) | (from.c >>> 11)) + sum) | 0;
  return sum >>> 0;
}

/** From 0 up to but not 1. */
export const draw = (from: Chance): number => draw32(from) / 0x100000000;

/** A whole number from 0 up to but not `bound`. The bias, below bound / 2^32, does not matter where this is used. */
export const drawBelow = (from: Chance, bound: number): number => Math.floor(draw(from) * bound);

export function drawBytes(from: Chance, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) bytes[at] = draw32(from);
  return bytes;
}
