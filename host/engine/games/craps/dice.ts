/** Two dice: the thirty-six ordered pairs, and what the table sees in them. */

import type { Codec } from "../../../../protocol/bytes/codec.ts";
import { struct } from "../../../../protocol/bytes/compound.ts";
import type { Reader, Writer } from "../../../../protocol/bytes/cursor.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import type { Weighted } from "../../game/game.ts";

export interface Roll {
  readonly first: number;
  readonly second: number;
}

const face: Codec<number> = {
  text: "u8 from 1 to 6",
  sizeMin: 1,
  sizeMax: 1,
  write(out: Writer, value: number): void {
    assert(Number.isInteger(value) && value >= 1 && value <= 6, "a die shows one of six faces");
    out.u8(value);
  },
  read(from: Reader): number {
    const value = from.u8();
    if (value < 1 || value > 6) from.fail("out of range");
    return value;
  },
};

export const Roll: Codec<Roll> = struct("Roll", { first: face, second: face });

export const totalOf = ({ first, second }: Roll): number => first + second;
export const isHard = ({ first, second }: Roll): boolean => first === second;

/** In this order: outcome v shows ⌊v / 6⌋ + 1 and v mod 6 + 1. */
export const ROLLS: readonly Roll[] = Object.freeze(
  [1, 2, 3, 4, 5, 6].flatMap((first) => [1, 2, 3, 4, 5, 6].map((second) => Object.freeze({ first, second }))),
);

export const DICE_LAW: readonly Weighted<Roll>[] = Object.freeze(
  ROLLS.map((outcome) => Object.freeze({ outcome, weight: 1 })),
);

/** Of the totals 2 to 12, how many of the thirty-six show it. */
export const waysOf = (total: number): number => 6 - Math.abs(7 - total);

export const isPoint = (total: number): boolean => total >= 4 && total <= 10 && total !== 7;
export const isCraps = (total: number): boolean => total === 2 || total === 3 || total === 12;

export const POINTS: readonly number[] = Object.freeze([4, 5, 6, 8, 9, 10]);
