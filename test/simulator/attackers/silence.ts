/** Those who keep something back: to some, for a while, or what matters most. */
import { isPrimary } from "../../../host/engine/consensus/quorums.ts";
import { draw, drawBelow } from "../../../protocol/core/chance.ts";
import { endLater } from "../later.ts";
import type { Packet } from "../packet.ts";
import { dares, type Means, pass, passive } from "./attacker.ts";
import type { Attacker } from "./role.ts";

/** Proposals, batches, bodies and the requests of its own seats reach a few, or nobody. */
export function withholding(means: Means): Attacker {
  const { sim, chance } = means;
  let mask = drawBelow(chance, 1 << sim.identities.length);
  return {
    ...passive(means, "withholding"),
    says: (packet, to) => {
      if (draw(chance) < 0.01) mask = drawBelow(chance, 1 << sim.identities.length);
      const kept = isPrecious(packet) && ((mask >> sim.kiosks[to].place) & 1) === 1 && dares(means);
      if (kept) sim.attacks["withholding"] = (sim.attacks["withholding"] ?? 0) + 1;
      else pass(means, packet, to);
    },
  };
}

function isPrecious({ said, message }: Packet): boolean {
  if (said?.type === "ballot") return said.proposals !== undefined;
  if (said !== undefined) return said.type !== "certificate" && said.type !== "checkpoint";
  return message?.type === "stateSync" && message.step.type !== "status";
}

/** To some it does not speak at all, and later to others. */
export function selectiveSilence(means: Means): Attacker {
  const { sim, chance } = means;
  let mask = drawBelow(chance, 1 << sim.identities.length);
  let deaf = 0;
  return {
    ...passive(means, "selectiveSilence"),
    says: (packet, to) => {
      if (draw(chance) < 0.003) mask = drawBelow(chance, 1 << sim.identities.length);
      if (((mask >> sim.kiosks[to].place) & 1) === 0) pass(means, packet, to);
      else sim.attacks["selectiveSilence"] = (sim.attacks["selectiveSilence"] ?? 0) + 1;
    },
    hears: (packet) => {
      if (draw(chance) < 0.003) deaf = drawBelow(chance, 1 << sim.identities.length);
      return ((deaf >> sim.kiosks[packet.from].place) & 1) === 0 ? "heard" : "ignored";
    },
  };
}

/** As slow as it dares, while it leads. */
export function slowPrimary(means: Means): Attacker {
  const { sim, kiosk, chance } = means;
  const { profile } = sim.plan.options;
  return {
    ...passive(means, "slowPrimary"),
    says: (packet, to) => {
      const { replica } = kiosk;
      if (replica === undefined || !isPrimary(replica) || !dares(means)) {
        pass(means, packet, to);
        return;
      }
      sim.attacks["slowPrimary"] = (sim.attacks["slowPrimary"] ?? 0) + 1;
      endLater(sim, (profile.proposeMs + profile.prepareMs) * draw(chance), () => pass(means, packet, to));
    },
  };
}
