/** What dishonest kiosks do to dice: each has some of these beside what else it is. */
import { draw } from "../../../protocol/core/chance.ts";
import { BAD_DISKS, type BadDisk, DICE_ATTACKS } from "../kinds.ts";
import { type Plan, STREAMS, stream } from "../plan.ts";

export type Vice = (typeof DICE_ATTACKS)[number];

const SHARE = 0.6;

/** Drawn for all, so that one kind left out does not move the others. */
export function vicesOf(plan: Plan, place: number): Vice[] {
  const from = stream(plan.seed, STREAMS.vices + 1 + place);
  const kind = plan.faulty.find((each) => each.kiosk === place)?.kind;
  const drawn = DICE_ATTACKS.filter(() => draw(from) < SHARE);
  if (kind === undefined || BAD_DISKS.includes(kind as BadDisk)) return [];
  return drawn.filter((vice) => !plan.virtues.includes(vice));
}
