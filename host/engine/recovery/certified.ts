/** What certificates say of each sequence. Two that differ were signed by more dishonest members than any table of this size bears:
 * there is no history to choose then, by height or by heads, and the table stops. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { Certified } from "./events.ts";
import { CERTIFIED_KEPT_MAX } from "./limits.ts";

export type Noted =
  | { readonly type: "noted" | "known" | "too old" }
  | { readonly type: "contradicts"; readonly first: Certified };

/** Keeps the newest. */
export function noteCertified(certified: Certified[], said: Certified): Noted {
  const { sequence, digest } = said.place;
  const held = certified.find(({ place }) => place.sequence === sequence);
  if (held !== undefined) {
    return bytesEqual(held.place.digest, digest) ? { type: "known" } : { type: "contradicts", first: held };
  }
  if (certified.length === CERTIFIED_KEPT_MAX) {
    if (sequence < certified[0].place.sequence) return { type: "too old" };
    certified.shift();
  }
  let at = certified.length;
  while (at > 0 && certified[at - 1].place.sequence > sequence) at -= 1;
  certified.splice(at, 0, said);
  assert(certified.length <= CERTIFIED_KEPT_MAX, "what is certified keeps its bound");
  return { type: "noted" };
}

export const highestCertified = (certified: readonly Certified[]): number => certified.at(-1)?.place.sequence ?? 0;
