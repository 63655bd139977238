/** From a neighbour's line to its link, at the neighbour's pace, and what follows when a packet is settled. */
import { assert } from "../../protocol/core/assert.ts";
import { millis } from "../../protocol/core/units.ts";
import { take, takeAt } from "./bucket.ts";
import type { LinkName, MeshEffect, Outcome } from "./events.ts";
import type { Item } from "./item.ts";
import {
  AGAIN_AFTER_MS,
  AGAIN_MAX,
  OFFER_EVERY_MS,
  PACE_PACKETS_BURST_MAX,
  PACE_PACKETS_PER_SECOND,
  UNDER_WAY_MAX,
} from "./limits.ts";
import { put, superseded, takeNext } from "./line.ts";
import type { PeerName } from "./peer-name.ts";
import type { MessageId } from "./seen.ts";
import { linkedNeighbour, type Mesh, type Neighbour } from "./state.ts";

/** A held message to somebody who may not have it. */
export function pass<T>(mesh: Mesh, to: Neighbour, id: MessageId, effects: MeshEffect<T>[], tries = 0): void {
  const held = mesh.held.get(id);
  if (held === undefined || held.isSpent || held.has.includes(to.peer) || held.going.includes(to.peer)) return;
  const { packetClass, origin, series } = held;
  held.going.push(to.peer);
  const item: Item = { id, packet: undefined, packetClass, origin: origin ?? "", series, tries, since: mesh.now };
  enqueue(mesh, to, item, effects);
}

export function enqueue<T>(mesh: Mesh, to: Neighbour, item: Item, effects: MeshEffect<T>[]): void {
  const needless = superseded(to.line, item);
  if (needless !== undefined) {
    if (needless.id !== undefined) isNotGoing(mesh, to.peer, needless.id);
    return;
  }
  const out = put(to.line, item);
  if (out?.id !== undefined) {
    isNotGoing(mesh, to.peer, out.id);
    lacks(to, out.id, mesh.now + OFFER_EVERY_MS);
  }
  pump(mesh, to, effects);
}

/** As much as may leave now. */
export function pump<T>(mesh: Mesh, to: Neighbour, effects: MeshEffect<T>[]): void {
  const link = to.links[0];
  if (link === undefined) return;
  while (to.line.items.length > 0 && to.underWayCount < UNDER_WAY_MAX) {
    if (!take(to.pace, mesh.now, PACE_PACKETS_PER_SECOND, PACE_PACKETS_BURST_MAX)) return;
    const item = takeNext(to.line, mesh.now);
    assert(item !== undefined, "a line that is not empty has a first");
    const packet = item.id === undefined ? item.packet : mesh.held.get(item.id)?.packet;
    if (packet === undefined) continue;
    const token = mesh.nextToken;
    mesh.nextToken += 1;
    mesh.underWay.set(token, { link, peer: to.peer, item });
    to.underWayCount += 1;
    effects.push({ type: "send", link, packetClass: item.packetClass, packet, token });
  }
}

/** When a line that waits may go on. */
export const pumpAt = (to: Neighbour): number =>
  to.line.items.length === 0 || to.links.length === 0 || to.underWayCount >= UNDER_WAY_MAX
    ? Number.POSITIVE_INFINITY
    : takeAt(to.pace, PACE_PACKETS_PER_SECOND);

export function onSettled<T>(mesh: Mesh, token: number, outcome: Outcome, effects: MeshEffect<T>[]): void {
  const sent = mesh.underWay.get(token);
  if (sent === undefined) return;
  mesh.underWay.delete(token);
  const to = mesh.neighbours.get(sent.peer);
  if (to === undefined) return;
  to.underWayCount -= 1;
  conclude(mesh, to, sent.item, outcome);
  pump(mesh, to, effects);
}

/** Nobody will tell any more what became of what was under way on that link. */
export function abandon(mesh: Mesh, of: Neighbour, link: LinkName): void {
  for (const [token, sent] of mesh.underWay) {
    if (sent.link !== link) continue;
    mesh.underWay.delete(token);
    of.underWayCount -= 1;
    conclude(mesh, of, sent.item, "unknown");
  }
  if (of.links.length > 0) return;
  for (const item of of.line.items.splice(0)) if (item.id !== undefined) isNotGoing(mesh, of.peer, item.id);
  for (let at = mesh.dues.length - 1; at >= 0; at--) if (mesh.dues[at].peer === of.peer) mesh.dues.splice(at, 1);
}

function conclude(mesh: Mesh, to: Neighbour, item: Item, outcome: Outcome): void {
  if (item.id !== undefined) isNotGoing(mesh, to.peer, item.id);
  if (outcome === "sent") {
    const has = item.id === undefined ? undefined : mesh.held.get(item.id)?.has;
    if (has !== undefined && !has.includes(to.peer)) has.push(to.peer);
  } else if (outcome === "dropped" && item.tries < AGAIN_MAX && to.links.length > 0) {
    mesh.dues.push({ at: millis(mesh.now + AGAIN_AFTER_MS), peer: to.peer, item: { ...item, tries: item.tries + 1 } });
  } else if (item.id !== undefined) lacks(to, item.id, mesh.now + OFFER_EVERY_MS);
}

export function onDues<T>(mesh: Mesh, effects: MeshEffect<T>[]): void {
  if (!mesh.dues.some(({ at }) => at <= mesh.now)) return;
  const due = mesh.dues.filter(({ at }) => at <= mesh.now);
  for (const each of due) mesh.dues.splice(mesh.dues.indexOf(each), 1);
  for (const { peer, item } of due) {
    const to = linkedNeighbour(mesh, peer);
    if (to === undefined) continue;
    if (item.id !== undefined) pass(mesh, to, item.id, effects, item.tries);
    else enqueue(mesh, to, { ...item, since: mesh.now }, effects);
  }
}

/** It said itself that it has it: what waits for it there need not go. */
export function surelyHas(mesh: Mesh, peer: PeerName, id: MessageId): void {
  const held = mesh.held.get(id);
  if (held === undefined || held.has.includes(peer)) return;
  held.has.push(peer);
  mesh.neighbours.get(peer)?.lacks.delete(id);
  for (let at = mesh.dues.length - 1; at >= 0; at--) {
    if (mesh.dues[at].peer === peer && mesh.dues[at].item.id === id) mesh.dues.splice(at, 1);
  }
  if (!held.going.includes(peer)) return;
  const items = mesh.neighbours.get(peer)?.line.items ?? [];
  const at = items.findIndex((item) => item.id === id);
  if (at < 0) return;
  items.splice(at, 1);
  isNotGoing(mesh, peer, id);
}

/** It is offered then, if it has not come there by another way. */
export function lacks(to: Neighbour, id: MessageId, at: number): void {
  to.lacks.add(id);
  offerSoon(to, at);
}

/** One offer at a time: while one waits for its answer, the next does not go. */
export function offerSoon(to: Neighbour, at: number): void {
  if (to.offered.length === 0) to.offerAt = Math.min(to.offerAt, at);
}

function isNotGoing(mesh: Mesh, peer: PeerName, id: MessageId): void {
  const going = mesh.held.get(id)?.going;
  const at = going?.indexOf(peer) ?? -1;
  if (at >= 0) going?.splice(at, 1);
}
