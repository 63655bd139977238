/** Warnings among kiosks, about offences that this kiosk has seen proved. Each offence is passed on once, so that two kiosks never
 * wind each other up; a warning without proof goes no further. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { AgreedMillis, Sequence } from "../../../protocol/core/units.ts";
import type { CheatAlert } from "../../../protocol/message/alert.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import { severityOf } from "./cheat.ts";
import { ALERTS_SEEN_MAX } from "./limits.ts";
import type { Offence } from "./offence.ts";

export interface Alerts {
  /** Offences that were told, the oldest first. Only what is proved comes here: nobody fills it with inventions. */
  readonly told: Uint8Array[];
}

export type AlertAnswer =
  | { readonly relay: true }
  | { readonly relay: false; readonly why: "told already" | "not proved" | "says something else" };

export const alerts = (): Alerts => ({ told: [] });

/** Found here. Undefined where it was told already. */
export function raiseAlert(
  state: Alerts,
  offence: Offence,
  evidence: ObjectName,
  sequence: Sequence,
  time: AgreedMillis,
): CheatAlert | undefined {
  if (!remember(state, offence.id)) return undefined;
  const { kind, suspect } = offence;
  return { kind, suspect, severity: severityOf(kind), sequence, time, evidence };
}

/** Heard. `proved` is what the evidence that it names turned out to prove, where it was to be had. */
export function onAlert(state: Alerts, alert: CheatAlert, proved: Offence | undefined): AlertAnswer {
  if (proved === undefined) return stop("not proved");
  const same = proved.suspect === alert.suspect && proved.kind === alert.kind;
  if (!same || alert.severity !== severityOf(alert.kind)) return stop("says something else");
  return remember(state, proved.id) ? { relay: true } : stop("told already");
}

/** False where it is known. */
function remember({ told }: Alerts, id: Uint8Array): boolean {
  if (told.some((each) => bytesEqual(each, id))) return false;
  if (told.length === ALERTS_SEEN_MAX) told.shift();
  told.push(new Uint8Array(id));
  assert(told.length <= ALERTS_SEEN_MAX, "what was told keeps its bound");
  return true;
}

const stop = (why: Extract<AlertAnswer, { readonly relay: false }>["why"]): AlertAnswer => ({ relay: false, why });
