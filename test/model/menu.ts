/** All that can happen next to a member of the table: what its own state allows, and what others have said or can say. */
import type { RequestsSaid } from "../../protocol/agreement/request.ts";
import { decisions, type Proofs, proposalsTo, votesTo, wishes } from "./attacker.ts";
import type { Face } from "./faces.ts";
import { falseWishes, forgedDecisions, forgedProposals, forgedVotes, forgedWishes } from "./forgeries.ts";
import { type Model, take } from "./locals.ts";
import { fetching, otherSaid, submitting, waiting } from "./moves.ts";
import { bytesOf, OBJECT_HEAD_SIZE } from "./notary.ts";
import type { Member } from "./setting.ts";
import type { Spot } from "./spots.ts";
import { forgedNewViews, type NewViews, newViews } from "./successor.ts";
import { itemAt, type Triples, triples } from "./triples.ts";

export interface Menu {
  readonly model: Model;
  /** By the member's state: what needs nobody else. Only what changes something. */
  readonly own: (readonly number[] | undefined)[];
  /** The faces of all; by their number, for offers by the member's place too and for attacks by their kind, what follows from
   * them. */
  readonly faces: Triples;
  readonly decisions: (readonly Decision[] | undefined)[];
  readonly attacks: (readonly number[] | undefined)[];
  readonly offers: (readonly number[] | undefined)[];
  readonly proofs: Proofs;
  readonly newViews: NewViews;
}

/** Whatever a quorum has committed: the attacker can show it to anyone. */
export interface Decision {
  readonly view: number;
  readonly spot: Spot;
  readonly move: number;
}

export const menuOf = (model: Model): Menu => ({
  ...{ model, own: [], faces: triples(), decisions: [], attacks: [], offers: [] },
  proofs: { epochStart: model.locals[0].replica.epochStart, made: new Map() },
  newViews: { byResult: new Map() },
});

export const facesOf = (menu: Menu, all: number): readonly Face[] =>
  itemAt(menu.faces, all).map((face) => menu.model.faces.all[face]);

/** It lies with the member alone, or with the attacker and the member. */
export function ownMoves(menu: Menu, local: number): readonly number[] {
  const known = menu.own[local];
  if (known !== undefined) return known;
  const { model } = menu;
  const { table, moves } = model;
  const { replica } = model.locals[local];
  const all = [
    ...votesTo(table, moves, replica),
    ...proposalsTo(table, moves, replica),
    ...forgedVotes(table, moves, replica),
    ...forgedProposals(table, moves, replica),
    ...forgedDecisions(table, moves, replica),
    ...batchesFor(model, replica),
    ...requestsFor(model, replica),
  ];
  if (replica.timing.batchAt !== undefined) all.push(waiting(moves, "batch"));
  if (replica.timing.commitAt !== undefined) all.push(waiting(moves, "commit"));
  if (replica.view === 0 && replica.phase === "normal") all.push(waiting(moves, "view"));
  const some = all.filter((move) => take(model, local, move) !== local);
  menu.own[local] = some;
  return some;
}

/** Whoever made the name has the bytes. */
function batchesFor({ table, moves }: Model, of: Member): number[] {
  return of.slots.flatMap(({ sequence, name, batch }) => {
    if (sequence <= of.executed || name === undefined || batch !== undefined) return [];
    return [fetching(moves, name, bytesOf(table.notary, name.digest).subarray(OBJECT_HEAD_SIZE))];
  });
}

/** An honest primary of view 0 hears of them in either order. */
function requestsFor({ table, moves }: Model, of: Member): number[] {
  if (of.me !== 0) return [];
  const said: RequestsSaid = { requests: [table.requests[1]] };
  const other = otherSaid(moves, "request", { type: "requests", ...said });
  return of.lastNumber === 0 ? [submitting(moves), other] : [other];
}

/** What can be said to the member in this place, where the faces of all have the number `all`. Some of it may do nothing, or
 * nothing before it is said again. */
export function offeredMoves(menu: Menu, all: number, seat: number): readonly number[] {
  const known = menu.offers[3 * all + seat];
  if (known !== undefined) return known;
  const faces = facesOf(menu, all);
  const own = faces[seat];
  const offers: number[] = [];
  for (const other of faces) {
    if (other === own) continue;
    for (const move of other.said) {
      // A wish is to anyone but the next primary what a time-out is; with a new view it comes along.
      if (move === other.wish && own.member !== SUCCESSOR) continue;
      offers.push(move);
    }
  }
  for (const { spot, move } of decisionsOf(menu, all)) if (spot.sequence > own.decided.sequence) offers.push(move);
  menu.offers[3 * all + seat] = offers;
  return offers;
}

const SUCCESSOR = 1;
const NONE: readonly number[] = [];

export function decisionsOf(menu: Menu, all: number): readonly Decision[] {
  const known = menu.decisions[all];
  if (known !== undefined) return known;
  const { table, moves } = menu.model;
  const faces = facesOf(menu, all);
  const decided = [0, 1].flatMap((view) =>
    decisions(table, moves, faces, menu.proofs, view).map(({ spot, certificate }) => {
      const key = `decided ${view} ${certificate.phase} ${spot.history}`;
      return { view, spot, move: otherSaid(moves, key, { type: "certificate", certificate }) };
    }),
  );
  menu.decisions[all] = decided;
  return decided;
}

/** As the next primary, its new views; to the next primary, a wish, of which the first counts. */
export function attackingMoves(menu: Menu, local: number, all: number): readonly number[] {
  const { model } = menu;
  const { replica } = model.locals[local];
  if (replica.view > 0) return NONE;
  const { quorum, setting } = model.table;
  // Whoever believes a forgery does so when it has given up view 0, and before would be no other fault.
  const hasGivenUp = replica.phase === "changing";
  if (setting.byzantine === SUCCESSOR) return attacksOf(menu, all, hasGivenUp ? "with forgeries" : "proper");
  if (replica.me !== SUCCESSOR || !hasGivenUp || replica.viewChanges[setting.byzantine] !== undefined) return NONE;
  // What it holds of wishes nobody sees before there are enough of them: so the attacker's may come last.
  const held = replica.viewChanges.filter((each) => each !== undefined).length;
  if (held >= quorum - 1) return attacksOf(menu, all, "with forgeries");
  return held === quorum - 2 ? attacksOf(menu, all, "false names") : NONE;
}

const KINDS = ["proper", "with forgeries", "false names"] as const;
type Kind = (typeof KINDS)[number];

const attacksOf = (menu: Menu, all: number, kind: Kind): readonly number[] =>
  (menu.attacks[KINDS.length * all + KINDS.indexOf(kind)] ??= attacks(menu, facesOf(menu, all), kind));

function attacks({ model, proofs, newViews: made }: Menu, faces: readonly Face[], kind: Kind): number[] {
  const { table, moves } = model;
  const { epochStart } = proofs;
  if (kind === "false names") return falseWishes(table, moves, epochStart);
  const own = wishes(table, moves, faces, proofs);
  const forged =
    kind === "proper" ? [] : [...forgedWishes(table, moves, epochStart), ...falseWishes(table, moves, epochStart)];
  if (table.setting.byzantine !== SUCCESSOR) return [...own, ...forged];
  const all = { honest: faces.flatMap((face) => face.wish ?? []), own };
  const views = newViews(table, moves, made, all);
  return kind === "proper" ? views : [...views, ...forgedNewViews(table, moves, made, all, forged)];
}
