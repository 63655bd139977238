/** Evidence names only those that are faulty, and holds before anyone who looks. */
import { accusedBy, judge } from "../../../host/engine/consensus/evidence.ts";
import type { Evidence } from "../../../protocol/agreement/evidence.ts";
import { isHonest, type Kiosk, type Sim } from "../sim.ts";
import { placeOf } from "./members.ts";
import { broken } from "./violation.ts";

export function checkEvidence(sim: Sim, of: Kiosk, evidence: Evidence, members: readonly Uint8Array[]): void {
  const { replica } = of;
  if (replica === undefined || !isHonest(of)) return;
  const accused = accusedBy(evidence);
  const place = placeOf(sim, members[accused]);
  if (isHonest(sim.kiosks[place])) {
    broken("evidence names the faulty", `kiosk ${of.place} has ${evidence.type} against honest ${place}`, sim);
  }
  if (replica.members !== members) return;
  if (judge(replica, of.world.ports, evidence) !== accused) {
    broken("evidence holds", `the ${evidence.type} that kiosk ${of.place} has against ${place} proves nothing`, sim);
  }
}
