/** Those who lie where views change: who forgets what it had prepared, and who leads into a view that does not follow. */

import { nullName } from "../../../host/engine/consensus/log.ts";
import { quorum } from "../../../host/engine/consensus/quorum.ts";
import { primaryOf } from "../../../host/engine/consensus/quorums.ts";
import { resultOf, type Selection, select } from "../../../host/engine/consensus/select.ts";
import type { Replica } from "../../../host/engine/consensus/state.ts";
import { signNewView } from "../../../host/engine/consensus/statements.ts";
import { type SignedViewChange, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { draw, drawBelow } from "../../../protocol/core/chance.ts";
import { view } from "../../../protocol/core/units.ts";
import type { Packet } from "../packet.ts";
import { act, dares, type Means, pass, passive } from "./attacker.ts";
import { anyPlace, forgeWish, memberOf } from "./forge.ts";
import { mutateBody } from "./mutation.ts";
import type { Attacker } from "./role.ts";

/** Its wishes know nothing of what it prepared and committed, or claim something else. */
export function amnesiac(means: Means): Attacker {
  let last: { readonly packet: Packet; readonly said: Said | undefined } | undefined;
  return {
    ...passive(means, "amnesiac"),
    says: (packet, to) => {
      if (packet.said?.type !== "viewChange") {
        pass(means, packet, to);
        return;
      }
      // The same lie to all, or a new one to each.
      if (last?.packet !== packet || draw(means.chance) < 0.3) last = { packet, said: forgotten(means, packet) };
      if (last.said === undefined) pass(means, packet, to);
      else act(means, "amnesiac", to, { said: last.said });
    },
  };
}

function forgotten(means: Means, { said }: Packet): Said | undefined {
  const of = memberOf(means);
  if (of === undefined || said?.type !== "viewChange" || said.body === undefined || !dares(means)) return undefined;
  const decoded = decode(ViewChangeBody, said.body);
  return decoded.ok ? forgeWish(means, of, amnesia(means, of, decoded.value))?.said : undefined;
}

function amnesia(means: Means, of: Replica<unknown>, body: ViewChangeBody): ViewChangeBody {
  const { chance } = means;
  const fate = drawBelow(chance, 4);
  if (fate === 0) return { ...body, certificates: [], claims: [] };
  const start = { prefix: of.epochStart, checkpoint: undefined, decision: undefined };
  if (fate === 1) return { ...body, ...start, certificates: [], claims: [] };
  const claims = body.claims.map((claim) => ({
    ...claim,
    view: view(body.view - 1),
    name: fate === 2 ? nullName() : { ...claim.name, digest: anyPlace(means, 0).digest },
  }));
  return { ...body, certificates: [], claims };
}

interface Heard {
  readonly change: SignedViewChange;
  readonly body: ViewChangeBody;
}

/** In its turn it leads, but not where the wishes lead: with a result of its own, or with wishes of its choice, its own lie
 * among them, so that two of its new views may both be valid. */
export function falseNewView(means: Means): Attacker {
  const { chance } = means;
  let heard: Heard[] = [];
  let last: { readonly packet: Packet; readonly said: Said | undefined } | undefined;
  return {
    ...passive(means, "falseNewView"),
    hears: ({ said }) => {
      if (said?.type === "viewChange" && said.body !== undefined) {
        const decoded = decode(ViewChangeBody, said.body);
        if (decoded.ok) {
          heard = heard.filter(({ change }) => change.view === said.change.view || draw(chance) < 0.9).slice(-30);
          heard.push({ change: said.change, body: decoded.value });
        }
      }
      return "heard";
    },
    says: (packet, to) => {
      if (packet.said?.type !== "newView") {
        pass(means, packet, to);
        return;
      }
      if (last?.packet !== packet || draw(chance) < 0.3) last = { packet, said: otherView(means, heard, packet.said) };
      if (last.said === undefined || draw(chance) < 0.3) pass(means, packet, to);
      else act(means, "falseNewView", to, { said: last.said });
    },
    turn: () => {
      // Before its time, with whatever there is.
      const of = memberOf(means);
      if (of === undefined || heard.length === 0 || !dares(means) || draw(chance) > 0.1) return;
      const { view: wanted } = heard[drawBelow(chance, heard.length)].change;
      if (primaryOf(of, wanted) !== of.me) return;
      const said = chosenView(means, of, heard, wanted);
      if (said === undefined) return;
      for (const other of means.sim.kiosks) {
        if (other.place !== means.kiosk.place && draw(chance) < 0.5) act(means, "falseNewView", other.id, { said });
      }
    },
  };
}

function otherView(means: Means, heard: readonly Heard[], said: Extract<Said, { type: "newView" }>): Said | undefined {
  const of = memberOf(means);
  if (of === undefined || !dares(means)) return undefined;
  if (draw(means.chance) < 0.6) return chosenView(means, of, heard, said.newView.view);
  const result = anyPlace(means, said.newView.result.sequence);
  return { type: "newView", ...signNewView(of, means.ports, of.me, { ...said.newView, result }) };
}

/** Any quorum of wishes for that view, and what follows from them indeed, or almost. */
function chosenView(means: Means, of: Replica<unknown>, heard: readonly Heard[], wanted: number): Said | undefined {
  const { chance, ports } = means;
  const chosen: Heard[] = [];
  const own = ownLie(means, of, heard, wanted);
  if (own !== undefined) chosen.push(own);
  for (const each of heard) {
    if (each.change.view !== wanted || chosen.length === quorum(of.members.length)) continue;
    if (!chosen.some(({ change }) => change.sender === each.change.sender)) chosen.push(each);
  }
  if (chosen.length < quorum(of.members.length)) return undefined;
  chosen.sort((left, right) => left.change.sender - right.change.sender);
  const followed = select(
    chosen.map(({ body }) => body),
    of.quorum,
    of.faults,
  );
  const fewer: Selection = {
    ...followed,
    names: followed.names.slice(0, drawBelow(chance, followed.names.length + 1)),
  };
  const newView = {
    view: view(wanted),
    viewChanges: chosen.map(({ change }) => change),
    result: resultOf(ports, draw(chance) < 0.7 ? followed : fewer),
  };
  return { type: "newView", ...signNewView(of, ports, of.me, newView) };
}

/** Another's wish, changed, under the own name: it may say what it likes of itself. */
function ownLie(means: Means, of: Replica<unknown>, heard: readonly Heard[], wanted: number): Heard | undefined {
  const model = heard.find(({ change }) => change.view === wanted);
  if (model === undefined) return undefined;
  const body = draw(means.chance) < 0.5 ? amnesia(means, of, model.body) : mutateBody(means, model.body);
  const wish = forgeWish(means, of, body);
  if (wish === undefined) return undefined;
  for (const other of means.sim.kiosks) {
    if (other.place !== means.kiosk.place) act(means, "falseNewView", other.id, { said: wish.said });
  }
  return { change: wish.change, body };
}
