/**
 * Along a way, for one alone: what is much, such as a state's chunks, does not go to everyone. The first kiosk chooses the way
 * from the map, the shortest and then others that share no relay with those before; a relay reads its place and passes it on.
 * Who drops what it should pass on shows by the silence of the other end, and the next way goes round it.
 */
import { encode } from "../../protocol/bytes/codec.ts";
import { NORMAL } from "../../protocol/core/packet-class.ts";
import type { LinkName, MeshEffect, Series } from "./events.ts";
import { violate } from "./flood.ts";
import { HopPacket, ROUTED_SIZE_MAX } from "./hop-packet.ts";
import type { Item } from "./item.ts";
import { WAY_LENGTH_MAX, WAYS_MAX } from "./limits.ts";
import { mapOf } from "./link-map.ts";
import { type PeerName, peerName, peerTag } from "./peer-name.ts";
import { enqueue } from "./pump.ts";
import { linkedNeighbour, type Mesh, type Neighbour, refuse } from "./state.ts";

type Routed = HopPacket & { type: "routed" };
type Broken = HopPacket & { type: "broken" };
type Way = readonly PeerName[];

/** Both ends are part of a way. What is too long for one goes to everyone, as whoever calls decides. */
export function onSendTo<T>(
  mesh: Mesh,
  to: PeerName,
  envelope: Uint8Array,
  series: Series | undefined,
  effects: MeshEffect<T>[],
): void {
  const ways = waysTo(mesh, to);
  if (ways.length === 0 || envelope.length > ROUTED_SIZE_MAX) {
    effects.push({ type: "noWay", to });
    return;
  }
  const way = ways[(mesh.turns.get(to) ?? 0) % ways.length];
  const own = series === undefined ? undefined : { name: `${series.name} to ${to}`, place: series.place };
  forward(mesh, way[1], { type: "routed", at: 1, way: way.map(peerTag), envelope }, mesh.me, effects, own);
}

export function onUnanswered(mesh: Mesh, to: PeerName): void {
  mesh.turns.set(to, (mesh.turns.get(to) ?? 0) + 1);
  if (mesh.turns.size > TURNS_MAX) mesh.turns.delete(mesh.turns.keys().next().value as PeerName);
}

/** The shortest first. Whoever is suspected is gone round, but for the other end itself. */
export function waysTo(mesh: Mesh, to: PeerName): readonly Way[] {
  const ways: Way[] = [];
  const used = new Set<PeerName>([mesh.me]);
  for (const [name, { isSuspected }] of mesh.peers) if (isSuspected && name !== to) used.add(name);
  let isDirectUsed = false;
  while (ways.length < WAYS_MAX) {
    const way = shortest(mesh, to, used, isDirectUsed);
    if (way === undefined) break;
    ways.push(way);
    isDirectUsed ||= way.length === 2;
    for (const relay of way.slice(1, -1)) used.add(relay);
  }
  return ways;
}

export function onRouted<T>(mesh: Mesh, link: LinkName, from: Neighbour, said: Routed, effects: MeshEffect<T>[]): void {
  const way = said.way.map(peerName);
  const { at } = said;
  if (!isWay(way) || at < 1 || way[at] !== mesh.me || way[at - 1] !== from.peer) {
    violate(mesh, link, from, "not our way", effects);
    return;
  }
  if (at === way.length - 1) {
    effects.push({ type: "arrived", link, envelope: said.envelope });
    return;
  }
  if (forward(mesh, way[at + 1], { ...said, at: at + 1 }, from.peer, effects)) return;
  forward(mesh, way[at - 1], { type: "broken", at, turn: at - 1, way: said.way }, from.peer, effects);
}

/** Whoever says that a way is broken may lie: it is on that way, and the next goes round it. */
export function onBroken<T>(mesh: Mesh, link: LinkName, from: Neighbour, said: Broken, effects: MeshEffect<T>[]): void {
  const way = said.way.map(peerName);
  const { turn } = said;
  if (!isWay(way) || turn >= said.at || way[turn] !== mesh.me || way[turn + 1] !== from.peer) {
    violate(mesh, link, from, "not our way", effects);
    return;
  }
  if (turn > 0) {
    forward(mesh, way[turn - 1], { ...said, turn: turn - 1 }, from.peer, effects);
    return;
  }
  const to = way[way.length - 1];
  const ways = waysTo(mesh, to);
  const isTaken = ways.length > 0 && isSameWay(ways[(mesh.turns.get(to) ?? 0) % ways.length], way);
  if (!isTaken) {
    refuse(from, "a way that is not taken");
    return;
  }
  onUnanswered(mesh, to);
  effects.push({ type: "wayBroken", to });
}

function shortest(mesh: Mesh, to: PeerName, used: ReadonlySet<PeerName>, isDirectUsed: boolean): Way | undefined {
  const { links } = mapOf(mesh);
  const before = new Map<PeerName, PeerName>();
  const queue: PeerName[] = [mesh.me];
  for (let at = 0; at < queue.length && !before.has(to); at++) {
    for (const next of links.get(queue[at]) ?? []) {
      if (before.has(next) || used.has(next) || (isDirectUsed && at === 0 && next === to)) continue;
      before.set(next, queue[at]);
      queue.push(next);
    }
  }
  const way: PeerName[] = [to];
  while (way[0] !== mesh.me) {
    const previous = before.get(way[0]);
    if (previous === undefined) return undefined;
    way.unshift(previous);
  }
  return way.length < 2 || way.length > WAY_LENGTH_MAX ? undefined : way;
}

/** In the share of the neighbour that brought it: what a way says of its first kiosk is not signed. */
function forward<T>(
  mesh: Mesh,
  to: PeerName,
  packet: HopPacket,
  sharedBy: PeerName,
  effects: MeshEffect<T>[],
  series?: Series,
): boolean {
  const next = linkedNeighbour(mesh, to);
  if (next === undefined) return false;
  const bytes = encode(HopPacket, packet);
  const origin = `by ${sharedBy}`;
  const item: Item = { id: undefined, packet: bytes, packetClass: NORMAL, origin, series, tries: 0, since: mesh.now };
  enqueue(mesh, next, item, effects);
  return true;
}

const isWay = (way: Way): boolean => way.length >= 2 && new Set(way).size === way.length;

const isSameWay = (left: Way, right: Way): boolean =>
  left.length === right.length && left.every((name, at) => name === right[at]);

const TURNS_MAX = 64;
