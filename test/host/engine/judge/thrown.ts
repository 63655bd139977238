/** Dice for tests: fair ones, and ones with a preferred face. */
import { type Chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";

/** From 1 to 6. */
export const fairFace = (from: Chance): number => drawBelow(from, 6) + 1;

/** Six comes `more` often, each other face a fifth of that less. */
export function loadedFace(from: Chance, more: number): number {
  return draw(from) < 1 / 6 + more ? 6 : drawBelow(from, 5) + 1;
}

export function countFaces(faces: readonly number[]): number[] {
  const counts = [0, 0, 0, 0, 0, 0];
  for (const face of faces) counts[face - 1]! += 1;
  return counts;
}

export const countPairs = (faces: readonly (readonly [number, number])[]): number[] => {
  const counts = new Array<number>(36).fill(0);
  for (const [first, second] of faces) counts[(first - 1) * 6 + second - 1]! += 1;
  return counts;
};

export const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
