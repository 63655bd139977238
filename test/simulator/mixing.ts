/** A fast mix of bytes into 128 bits: enough that nothing collides by chance, and nothing that a cryptographer would call a
 * hash. Attackers here are programs of ours, which do not look for collisions. */

/** What was absorbed last. One program, one thread: whoever absorbs reads it at once. */
const state = new Int32Array(4);

export type Lanes = readonly [number, number, number, number];

const A = 0x9e3779b1;
const B = 0x85ebca77;
const C = 0xc2b2ae3d;
const D = 0x27d4eb2f;

export function absorb(start: Lanes, bytes: Uint8Array): void {
  let [a, b, c, d] = start;
  const size = bytes.length;
  let at = 0;
  for (; at + 16 <= size; at += 16) {
    a = Math.imul(a ^ word(bytes, at), A);
    b = Math.imul(b ^ word(bytes, at + 4), B);
    c = Math.imul(c ^ word(bytes, at + 8), C);
    d = Math.imul(d ^ word(bytes, at + 12), D);
    a = ((a << 13) | (a >>> 19)) + d;
    b = ((b << 17) | (b >>> 15)) ^ a;
    c = ((c << 11) | (c >>> 21)) + b;
    d = ((d << 19) | (d >>> 13)) ^ c;
  }
  for (; at < size; at++) {
    a = Math.imul(a ^ (bytes[at] + 0x100), A);
    b = (b ^ ((a << 15) | (a >>> 17))) + d;
    c = Math.imul(c + b, C);
    d ^= (c << 9) | (c >>> 23);
  }
  a ^= size;
  for (let round = 0; round < 2; round++) {
    a = avalanche((a + d) | 0);
    b = avalanche(b ^ a);
    c = avalanche((c + b) | 0);
    d = avalanche(d ^ c);
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

/** As many bytes as are asked for, from what was absorbed last. */
export function squeeze(size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at += 4) {
    const value = lane(at);
    out[at] = value;
    out[at + 1] = value >>> 8;
    out[at + 2] = value >>> 16;
    out[at + 3] = value >>> 24;
  }
  return out;
}

/** Whether squeezing would give these bytes. */
export function squeezes(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 4) {
    if (lane(at) !== word(bytes, at)) return false;
  }
  return true;
}

/** 48 bits as a number: by this a digest is looked up. */
export const brief = (digest: Uint8Array): number =>
  (digest[0] | (digest[1] << 8) | (digest[2] << 16)) * 0x1000000 + (digest[3] | (digest[4] << 8) | (digest[5] << 16));

const lane = (at: number): number => {
  const i = at >>> 2;
  return i < 4 ? state[i] : avalanche((state[i & 3] + Math.imul(i, A)) ^ state[(i + 1) & 3]);
};

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

function avalanche(value: number): number {
  value = Math.imul(value ^ (value >>> 16), B);
  value = Math.imul(value ^ (value >>> 13), C);
  return value ^ (value >>> 16);
}
