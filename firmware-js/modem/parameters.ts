/** The connection parameters of the power state, asked for where the board has that call. The supervision time comes with
 * them: a stack's own is two events at Sleep. */
import { POWER_RULES } from "../../protocol/power/rules.ts";
import { SUPERVISION_MS } from "./limits.ts";
import type { Modem, RadioLink } from "./state.ts";
import type { Work } from "./work.ts";

export function requestParameters(state: Modem, link: RadioLink, work: Work): void {
  if (state.facts.natives.parameters === 0) return;
  const { intervalMs } = POWER_RULES[state.power.state];
  work.effects.push({ type: "requestParameters", handle: link.handle, intervalMs, supervisionMs: SUPERVISION_MS });
}
