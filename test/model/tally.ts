/** How much of the protocol the visited states have come through: a search that nobody ever left view 0 in shows little. */
import type { Model } from "./locals.ts";
import type { Triple } from "./triples.ts";

export interface Tally {
  /** States in which an honest member has entered view 1. */
  inView1: number;
  /** States in which an honest member's last decision was made in view 1. */
  decidedInView1: number;
}

export function tally({ locals, faces }: Model): {
  readonly counts: Tally;
  readonly onState: (state: Triple) => void;
} {
  const counts: Tally = { inView1: 0, decidedInView1: 0 };
  const onState = (state: Triple): void => {
    let entered = false;
    let decided = false;
    for (const local of state) {
      const { replica, face } = locals[local];
      entered ||= faces.all[face].entered !== undefined;
      decided ||= replica.decision?.certificate.view === 1;
    }
    if (entered) counts.inView1 += 1;
    if (decided) counts.decidedInView1 += 1;
  };
  return { counts, onState };
}
