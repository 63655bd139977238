/** Words under an attacker's own key, whatever they say. */

import type { Replica } from "../../../host/engine/consensus/state.ts";
import { signBallot, signRequest, signViewChange } from "../../../host/engine/consensus/statements.ts";
import { objectName } from "../../../host/engine/objects/tree.ts";
import { type Ballot, HINT_SIZE, type SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { type SignedViewChange, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import type { Proposals, Request } from "../../../protocol/agreement/request.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { drawBytes } from "../../../protocol/core/chance.ts";
import { DIGEST_SIZE, VIEW_CHANGE_INLINE_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { sequence } from "../../../protocol/core/units.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import { brief } from "../mixing.ts";
import type { Means } from "./attacker.ts";

type State = Replica<unknown>;

/** Its own replica, while it is a member. */
export function memberOf(means: Means): State | undefined {
  const { replica } = means.kiosk;
  return replica !== undefined && replica.me >= 0 ? replica : undefined;
}

/** With every history said, so that nothing depends on what the receiver knows. */
export function ballotSaid(signed: SignedBallot, proposals: Proposals | undefined): Said {
  return { type: "ballot", ballot: signed, hint: new Uint8Array(HINT_SIZE), proposals };
}

export function forgeBallot(means: Means, of: State, ballot: Ballot, proposals?: Proposals): Said {
  return ballotSaid(signBallot(of, means.ports, of.me, ballot), proposals);
}

/** In the name of a friend. */
export function forgeFriendsBallot(means: Means, of: State, place: number, ballot: Ballot): Said | undefined {
  const ports = means.conspiracy.ports.get(place);
  const { key } = means.sim.identities[place];
  const member = of.members.findIndex((each) => bytesEqual(each, key));
  return ports === undefined || member < 0 ? undefined : ballotSaid(signBallot(of, ports, member, ballot), undefined);
}

/** Too long for its message, it is not said. */
export function forgeWish(
  means: Means,
  of: State,
  body: ViewChangeBody,
): { readonly change: SignedViewChange; readonly said: Said } | undefined {
  const bytes = bytesOf(body);
  if (bytes === undefined || bytes.length > VIEW_CHANGE_INLINE_SIZE_MAX) return undefined;
  const change = signViewChange(of, means.ports, of.me, { view: body.view, body: objectName(means.ports, bytes) });
  return { change, said: { type: "viewChange", change, body: bytes } };
}

/** Nothing where the layout cannot say it. */
function bytesOf(body: ViewChangeBody): Uint8Array | undefined {
  try {
    return encode(ViewChangeBody, body, new Writer(SCRATCH)).slice();
  } catch {
    return undefined;
  }
}

const SCRATCH = new Uint8Array(ViewChangeBody.sizeMax);

export const forgeRequest = (means: Means, of: State, request: Request): Said => ({
  type: "requests",
  requests: [signRequest(of, means.ports, of.me, request)],
});

/** The ballot as it was signed, with its histories. */
export function wholeOf(means: Means, compact: SignedBallot): Ballot | undefined {
  const own = means.kiosk.voted.get(brief(compact.signature))?.ballot;
  if (own === undefined) return undefined;
  const place = (position: SignedBallot["prepared"]): Place | undefined =>
    position?.history === undefined ? undefined : { sequence: position.sequence, digest: position.history };
  return {
    view: own.view,
    proposed: place(own.proposed),
    prepared: place(own.prepared),
    committed: place(own.committed),
    checkpoint: own.checkpoint,
  };
}

export const anyPlace = (means: Means, at: number): Place => ({
  sequence: sequence(Math.max(0, at)),
  digest: drawBytes(means.chance, DIGEST_SIZE),
});

export const others = (means: Means): number[] =>
  means.sim.kiosks.filter((each) => each.place !== means.kiosk.place).map((each) => each.id);
