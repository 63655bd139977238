/**
 * What the attacker may say, to whom it likes. A vote that does not fit what its receiver knows does nothing there; so it is
 * told, of everything that can be signed, what fits: any batch as the next, its vote for any line as far as one likes, and
 * every wish for a view, whatever it claims, omits or can prove.
 */

import { HINT_SIZE, type SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Certificate, Claim, ViewChangeBody } from "../../protocol/agreement/certificate.ts";
import { ViewChangeBody as Body } from "../../protocol/agreement/certificate.ts";
import type { Proposal } from "../../protocol/agreement/request.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { memberIndex, sequence, view as viewOf } from "../../protocol/core/units.ts";
import type { Place } from "../../protocol/message/fields.ts";
import type { Face } from "./faces.ts";
import { ballotSaid, type Moves, wishSaid } from "./moves.ts";
import { certificateOf, ownBallot, ownVote, placeOf, provable, signersOf } from "./proofs.ts";
import { batchOf, CLIENTS, MEMBERS, type Member, nameOf, type Table } from "./setting.ts";
import { type Spot, spotOf } from "./spots.ts";

/** To a member in this state. */
export function votesTo(table: Table, moves: Moves, of: Member): number[] {
  const said: number[] = [];
  const attacker = table.setting.byzantine;
  for (let at = of.start.sequence + 1; at <= of.known; at++) {
    const spot = spotOf(placeIn(of, at));
    for (const phase of ["prepared", "committed"] as const) {
      if (of.votes[phase][attacker] < at) said.push(sayBallot(moves, ownVote(table, of.view, spot, phase)));
    }
  }
  return said;
}

export function proposalsTo(table: Table, moves: Moves, of: Member): number[] {
  const at = of.known + 1;
  const leads = of.view % MEMBERS === table.setting.byzantine;
  if (!leads || at > table.setting.sequences || of.known > of.executed + of.options.window) return [];
  return CLIENTS.filter((client) => !proposedBefore(table, of, client)).map((client) =>
    propose(table, moves, of, at, client),
  );
}

/** After what the member knows. */
export function propose(table: Table, moves: Moves, of: Member, at: number, client: number): number {
  const { ports } = table.worlds[table.setting.byzantine];
  const before = placeIn(of, at - 1).digest;
  const digest = table.engine.nextHistory(ports, before, at, nameOf(table, at, client));
  const proposed = { sequence: sequence(at), digest };
  const ballot = ownBallot(table, { view: viewOf(of.view), proposed, prepared: undefined, committed: undefined });
  const { time, barrier } = batchOf(table, at, client);
  const runs = [{ sender: memberIndex(client), first: table.requests[client].request.number, count: 1 }];
  return sayBallot(moves, ballot, { first: sequence(at), slots: [{ type: "outline", time, barrier, runs }] });
}

function proposedBefore(table: Table, of: Member, client: number): boolean {
  return of.slots.some(
    (slot) =>
      slot.sequence <= of.known &&
      slot.name !== undefined &&
      bytesEqual(slot.name.digest, nameOf(table, slot.sequence, client).digest),
  );
}

export function placeIn(of: Member, at: number): Place {
  if (at === of.start.sequence) return of.start;
  if (at === 0) return of.epochStart;
  return { sequence: sequence(at), digest: of.slots[at - 1].history as Uint8Array };
}

export function sayBallot(
  moves: Moves,
  ballot: SignedBallot,
  proposals?: { readonly first: ReturnType<typeof sequence>; readonly slots: readonly Proposal[] },
): number {
  return ballotSaid(moves, { type: "ballot", ballot, hint: new Uint8Array(HINT_SIZE), proposals }, ballot);
}

/** Its wishes for view 1 that it can make of what was said. */
export function wishes(table: Table, moves: Moves, faces: readonly Face[], proofs: Proofs): number[] {
  const { epochStart } = proofs;
  const bodies: ViewChangeBody[] = [];
  const certificates = provable(table, faces, 0, "prepared").flatMap((spot) =>
    known(proofs, moves, faces, table, "prepared", 0, spot),
  );
  const body = (part: Partial<ViewChangeBody>): ViewChangeBody => bodyWith(epochStart, part);
  for (const claims of claimsUpTo(table, table.setting.sequences)) {
    bodies.push(body({ claims }));
    for (const certificate of certificates) bodies.push(body({ claims, certificates: [certificate] }));
  }
  for (const { spot, certificate } of decisions(table, moves, faces, proofs, 0)) {
    bodies.push(body({ prefix: placeOf(table, spot), decision: certificate }));
  }
  return bodies.map((each) => wish(table, moves, each));
}

export const bodyWith = (prefix: Place, part: Partial<ViewChangeBody>): ViewChangeBody => ({
  ...{ view: viewOf(1), prefix, checkpoint: undefined, decision: undefined, certificates: [], claims: [] },
  ...part,
});

export const wish = (table: Table, moves: Moves, body: ViewChangeBody): number =>
  wishAs(table, moves, table.setting.byzantine, body);

/** In somebody's name, under the attacker's signature. */
export function wishAs(table: Table, moves: Moves, sender: number, body: ViewChangeBody): number {
  const { engine, setting, worlds } = table;
  const { ports } = worlds[setting.byzantine];
  const named = { view: body.view, body: engine.objectName(ports, encode(Body, body)) };
  return wishSaid(moves, engine.signViewChange(signersOf(table), ports, sender, named), body);
}

/** Every way to claim either batch or none at each sequence. */
function claimsUpTo(table: Table, last: number): Claim[][] {
  let all: Claim[][] = [[]];
  for (let at = 1; at <= last; at++) {
    const here = CLIENTS.map((client) => ({
      ...{ sequence: sequence(at), view: viewOf(0), name: nameOf(table, at, client) },
    }));
    all = all.flatMap((claims) => [claims, ...here.map((claim) => [...claims, claim])]);
  }
  return all;
}

/** Certificates once made are used again, as long as there could be such a one: by whose votes, does not matter. */
export interface Proofs {
  readonly epochStart: Place;
  readonly made: Map<string, Certificate>;
}

function known(
  of: Proofs,
  moves: Moves,
  faces: readonly Face[],
  table: Table,
  phase: Certificate["phase"],
  view: number,
  spot: Spot,
): Certificate[] {
  const key = `${phase} ${view} ${spot.history}`;
  let certificate = of.made.get(key);
  if (certificate === undefined) {
    certificate = certificateOf(table, moves, faces, { view, phase, spot });
    if (certificate === undefined) return [];
    of.made.set(key, certificate);
  }
  return [certificate];
}

/** What is committed, whether or not anyone honest has noticed. */
export function decisions(
  table: Table,
  moves: Moves,
  faces: readonly Face[],
  proofs: Proofs,
  view: number,
): { readonly spot: Spot; readonly certificate: Certificate }[] {
  const phases = table.setting.fastPath ? (["committed", "unanimous"] as const) : (["committed"] as const);
  return phases.flatMap((phase) =>
    provable(table, faces, view, phase).flatMap((spot) =>
      known(proofs, moves, faces, table, phase, view, spot).map((certificate) => ({ spot, certificate })),
    ),
  );
}
