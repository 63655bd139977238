/** Which history follows which. Every digest of a history passes through here, so that the checkers can walk back from any to
 * those before it, whoever made it. */

import { brief } from "./mixing.ts";
import { decodePrefix } from "./varint.ts";

interface Step {
  readonly before: number;
  readonly sequence: number;
}

export interface Histories {
  readonly steps: Map<number, Step>;
}

export const HISTORY_DOMAIN = "hardway history";

export const histories = (): Histories => ({ steps: new Map() });

/** `bytes` is what is hashed: the history before, the sequence, the batch's name. */
export function note(of: Histories, digest: Uint8Array, bytes: Uint8Array): void {
  const name = brief(digest);
  if (!of.steps.has(name)) of.steps.set(name, { before: brief(bytes), sequence: decodePrefix(bytes, digest.length) });
}

/** The history at a lower or equal sequence on the way to `tip`; nothing where the way is not known. */
export function ancestor(of: Histories, tip: number, at: number, sequence: number): number | undefined {
  let name = tip;
  for (let place = at; place > sequence; place--) {
    const step = of.steps.get(name);
    if (step === undefined || step.sequence !== place) return undefined;
    name = step.before;
  }
  return name;
}
