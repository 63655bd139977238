/** Whether this kiosk may sign votes at all. */
import type { Replica } from "./state.ts";

/** A member that knows what it signed before. */
export const canSign = (of: Replica<unknown>): boolean =>
  of.me >= 0 && !of.outdated && of.probing === undefined && of.mutedUntil === undefined;

export const canVote = (of: Replica<unknown>): boolean => canSign(of) && of.phase === "normal" && !of.viewOver;
