/** What every kiosk of a table is told before it begins. */
import type { Founding } from "../../host/engine/consensus/found.ts";
import { TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Kiosk, Sim } from "./sim.ts";

export const foundingOf = (sim: Sim, of: Kiosk, at: Millis, wallMs: number): Founding => ({
  options: sim.plan.options,
  table: sim.identities[0].key.subarray(0, TABLE_ID_SIZE),
  members: sim.plan.founders.map((place) => sim.identities[place].key),
  key: of.identity.key,
  at,
  wallMs,
});
