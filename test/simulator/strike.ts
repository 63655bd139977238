/** Bad luck that knows its moment: a kiosk has decided by the votes of all, nobody else has yet, and it and its primary, which may
 * be one, lose power. The next view must find that decision by what the others remember. */
import { primaryOf } from "../../host/engine/consensus/quorums.ts";
import type { Certificate } from "../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { draw } from "../../protocol/core/chance.ts";
import { endLater } from "./later.ts";
import { crash } from "./power.ts";
import { count, type Kiosk, type Sim } from "./sim.ts";

const STRIKES_MAX = 2;

export function strike(sim: Sim, of: Kiosk, { phase, sequence, view }: Certificate): void {
  const { plan, chances, checker } = sim;
  if (!plan.strikes || sim.healed || phase !== "unanimous" || of.replica === undefined) return;
  if (sim.struck >= STRIKES_MAX || checker.ledger.entries.length >= sequence || draw(chances.strike) > 0.3) return;
  const { members, faults } = of.replica;
  const leader = members[primaryOf({ members }, view)];
  const primary = sim.kiosks.find(({ identity }) => bytesEqual(identity.key, leader));
  // Those who are left must be a quorum, or they wait for the two.
  if (primary !== of && faults < 2) return;
  sim.struck += 1;
  count(sim, "strike");
  const downMs = 4 * (plan.options.profile.viewChangeMs + plan.options.profile.timeoutMaxMs);
  // Not in the middle of its own step. What is on its way is lost, and what would be said in this view, or all would decide in it.
  endLater(sim, 0, () => {
    sim.network.lostUpTo = sim.order;
    sim.network.lostView = view;
    crash(sim, of, downMs);
    if (primary !== undefined && primary !== of) crash(sim, primary, downMs);
  });
}
