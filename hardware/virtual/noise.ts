/** What a cheap cable does to bytes: flips them, loses them, makes some up. Distances between faults are drawn, not a coin
 * a byte, so that a clean wire costs nothing. */
import { type Chance, draw, drawBelow } from "../../protocol/core/chance.ts";

export interface Noise {
  /** Faults per byte, in equal parts flips, losses and insertions. */
  readonly rate: number;
  readonly chance: Chance;
  /** Bytes until the next fault. */
  next: number;
  flipped: number;
  lost: number;
  inserted: number;
}

export function noise(rate: number, chance: Chance): Noise {
  return { rate, chance, next: distance(rate, chance), flipped: 0, lost: 0, inserted: 0 };
}

/** The same bytes if nothing happened to them. */
export function disturb(noise: Noise, bytes: Uint8Array): Uint8Array {
  if (noise.next >= bytes.length) {
    noise.next -= bytes.length;
    return bytes;
  }
  const out: number[] = [];
  for (const byte of bytes) {
    if (noise.next > 0) {
      noise.next -= 1;
      out.push(byte);
      continue;
    }
    noise.next = distance(noise.rate, noise.chance);
    const kind = drawBelow(noise.chance, 3);
    if (kind === 0) {
      noise.flipped += 1;
      out.push(byte ^ (1 + drawBelow(noise.chance, 255)));
    } else if (kind === 1) {
      noise.lost += 1;
    } else {
      noise.inserted += 1;
      out.push(drawBelow(noise.chance, 256), byte);
    }
  }
  return Uint8Array.from(out);
}

/** Geometric: the number of bytes that pass before one fails. */
const distance = (rate: number, chance: Chance): number =>
  rate === 0 ? Number.POSITIVE_INFINITY : Math.floor(Math.log(1 - draw(chance)) / Math.log(1 - rate));
