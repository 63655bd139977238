/** Small changes of what an honest kiosk would say, signed again: each field may be another one. */
import { hintOf, signNewView } from "../../../host/engine/consensus/statements.ts";
import type { Ballot } from "../../../protocol/agreement/ballot.ts";
import { ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { draw, drawBelow } from "../../../protocol/core/chance.ts";
import { sequence, view } from "../../../protocol/core/units.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import { act, dares, type Means, pass, passive } from "./attacker.ts";
import { anyPlace, forgeBallot, forgeRequest, forgeWish, memberOf, wholeOf } from "./forge.ts";
import type { Attacker } from "./role.ts";

export function mutation(means: Means): Attacker {
  return {
    ...passive(means, "mutation"),
    says: (packet, to) => {
      const changed = packet.said === undefined || !dares(means) ? undefined : mutated(means, packet.said);
      if (changed === undefined) pass(means, packet, to);
      else act(means, "mutation", to, { said: changed });
    },
  };
}

function mutated(means: Means, said: Said): Said | undefined {
  const of = memberOf(means);
  if (of === undefined) return undefined;
  switch (said.type) {
    case "ballot": {
      const full = wholeOf(means, said.ballot);
      if (full === undefined) return undefined;
      const { proposals } = said;
      const ballot = mutateBallot(means, full);
      const made = forgeBallot(means, of, ballot, draw(means.chance) < 0.8 ? proposals : undefined);
      // Sometimes with a hint that fits nothing.
      return draw(means.chance) < 0.2 && made.type === "ballot" ? { ...made, hint: hintOf(full) } : made;
    }
    case "viewChange": {
      const body = said.body === undefined ? undefined : decode(ViewChangeBody, said.body);
      return body?.ok === true ? forgeWish(means, of, mutateBody(means, body.value))?.said : undefined;
    }
    case "newView": {
      const { newView } = said;
      const fate = drawBelow(means.chance, 3);
      const other =
        fate === 0
          ? { ...newView, result: anyPlace(means, newView.result.sequence) }
          : fate === 1
            ? { ...newView, result: { ...newView.result, sequence: sequence(newView.result.sequence + 1) } }
            : { ...newView, viewChanges: newView.viewChanges.slice(1) };
      return { type: "newView", ...signNewView(of, means.ports, of.me, other) };
    }
    case "requests": {
      const [first] = said.requests;
      if (first === undefined || first.sender !== of.me) return undefined;
      const { request } = first;
      return forgeRequest(means, of, { ...request, operation: Uint8Array.of(drawBelow(means.chance, 256)) });
    }
    default:
      return undefined;
  }
}

/** One place or number is another one. */
function mutateBallot(means: Means, ballot: Ballot): Ballot {
  const { chance } = means;
  const other = (place: Place | undefined): Place | undefined => {
    if (place === undefined) return undefined;
    const fate = draw(chance);
    if (fate < 0.4) return anyPlace(means, place.sequence);
    if (fate < 0.6) return { ...place, sequence: sequence(place.sequence + 1) };
    if (fate < 0.8) return { ...place, sequence: sequence(Math.max(0, place.sequence - 1)) };
    return undefined;
  };
  switch (drawBelow(chance, 7)) {
    case 0:
      return { ...ballot, proposed: other(ballot.proposed) };
    case 1:
      return { ...ballot, prepared: other(ballot.prepared) };
    case 2:
      return { ...ballot, committed: other(ballot.committed) };
    case 3:
      return { ...ballot, checkpoint: other(ballot.checkpoint) };
    case 4:
      return { ...ballot, view: view(Math.max(0, ballot.view + drawBelow(chance, 3) - 1)) };
    case 5:
      return { ...ballot, committed: ballot.proposed ?? ballot.prepared };
    default:
      return { ...ballot, prepared: ballot.proposed, proposed: ballot.prepared };
  }
}

export function mutateBody(means: Means, body: ViewChangeBody): ViewChangeBody {
  const { chance } = means;
  switch (drawBelow(chance, 7)) {
    case 0:
      return { ...body, certificates: [] };
    case 1:
      return { ...body, claims: [] };
    case 2:
      return { ...body, certificates: [], claims: [], decision: undefined, checkpoint: undefined };
    case 3: {
      const claims = body.claims.map((claim) => ({
        ...claim,
        name: { ...claim.name, digest: anyPlace(means, 0).digest },
        view: view(Math.max(0, body.view - 1)),
      }));
      return { ...body, claims };
    }
    case 4:
      return { ...body, claims: body.claims.map((claim) => ({ ...claim, view: view(body.view - 1) })) };
    case 5:
      return { ...body, prefix: anyPlace(means, body.prefix.sequence) };
    default:
      return { ...body, certificates: body.certificates.map((each) => ({ ...each, view: view(each.view + 1) })) };
  }
}
