/**
 * The twelve conditions of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020), one signature for
 * each, made from labels alone: whoever runs this gets the same bytes. The verdict is what ZIP 215 says of the condition.
 */

import { type Crafted, craft, ORDER, type Recipe, scalarOf, signatureOf, smallOrderEncodings } from "./craft.ts";

export interface EdgeCase {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

export function buildEdgeCases(): EdgeCase[] {
  const encodings = smallOrderEncodings();
  const minusOneSigned = encodings[9]!;
  const [a, r] = [scalarOf("edge key"), scalarOf("edge nonce")];
  const both = (crafted: Crafted) => crafted.cofactorless;
  const cofactoredOnly = (crafted: Crafted) => !crafted.cofactorless && crafted.prereduced;
  return [
    make("small key, small nonce, s = 0", true, { a: 0n, torsionOfKey: 1, r: 0n, torsionOfNonce: 1 }, both),
    make("small key, mixed nonce", true, { a: 0n, torsionOfKey: 1, r, torsionOfNonce: 1 }, both),
    make("mixed key, small nonce", true, { a, torsionOfKey: 1, r: 0n, torsionOfNonce: 1 }, both),
    make("mixed key, mixed nonce", true, { a, torsionOfKey: 1, r, torsionOfNonce: 1 }, both),
    make("mixed key and nonce, cofactor needed", true, { a, torsionOfKey: 1, r, torsionOfNonce: 1 }, cofactoredOnly),
    make(
      "mixed key, cofactor needed, 8k not reduced first",
      true,
      { a, torsionOfKey: 1, r, torsionOfNonce: 0 },
      (crafted) => !crafted.cofactorless && !crafted.prereduced,
    ),
    make("s = s + L", false, { a, torsionOfKey: 0, r, torsionOfNonce: 0 }, both, (s) => s + ORDER),
    make("s as large as 256 bits hold", false, { a, torsionOfKey: 0, r, torsionOfNonce: 0 }, both, largest),
    make(
      "nonce with a sign on zero, k over its canonical form",
      false,
      { a, torsionOfKey: 1, r: 0n, torsionOfNonce: 4, nonce: minusOneSigned, hashCanonical: true },
      (crafted) => crafted.cofactorlessCanonical && !crafted.cofactorless,
    ),
    make(
      "nonce with a sign on zero, k over the bytes sent",
      true,
      { a, torsionOfKey: 1, r: 0n, torsionOfNonce: 4, nonce: minusOneSigned },
      (crafted) => crafted.cofactorless && !crafted.cofactorlessCanonical,
    ),
    make(
      "key with a sign on zero, k over its canonical form",
      true,
      { a: 0n, torsionOfKey: 4, r, torsionOfNonce: 4, key: minusOneSigned, hashCanonical: true },
      (crafted) => crafted.cofactorlessCanonical && !crafted.cofactorless,
    ),
    make(
      "key with a sign on zero, k over the bytes sent",
      true,
      { a: 0n, torsionOfKey: 4, r, torsionOfNonce: 4, key: minusOneSigned },
      (crafted) => crafted.cofactorless && !crafted.cofactorlessCanonical,
    ),
  ];
}

/** Varies the message until the challenge falls as the condition needs: one try in eight at worst, or one in 64. */
function make(
  name: string,
  valid: boolean,
  recipe: Omit<Recipe, "message">,
  wanted: (crafted: Crafted) => boolean,
  scalar: (s: bigint) => bigint = (s) => s,
): EdgeCase {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const message = new TextEncoder().encode(`${name}, ${attempt}`);
    const crafted = craft({ ...recipe, message });
    if (!wanted(crafted)) continue;
    return {
      name,
      publicKey: crafted.publicKey,
      message,
      signature: signatureOf(crafted.nonce, scalar(crafted.s)),
      valid,
    };
  }
  throw new Error(`no message makes the case: ${name}`);
}

function largest(s: bigint): bigint {
  return s + ((2n ** 256n - 1n - s) / ORDER) * ORDER;
}
