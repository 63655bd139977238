/** Which states of the table are one. */
import { EXCHANGED, imageOf, imagesOf, type Mirror, SAME } from "./coarse.ts";
import type { Model } from "./locals.ts";
import type { Triple } from "./triples.ts";

/** Where the attacker leads one of the two views, the two honest members that lead neither may be exchanged. */
export function comparing(model: Model): (state: Triple) => Triple {
  const images = new Map<string, number>();
  const numbersOf = (mirror: Mirror): ((local: number) => number) => {
    const known: number[] = [];
    return (local) => (known[local] ??= number(images, keyOf(model, local, mirror)));
  };
  const same = numbersOf(SAME);
  const exchanged = numbersOf(EXCHANGED);
  const isSymmetric = model.table.honest[1] === 2;
  return ([first, second, third]) => {
    const plain: Triple = [same(first), same(second), same(third)];
    if (!isSymmetric) return plain;
    const mirrored: Triple = [exchanged(first), exchanged(third), exchanged(second)];
    return comesBefore(mirrored, plain) ? mirrored : plain;
  };
}

function keyOf({ locals, faces, moves }: Model, local: number, mirror: Mirror): string {
  const { replica, face } = locals[local];
  const { entered, said } = faces.all[face];
  return `${imageOf(replica, imagesOf(moves, said, mirror), mirror)} ${entered?.start.history} ${entered?.result.history}`;
}

function number(images: Map<string, number>, key: string): number {
  const known = images.get(key);
  if (known !== undefined) return known;
  images.set(key, images.size);
  return images.size - 1;
}

function comesBefore(left: Triple, right: Triple): boolean {
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i] < right[i];
  return false;
}
