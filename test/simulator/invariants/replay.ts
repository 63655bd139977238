/** What the journal gives back is what was promised: compared whenever the power goes between two steps. */
import { recover } from "../../../host/engine/consensus/restart.ts";
import type { Replica } from "../../../host/engine/consensus/state.ts";
import { localNow, wallOf } from "../clock.ts";
import { foundingOf } from "../founding.ts";
import { brief } from "../mixing.ts";
import type { Kiosk, Sim } from "../sim.ts";
import { broken } from "./violation.ts";

export function checkReplay(sim: Sim, of: Kiosk): void {
  const { replica } = of;
  if (replica === undefined || replica.me < 0) return;
  const founding = foundingOf(sim, of, localNow(of, sim.now), wallOf(of, sim.now));
  const again = recover(founding, of.disk.records, undefined, of.world);
  const left = promises(replica);
  const right = promises(again);
  for (const what of Object.keys(left)) {
    if (left[what] !== right[what]) {
      broken("the journal holds all promises", `kiosk ${of.place}, ${what}: ${left[what]} became ${right[what]}`, sim);
    }
  }
  // Each commit that left has its certificate, or is decided. What the journal holds beyond that is no harm.
  for (const { epoch, view, committed } of sim.checker.signers[of.place].words) {
    if (epoch !== replica.epoch || committed <= again.decided) continue;
    if (!covers(again, committed, view)) {
      broken(
        "the journal holds all promises",
        `kiosk ${of.place}: what shows its commit of ${committed} in view ${view}`,
        sim,
      );
    }
  }
}

const covers = (of: Replica<unknown>, sequence: number, view: number): boolean =>
  of.certificates.some((each) => each.sequence >= sequence && each.view >= view);

/** As text, so that what differs can be read. */
function promises(of: Replica<unknown>): { [what: string]: string } {
  const low = of.stable.header.sequence;
  const claims = of.slots
    .filter((slot) => slot.claim !== undefined && slot.sequence > low)
    .map((slot) => `${slot.sequence}@${slot.claim?.view}:${brief(slot.claim?.name.digest ?? NONE)}`);
  return {
    place: `epoch ${of.epoch} view ${of.view} ${of.phase} ${of.phase === "changing" ? of.wanted : ""}${of.viewOver ? " over" : ""}`,
    stable: `${low}`,
    executed: `${of.executed} decided ${of.decided} ${brief(of.state.history)}`,
    said: `proposed ${of.said.proposed} prepared ${of.said.prepared} committed ${of.said.committed}`,
    claims: claims.join(" "),
    numbers: `${of.lastNumber}`,
    requests: of.pools[of.me].waiting.map((held) => held?.signed.request.number).join(" "),
    muted: `${of.mutedUntil}`,
  };
}

const NONE = new Uint8Array(6);
