/** Who is there: heartbeats of our own, and what is heard of everyone else by whatever way. Suspicion informs people and turns
 * ways aside; it costs nobody anything. */
import { draw } from "../../protocol/core/chance.ts";
import { PEERS_SEEN_MAX } from "../../protocol/core/limits.ts";
import { millis } from "../../protocol/core/units.ts";
import type { Heartbeat, PeerSeen } from "../../protocol/message/presence.ts";
import type { Judged, MeshEffect } from "./events.ts";
import { expire } from "./held.ts";
import {
  HEARTBEAT_EVERY_MS,
  HEARTBEAT_SOONER_MS,
  SIGNAL_UNKNOWN_DBM,
  STRANGER_FORGOTTEN_MS,
  STRANGERS_SEEN_MAX,
  SUSPECT_AFTER_MS,
  VIEW_SHARE,
} from "./limits.ts";
import { type PeerName, peerName, peerTag } from "./peer-name.ts";
import { linkedNeighbour, type Mesh, type Peer } from "./state.ts";

export function onMembers(mesh: Mesh, peers: readonly PeerName[]): void {
  for (const [name, { isMember }] of mesh.peers) if (isMember && !peers.includes(name)) mesh.peers.delete(name);
  for (const name of peers) {
    if (name === mesh.me || mesh.peers.get(name)?.isMember) continue;
    const known = mesh.peers.get(name);
    mesh.peers.set(name, known === undefined ? peer(mesh, true) : { ...known, isMember: true });
  }
  isWatched(mesh);
  mesh.map = undefined;
}

/** Something that it signed, and that was new. */
export function onHeardOf<T>(mesh: Mesh, name: PeerName, effects: MeshEffect<T>[]): void {
  const known = mesh.peers.get(name);
  if (known === undefined) return;
  known.heardAt = mesh.now;
  known.wasHeard = true;
  if (!known.isSuspected) return;
  known.isSuspected = false;
  isWatched(mesh);
  effects.push({ type: "returned", peer: name });
}

export function onHeartbeat<T>(mesh: Mesh, { origin, isMember }: Judged<T>, said: Heartbeat): void {
  if (origin === undefined) return;
  const known = mesh.peers.get(origin) ?? newStranger(mesh, origin, isMember);
  // By two ways the older may come later. A clock that was set back is behind for no longer than a view lasts.
  if (known === undefined || (said.time <= known.time && mesh.now < known.beatAt + SUSPECT_AFTER_MS)) return;
  const links = said.peers.filter(({ signal }) => signal !== undefined).map(({ peer: tag }) => peerName(tag));
  if (!isSame(links, known.links) || mesh.now >= known.beatAt + SUSPECT_AFTER_MS) mesh.map = undefined;
  known.time = said.time;
  known.beatAt = mesh.now;
  known.links = links;
  if (said.peers.length > links.length) known.view = said.peers;
}

/** The next of our own, with what else is done as seldom. */
export function onBeat<T>(mesh: Mesh, effects: MeshEffect<T>[]): void {
  mesh.beatAt = millis(mesh.now + HEARTBEAT_EVERY_MS - draw(mesh.chance) * HEARTBEAT_SOONER_MS);
  mesh.beats += 1;
  expire(mesh);
  effects.push({ type: "beat", peers: view(mesh, mesh.beats % VIEW_SHARE === 1) });
}

/** Whoever is heard is silent later than was reckoned: so it is reckoned again when that time comes, and not before. */
export function onSilence<T>(mesh: Mesh, effects: MeshEffect<T>[]): void {
  if (mesh.now < mesh.silenceAt) return;
  let silenceAt = Number.POSITIVE_INFINITY;
  for (const [name, each] of mesh.peers) {
    if (each.isSuspected) continue;
    if (mesh.now < each.heardAt + SUSPECT_AFTER_MS) {
      silenceAt = Math.min(silenceAt, each.heardAt + SUSPECT_AFTER_MS);
      continue;
    }
    each.isSuspected = true;
    effects.push({ type: "suspected", peer: name });
  }
  mesh.silenceAt = silenceAt;
}

/** Own links always, since the map is made of them; everyone else once in a while. */
function view(mesh: Mesh, isWhole: boolean): readonly PeerSeen[] {
  const seen: PeerSeen[] = [];
  for (const { peer: name, links } of mesh.neighbours.values()) {
    if (links.length > 0) seen.push({ peer: peerTag(name), ageSeconds: age(mesh, name), signal: SIGNAL_UNKNOWN_DBM });
  }
  for (const [name, { wasHeard }] of mesh.peers) {
    if (!isWhole || !wasHeard || linkedNeighbour(mesh, name) !== undefined) continue;
    seen.push({ peer: peerTag(name), ageSeconds: age(mesh, name), signal: undefined });
  }
  return seen.slice(0, PEERS_SEEN_MAX).sort((left, right) => (peerName(left.peer) < peerName(right.peer) ? -1 : 1));
}

function age(mesh: Mesh, name: PeerName): number {
  const known = mesh.peers.get(name);
  return known === undefined ? 0 : Math.min(AGE_MAX_SECONDS, Math.floor((mesh.now - known.heardAt) / 1000));
}

/** A full table turns the next away; only who fell silent makes room. */
function newStranger(mesh: Mesh, name: PeerName, isMember: boolean): Peer | undefined {
  if (isMember || name === mesh.me) return undefined;
  let strangers = 0;
  for (const [each, known] of mesh.peers) {
    if (known.isMember) continue;
    if (mesh.now >= known.heardAt + STRANGER_FORGOTTEN_MS) mesh.peers.delete(each);
    else strangers += 1;
  }
  if (strangers >= STRANGERS_SEEN_MAX) return undefined;
  const known = { ...peer(mesh, false), wasHeard: true };
  mesh.peers.set(name, known);
  isWatched(mesh);
  return known;
}

/** From now on, and may be the first to fall silent. */
function isWatched(mesh: Mesh): void {
  mesh.silenceAt = Math.min(mesh.silenceAt, mesh.now + SUSPECT_AFTER_MS);
}

const peer = (mesh: Mesh, isMember: boolean): Peer => ({
  ...{ isMember, heardAt: mesh.now, wasHeard: false, isSuspected: false },
  ...{ time: -1, beatAt: mesh.now, links: [], view: [] },
});

const isSame = (left: readonly PeerName[], right: readonly PeerName[]): boolean =>
  left.length === right.length && left.every((name, at) => name === right[at]);

/** As the layout of a heartbeat has it. */
const AGE_MAX_SECONDS = 3600;
