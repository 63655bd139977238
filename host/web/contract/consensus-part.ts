/** How the table agrees, as this kiosk sees it. */
import { z } from "zod";
import { count, many, member, orNull, record, spanMs, words } from "./forms.ts";
import { LATENCIES_SHOWN_MAX } from "./limits.ts";

export const ConsensusPart = record({
  view: count,
  /** Executed here. */
  sequence: count,
  /** Who leads; null while there is no table. */
  primary: orNull(member),
  /** Leaders change. */
  isChanging: z.boolean(),
  /** Since this process began. */
  viewChanges: count,
  /** Of all members, since the table began. */
  operations: count,
  /** Sequences decided by the votes of all, and by commits, since this process began. */
  fast: count,
  slow: count,
  /** Asked for and not executed yet. */
  waiting: count,
  /** From an own request to its answer, the newest last. */
  latenciesMs: many(spanMs, LATENCIES_SHOWN_MAX),
  /** Why this kiosk signs nothing, if so. */
  muted: orNull(words),
});
export type ConsensusPart = z.output<typeof ConsensusPart>;
