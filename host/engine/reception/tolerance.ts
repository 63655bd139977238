/** How much dishonesty a table of so many bears, as it is shown wherever a table is shown. */

import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { faultsMax, quorum, toleratesByzantine } from "../consensus/quorum.ts";

export interface Tolerance {
  readonly members: number;
  /** Members that have to agree on everything. */
  readonly quorum: number;
  /** Members that may do anything at all without harm to the others. */
  readonly faults: number;
  readonly isByzantine: boolean;
  readonly label: string;
}

/** Said before anybody sits down, and not only when it matters. */
export const NO_TOLERANCE = "no Byzantine tolerance";

export function toleranceOf(members: number): Tolerance {
  assert(members >= 1 && members <= MEMBERS_MAX, "members keep their bound");
  const faults = faultsMax(members);
  const isByzantine = toleratesByzantine(members);
  return { members, quorum: quorum(members), faults, isByzantine, label: labelOf(members, faults, isByzantine) };
}

function labelOf(members: number, faults: number, isByzantine: boolean): string {
  if (members === 1) return "alone: nobody else has to agree";
  if (!isByzantine) return `${NO_TOLERANCE}: with ${members} kiosks one that lies can spoil the game`;
  return faults === 1 ? "one kiosk may lie or fail" : `${faults} kiosks may lie or fail`;
}
