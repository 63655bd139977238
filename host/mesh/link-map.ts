/** Who is linked with whom, by what both ends sign: each heartbeat names its speaker's own links, and a link counts when both
 * of its ends name each other. So nobody invents a link between two others, and who claims one to an honest kiosk is alone
 * with it. */
import { SENDERS_COUNT, SUSPECT_AFTER_MS } from "./limits.ts";
import type { PeerName } from "./peer-name.ts";
import type { LinkMap, Mesh, Peer } from "./state.ts";

/** As of the last heartbeats. */
export function mapOf(mesh: Mesh): LinkMap {
  if (mesh.map === undefined || mesh.now >= mesh.map.validUntil) mesh.map = drawMap(mesh);
  return mesh.map;
}

export const areLinked = (mesh: Mesh, left: PeerName, right: PeerName): boolean =>
  mapOf(mesh).links.get(left)?.includes(right) ?? false;

/** In links. Undefined where no way is known. */
export const distanceTo = (mesh: Mesh, peer: PeerName): number | undefined => mapOf(mesh).distance.get(peer);

/** Whether `to` is to have from us what `origin` said: of the kiosks that are one link nearer to the origin than it is, the first
 * two send, so that one of them may fail; the others offer. Where the map does not know, everyone sends. */
export function sendsTo(mesh: Mesh, origin: PeerName, to: PeerName): boolean {
  const map = mapOf(mesh);
  const distance = distancesFrom(map, origin);
  const own = distance.get(mesh.me);
  const theirs = distance.get(to);
  if (own === undefined || theirs === undefined) return true;
  if (own + 1 !== theirs) return false;
  const nearer = (map.links.get(to) ?? []).filter((each) => distance.get(each) === own);
  const before = nearer.filter((each) => each < mesh.me).length;
  return before < SENDERS_COUNT;
}

/** Links that one end claims and the other does not confirm, though both were heard. */
export function unconfirmed(mesh: Mesh, of: PeerName): readonly PeerName[] {
  const links = mapOf(mesh).links.get(of) ?? [];
  return (mesh.peers.get(of)?.links ?? []).filter((other) => {
    const heard = other === mesh.me || isFresh(mesh, mesh.peers.get(other));
    return heard && !links.includes(other);
  });
}

function drawMap(mesh: Mesh): LinkMap {
  const claims = new Map<PeerName, readonly PeerName[]>();
  const own: PeerName[] = [];
  for (const { peer, links } of mesh.neighbours.values()) if (links.length > 0) own.push(peer);
  claims.set(mesh.me, own);
  let validUntil = Number.POSITIVE_INFINITY;
  for (const [name, peer] of mesh.peers) {
    if (!isFresh(mesh, peer)) continue;
    claims.set(name, peer.links);
    validUntil = Math.min(validUntil, peer.beatAt + SUSPECT_AFTER_MS);
  }

  const links = new Map<PeerName, readonly PeerName[]>();
  for (const [name, claimed] of claims) {
    // At the other end of an own link is who the session says, before its heartbeat says so too.
    const holds = (other: PeerName): boolean => name === mesh.me || (claims.get(other)?.includes(name) ?? false);
    links.set(name, claimed.filter(holds));
  }
  const distance = distances(mesh.me, links);
  return { links, distance, distanceFrom: new Map([[mesh.me, distance]]), validUntil };
}

function distancesFrom(map: LinkMap, origin: PeerName): ReadonlyMap<PeerName, number> {
  const known = map.distanceFrom.get(origin);
  if (known !== undefined) return known;
  const distance = distances(origin, map.links);
  // Of who is not on the map nothing is kept, and so nothing grows.
  if (map.links.has(origin)) map.distanceFrom.set(origin, distance);
  return distance;
}

function distances(from: PeerName, links: LinkMap["links"]): Map<PeerName, number> {
  const distance = new Map<PeerName, number>([[from, 0]]);
  const queue = [from];
  for (let at = 0; at < queue.length; at++) {
    const next = (distance.get(queue[at]) ?? 0) + 1;
    for (const other of links.get(queue[at]) ?? []) {
      if (distance.has(other)) continue;
      distance.set(other, next);
      queue.push(other);
    }
  }
  return distance;
}

const isFresh = (mesh: Mesh, peer: Peer | undefined): boolean =>
  peer !== undefined && peer.links.length > 0 && mesh.now < peer.beatAt + SUSPECT_AFTER_MS;
