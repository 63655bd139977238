/** A roll's output from any threshold of partials: the same whichever they are, so that nobody chooses it by choosing whom to
 * hear. */
import { encode } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { RollInput } from "./bet-lock.ts";
import { decodeElements, Element } from "./element.ts";
import type { HeldPartial } from "./partial.ts";
import { weightsAtZero } from "./polynomial.ts";
import type { DicePorts, Group } from "./ports.ts";

/** Of partials that were checked, one a holder. Undefined only where they cancel out, which honest shares never do. */
export function combinePartials<E>(group: Group<E>, partials: readonly HeldPartial[]): Uint8Array | undefined {
  const points = decodeElements(
    group,
    partials.map(({ partial }) => partial.point),
  );
  assert(points !== undefined, "partials were checked before");
  const weights = weightsAtZero(
    partials.map(({ holder }) => holder),
    group.order,
  );
  const output = group.combine(points.map((element, at) => ({ element, number: weights[at] })));
  return group.isIdentity(output) ? undefined : group.encode(output);
}

const Output = struct("RollOutput", { input: RollInput, output: Element });

/** 64 bytes that everything is drawn from. */
export const outputSeed = (ports: DicePorts, input: RollInput, output: Uint8Array): Uint8Array =>
  ports.wideDigest("hardway dice out", encode(Output, { input, output }));
