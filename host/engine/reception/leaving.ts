/** How a member leaves: by an operation of its own, since only what is ordered changes who the members are. A kiosk that simply goes
 * away stays a member. */
import { encode } from "../../../protocol/bytes/codec.ts";
import { millis } from "../../../protocol/core/units.ts";
import { TableOperation } from "../consensus/table.ts";
import { LEAVE_ATTEMPTS_MAX, ORDER_RETRY_MS } from "./limits.ts";
import type { ReceptionEffect } from "./reception-events.ts";
import type { Reception } from "./reception-state.ts";

export function onLeave(of: Reception, effects: ReceptionEffect[]): void {
  if (!of.isMember) return void effects.push({ type: "ignored", why: "no member" });
  if (of.leaving !== undefined) return void effects.push({ type: "ignored", why: "asked already" });
  of.leaving = { attempts: 0, againAt: of.now };
}

export function onLeaveOrdered(
  of: Reception,
  why: "full" | "few" | "silent" | undefined,
  effects: ReceptionEffect[],
): void {
  if (of.leaving === undefined) return void effects.push({ type: "ignored", why: "nothing ordered" });
  if (why !== "few") return;
  of.leaving = undefined;
  effects.push({ type: "cannotLeave", why: "few" });
}

/** Again and again, since the order may be lost with the epoch that it was signed for. */
export function onLeaving(of: Reception, effects: ReceptionEffect[]): void {
  const { leaving } = of;
  if (leaving === undefined || of.now < leaving.againAt) return;
  if (leaving.attempts === LEAVE_ATTEMPTS_MAX) {
    of.leaving = undefined;
    effects.push({ type: "cannotLeave", why: "no quorum" });
    return;
  }
  leaving.attempts += 1;
  leaving.againAt = millis(of.now + ORDER_RETRY_MS);
  effects.push({ type: "order", subject: "leave", operation: encode(TableOperation, { type: "leave" }) });
}
