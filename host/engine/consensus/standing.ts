/** Whether this kiosk may sign votes at all. */
import { high } from "./log.ts";
import { isPrimary } from "./quorums.ts";
import type { Replica } from "./state.ts";

/** A member that knows what it signed before. */
export const canSign = (of: Replica<unknown>): boolean =>
  of.me >= 0 && !of.outdated && of.probing === undefined && of.mutedUntil === undefined;

export const canVote = (of: Replica<unknown>): boolean => canSign(of) && of.phase === "normal" && !of.viewOver;

/** §3.1 a primary that has a free slot below the watermark, and has said all that it knows. */
export const mayPropose = (of: Replica<unknown>): boolean =>
  canVote(of) && isPrimary(of) && of.own.proposed === of.known && of.executed >= of.start.sequence && hasRoom(of);

export const hasRoom = (of: Replica<unknown>): boolean =>
  of.barrier === undefined && of.known < Math.min(of.executed + of.options.window, high(of));
