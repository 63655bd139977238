/** Those who make others work: views without end, numbers far ahead, wrong chunks, wrong places. */
import type { Said } from "../../../protocol/agreement/said.ts";
import { draw, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { counter, sequence, view } from "../../../protocol/core/units.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { act, dares, type Means, pass, passive } from "./attacker.ts";
import { anyPlace, forgeBallot, forgeRequest, forgeWish, memberOf, others } from "./forge.ts";
import type { Attacker } from "./role.ts";

export function viewChangeSpam(means: Means): Attacker {
  const { chance } = means;
  return {
    ...passive(means, "viewChangeSpam"),
    turn: () => {
      const of = memberOf(means);
      if (of === undefined || !dares(means) || draw(chance) > 0.05) return;
      const steps = [1, 1, 1, 2, 3, of.members.length, 1000, 1_000_000];
      const wanted = Math.max(of.view, of.wanted) + steps[drawBelow(chance, steps.length)];
      const prefix = of.epochStart;
      const nothing = { checkpoint: undefined, decision: undefined, certificates: [], claims: [] };
      const wish = forgeWish(means, of, { view: view(wanted), prefix, ...nothing });
      if (wish === undefined) return;
      const all = others(means);
      const some = draw(chance) < 0.5 ? all : [all[drawBelow(chance, all.length)]];
      for (const to of some) act(means, "viewChangeSpam", to, { said: wish.said });
    },
  };
}

/** Future views and sequences, and more requests than may wait. */
export function flooding(means: Means): Attacker {
  const { chance } = means;
  return {
    ...passive(means, "flooding"),
    turn: () => {
      if (!dares(means) || draw(chance) > 0.15) return;
      const all = others(means);
      const to = all[drawBelow(chance, all.length)];
      for (let times = 0; times < 4; times++) {
        const said = flood(means);
        if (said !== undefined) act(means, "flooding", to, { said });
      }
    },
  };
}

function flood(means: Means): Said | undefined {
  const { chance } = means;
  const of = memberOf(means);
  if (of === undefined) return undefined;
  const ahead = 1 + drawBelow(chance, 10) ** drawBelow(chance, 5);
  if (draw(chance) < 0.3) {
    const number = counter(of.lastNumber + ahead);
    return forgeRequest(means, of, { seat: 0, number, operation: drawBytes(chance, 4) });
  }
  const place = anyPlace(means, of.known + ahead);
  const ballot = {
    view: view(of.view + drawBelow(chance, 2) * ahead),
    proposed: undefined,
    prepared: draw(chance) < 0.6 ? place : undefined,
    committed: draw(chance) < 0.6 ? place : undefined,
    checkpoint: draw(chance) < 0.4 ? anyPlace(means, of.executed + ahead) : undefined,
  };
  return forgeBallot(means, of, ballot);
}

/** What others fetch of it is not what they asked for. */
export function corruptChunks(means: Means): Attacker {
  const { chance } = means;
  return {
    ...passive(means, "corruptChunks"),
    says: (packet, to) => {
      const { message } = packet;
      const step = message?.type === "stateSync" ? message.step : undefined;
      if ((step?.type !== "chunk" && step?.type !== "requestChunks") || !dares(means)) {
        pass(means, packet, to);
        return;
      }
      act(means, "corruptChunks", to, { message: wrong(means, message as Sync) });
    },
    turn: () => {
      const of = memberOf(means);
      if (of === undefined || !dares(means) || draw(chance) > 0.05) return;
      const object = { digest: drawBytes(chance, 32), size: 1 + drawBelow(chance, 5000) };
      const known = draw(chance) < 0.5 ? of.stable.header.state : object;
      const step =
        draw(chance) < 0.5
          ? ({
              type: "requestChunks",
              object: known,
              index: drawBelow(chance, 4),
              count: 1 + drawBelow(chance, 8),
            } as const)
          : ({ type: "chunk", object: known, index: 0, path: [], bytes: drawBytes(chance, 20) } as const);
      const all = others(means);
      act(means, "corruptChunks", all[drawBelow(chance, all.length)], { message: { type: "stateSync", step } });
    },
  };
}

type Sync = Extract<Message, { type: "stateSync" }>;

function wrong(means: Means, { step }: Sync): Message {
  const { chance } = means;
  if (step.type !== "chunk") {
    // Whoever asks everybody for everything.
    const { object } = step.type === "requestChunks" ? step : { object: { digest: drawBytes(chance, 32), size: 1 } };
    return { type: "stateSync", step: { type: "requestChunks", object, index: 0, count: 256 } };
  }
  const fate = drawBelow(chance, 4);
  if (fate === 0) return { type: "stateSync", step: { ...step, bytes: drawBytes(chance, step.bytes.length) } };
  if (fate === 1) return { type: "stateSync", step: { ...step, index: step.index + 1 } };
  if (fate === 2)
    return { type: "stateSync", step: { ...step, path: [drawBytes(chance, 32), ...step.path].slice(0, 8) } };
  return { type: "stateSync", step: { type: "refuse", object: step.object, reason: "unknown" } };
}

/** Where it stands, and what others signed, as it likes. */
export function lyingStatus(means: Means): Attacker {
  const { chance } = means;
  const around = (at: number): number => Math.max(0, at + drawBelow(chance, 41) - 20);
  return {
    ...passive(means, "lyingStatus"),
    says: (packet, to) => {
      const { message } = packet;
      const step = message?.type === "stateSync" ? message.step : undefined;
      if (!dares(means) || (step?.type !== "status" && step?.type !== "recalled")) {
        pass(means, packet, to);
        return;
      }
      const lie =
        step.type === "recalled"
          ? {
              ...step,
              stable: sequence(around(step.stable) * drawBelow(chance, 3)),
              ballot: draw(chance) < 0.5 ? undefined : step.ballot,
            }
          : {
              ...step,
              view: view(around(step.view)),
              stable: sequence(around(step.stable)),
              executed: { ...step.executed, sequence: sequence(around(step.executed.sequence)) },
              known: sequence(around(step.known)),
              prepared: sequence(around(step.prepared)),
              committed: sequence(around(step.committed)),
              attempt: drawBelow(chance, 256),
              recall: draw(chance) < 0.3,
            };
      act(means, "lyingStatus", to, { message: { type: "stateSync", step: lie } });
    },
  };
}
