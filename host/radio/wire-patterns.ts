/** What a wire is tested with: bytes that cables, bridges and framings get wrong. */
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, drawBytes } from "../../protocol/core/chance.ts";
import { ECHO_SIZE_MAX } from "../../protocol/core/limits.ts";

/** Within one transfer of 64 B, with its frame and every byte escaped … */
export const SMALL_SIZE = 24;
/** … one whole frame, and several of them: longer than any transfer that a bad bridge passes. */
export const LARGE_SIZES = Object.freeze([200, ECHO_SIZE_MAX]);

assert(2 * (SMALL_SIZE + 1) + 2 * 11 <= 80, "a small pattern is one short frame");

/** - zeros, ones: no edges for a clock to hold on to. - edges: as many as can be. - special: SLIP's own bytes, which double.
 * - counting: each byte value. - random. */
const FILLS: readonly ((size: number, chance: Chance) => Uint8Array)[] = Object.freeze([
  (size: number) => new Uint8Array(size),
  (size: number) => new Uint8Array(size).fill(0xff),
  (size: number) => new Uint8Array(size).fill(0x55),
  (size: number) => new Uint8Array(size).map((_, at) => (at % 2 === 0 ? 0xc0 : 0xdb)),
  (size: number) => new Uint8Array(size).map((_, at) => at),
  (size: number, chance: Chance) => drawBytes(chance, size),
]);

/** Small ones first. The first byte counts, so that no echo is taken for another. */
export function patterns(brief: boolean, chance: Chance): Uint8Array[] {
  const sizes = brief ? [SMALL_SIZE, LARGE_SIZES[0]] : [SMALL_SIZE, ...LARGE_SIZES];
  const fills = brief ? FILLS.slice(3) : FILLS;
  const made = sizes.flatMap((size) => fills.map((fill) => fill(size, chance)));
  for (let at = 0; at < made.length; at++) made[at][0] = at;
  return made;
}

export const isSmall = (pattern: Uint8Array): boolean => pattern.length <= SMALL_SIZE;
