/**
 * Which radio of a kiosk is for whom, where every pair of kiosks is to have a link: one of the two dials and the other waits
 * for it. A stock board waits for one and dials two, so that who dials an even number wastes no link.
 */
import { assert } from "../../protocol/core/assert.ts";

export type RadioPlan =
  | { readonly role: "client"; readonly dials: readonly number[] }
  | { readonly role: "server"; readonly awaits: number };

/** Of the boards that there are, the least as client. */
const LINKS_AS_CLIENT = 2;

/** By kiosk, its radios in the order of its devices. */
export function meshPlan(kiosks: number): readonly (readonly RadioPlan[])[] {
  assert(kiosks >= 2, "a mesh has two ends");
  const dials = dialling(kiosks);
  const all = [...Array(kiosks).keys()];
  return all.map((me) => {
    const called = all.filter((other) => dials[me][other]);
    const clients: RadioPlan[] = [];
    for (let at = 0; at < called.length; at += LINKS_AS_CLIENT) {
      clients.push({ role: "client", dials: called.slice(at, at + LINKS_AS_CLIENT) });
    }
    return [
      ...clients,
      ...all.filter((other) => dials[other][me]).map((awaits): RadioPlan => ({ role: "server", awaits })),
    ];
  });
}

/** Who dials whom: round about, each those behind it, so that all bear about the same. */
function dialling(kiosks: number): boolean[][] {
  const dials: boolean[][] = [...Array(kiosks)].map((_, me) =>
    [...Array(kiosks)].map((_, other) => {
      const distance = (other - me + kiosks) % kiosks;
      return distance > 0 && (2 * distance < kiosks || (2 * distance === kiosks && me < other));
    }),
  );
  // The edge between two who dial an odd number makes both even, if it is turned round.
  const odd = dials.flatMap((row, me) => (row.filter(Boolean).length % 2 === 1 ? [me] : []));
  for (let at = 0; at + 1 < odd.length; at += 2) {
    const [left, right] = [odd[at], odd[at + 1]];
    [dials[left][right], dials[right][left]] = [dials[right][left], dials[left][right]];
  }
  return dials;
}
