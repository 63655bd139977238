/** §9.1 help for whoever only looks on: what is decided and proved, and nothing that anybody still votes on. */
import type { Said } from "../../../protocol/agreement/said.ts";
import { memberIndex } from "../../../protocol/core/units.ts";
import type { Effect } from "./events.ts";
import type { Replica } from "./state.ts";
import { helpExecute, helpView, isHelper, type Status, sayLineage } from "./status.ts";

/** `slot`: among those who look on; each is helped by other members. */
export function helpOnlooker(of: Replica<unknown>, slot: number, status: Status): readonly Said[] {
  const asker = memberIndex(slot % of.members.length);
  const effects: Effect[] = [];
  if (status.epoch < of.epoch) {
    if (isHelper(of, asker, status.attempt)) sayLineage(of, asker, status.epoch, effects);
  } else if (status.epoch === of.epoch) {
    helpExecute(of, asker, status, effects);
    if (status.view < of.view) helpView(of, asker, status, effects);
  }
  return effects.flatMap((effect) => (effect.type === "say" ? [effect.said] : []));
}
