/** What a bad cable does to bytes: it flips them, loses them, makes some up, says some twice, and stalls. Distances between
 * faults are drawn, not a coin a byte, so that a clean wire costs nothing. */
import { type Chance, draw, drawBelow } from "../../protocol/core/chance.ts";

/** Shares of bytes to which it happens. */
export interface ByteFaults {
  readonly flip?: number;
  readonly drop?: number;
  readonly insert?: number;
  readonly duplicate?: number;
  /** From this byte on, all are late by `stallMs`. */
  readonly stall?: number;
  readonly stallMs?: number;
}

export interface Noise {
  readonly faults: ByteFaults;
  /** Of all kinds together. */
  readonly rate: number;
  readonly chance: Chance;
  /** Bytes until the next fault. */
  next: number;
  flipped: number;
  lost: number;
  inserted: number;
  duplicated: number;
  stalled: number;
}

/** A number is the rate of flips, losses and insertions in equal parts. */
export function noise(rates: number | ByteFaults, chance: Chance): Noise {
  const faults = typeof rates === "number" ? { flip: rates / 3, drop: rates / 3, insert: rates / 3 } : rates;
  const { flip = 0, drop = 0, insert = 0, duplicate = 0, stall = 0 } = faults;
  const rate = flip + drop + insert + duplicate + stall;
  const counts = { flipped: 0, lost: 0, inserted: 0, duplicated: 0, stalled: 0 };
  return { faults, rate, chance, next: distance(rate, chance), ...counts };
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
    strike(noise, byte, out);
  }
  return Uint8Array.from(out);
}

function strike(noise: Noise, byte: number, out: number[]): void {
  const { flip = 0, drop = 0, insert = 0, duplicate = 0 } = noise.faults;
  const at = draw(noise.chance) * noise.rate;
  if (at < flip) {
    noise.flipped += 1;
    out.push(byte ^ (1 + drawBelow(noise.chance, 255)));
  } else if (at < flip + drop) {
    noise.lost += 1;
  } else if (at < flip + drop + insert) {
    noise.inserted += 1;
    out.push(drawBelow(noise.chance, 256), byte);
  } else if (at < flip + drop + insert + duplicate) {
    noise.duplicated += 1;
    out.push(byte, byte);
  } else {
    noise.stalled += 1;
    out.push(byte);
  }
}

/** Geometric: the number of bytes that pass before one fails. */
const distance = (rate: number, chance: Chance): number =>
  rate === 0 ? Number.POSITIVE_INFINITY : Math.floor(Math.log(1 - draw(chance)) / Math.log(1 - rate));
