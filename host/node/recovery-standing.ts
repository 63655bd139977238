/** Where a replica stands, as the machine of recovery wants to know it. */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Place } from "../../protocol/message/fields.ts";
import { placeAt } from "../engine/consensus/log.ts";
import type { Replica } from "../engine/consensus/state.ts";
import type { Standing } from "../engine/recovery/events.ts";

export function standingOf(of: Replica<unknown>): Standing {
  const { sequence, history } = of.stable.header;
  const stable = { sequence, digest: history };
  return {
    view: of.view,
    stable,
    // Of a state that is not the agreed one only the checkpoint below it counts.
    executed: of.diverged ? stable : executedPlace(of, stable),
    waitingSince: waitingSince(of),
  };
}

function executedPlace(of: Replica<unknown>, stable: Place): Place {
  return of.executed === stable.sequence ? stable : placeAt(of, of.executed);
}

/** Of the request that waits longest. */
function waitingSince({ pools }: Replica<unknown>): Millis | undefined {
  let since: Millis | undefined;
  for (const { waiting } of pools) {
    const first = waiting.find((each) => each !== undefined);
    if (first !== undefined && (since === undefined || first.since < since)) since = first.since;
  }
  return since;
}

export const isSameStanding = (left: Standing, right: Standing): boolean =>
  left.view === right.view &&
  left.waitingSince === right.waitingSince &&
  isSamePlace(left.stable, right.stable) &&
  isSamePlace(left.executed, right.executed);

const isSamePlace = (left: Place, right: Place): boolean =>
  left.sequence === right.sequence && bytesEqual(left.digest, right.digest);
