/**
 * To everyone, once. What is new is opened, and what holds goes on to each neighbour that has it not: after a short wait of
 * chance, in which it may come from there itself. Where the map says that others are to send it there, it is only offered,
 * later: so a whole mesh does not carry it over every link, and who keeps it to himself withholds nothing.
 *
 * How far a message came is not signed. A relay that says less than the truth would end it early: where the map of links
 * knows how far its signer is, the map is believed.
 */
import { draw } from "../../protocol/core/chance.ts";
import { HOPS_MAX } from "../../protocol/core/limits.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import { millis } from "../../protocol/core/units.ts";
import { step as admit } from "./admission.ts";
import { take } from "./bucket.ts";
import type { Judged, LinkName, MeshEffect, MeshPorts, Series } from "./events.ts";
import { hold, keptMs } from "./held.ts";
import {
  ECHO_AFTER_MS,
  HOPS_JOINING_MAX,
  HOPS_NEARBY_MAX,
  JITTER_MS,
  JITTER_NEIGHBOURS_MAX,
  LAZY_MS,
  REPEATS_BURST_MAX,
  REPEATS_PER_SECOND,
  STRANGERS_PACKETS_BURST_MAX,
  STRANGERS_PACKETS_PER_SECOND,
  UNCERTAIN_BURST_MAX,
  UNCERTAIN_PER_SECOND,
} from "./limits.ts";
import { distanceTo, sendsTo } from "./link-map.ts";
import type { PeerName } from "./peer-name.ts";
import { onHeardOf, onHeartbeat } from "./presence.ts";
import { lacks, pass, surelyHas } from "./pump.ts";
import { type MessageId, markSeen, messageId, wasSeen } from "./seen.ts";
import { type Held, type Mesh, type Neighbour, refuse } from "./state.ts";

export function onEnvelope<T>(
  mesh: Mesh,
  link: LinkName,
  from: Neighbour,
  packet: Uint8Array,
  ports: MeshPorts<T>,
  effects: MeshEffect<T>[],
): void {
  if (packet.length <= REACH_AT) {
    violate(mesh, link, from, "cut short", effects);
    return;
  }
  const bytesId = messageId(ports.hash(withHops(packet, 0)));
  if (wasSeen(mesh.seen, bytesId)) {
    onRepeated(mesh, from, mesh.byBytes.get(bytesId));
    return;
  }

  const judged = ports.judge(packet);
  if (!judged.ok) {
    if (judged.verdict === "reject") violate(mesh, link, from, judged.why, effects);
    else refuse(from, judged.why);
    return;
  }
  const id = messageId(judged.digest);
  if (wasSeen(mesh.seen, id)) {
    markSeen(mesh.seen, bytesId, mesh.now);
    onRepeated(mesh, from, id);
    return;
  }
  const why = tooMuch(mesh, from, judged);
  if (why !== undefined) {
    refuse(from, why);
    return;
  }

  markSeen(mesh.seen, bytesId, mesh.now);
  markSeen(mesh.seen, id, mesh.now);
  if (judged.origin !== undefined) onHeardOf(mesh, judged.origin, effects);
  if (judged.heartbeat !== undefined) onHeartbeat(mesh, judged, judged.heartbeat);
  const { origin, packetClass, series } = judged;
  const nearby = judged.isJoining === true ? HOPS_JOINING_MAX : HOPS_NEARBY_MAX;
  const reach = judged.isMember ? HOPS_MAX : nearby;
  const hops = goesOn(mesh, from, judged) ? hopsOn(mesh, packet, origin, reach) : -1;
  const has = origin === undefined || origin === from.peer ? [from.peer] : [from.peer, origin];
  hold(mesh, id, {
    ...{ packet: withHops(packet, Math.max(0, hops)), origin, packetClass, series, isSpent: hops < 0 },
    ...{
      heardAt: mesh.now,
      keptUntil: millis(mesh.now + keptMs(packetClass, series)),
      bytesIds: [bytesId],
      brought: [from.peer],
      has,
      going: [],
    },
  });
  if (hops >= 0) passOn(mesh, id, from.peer, packetClass);
  effects.push({ type: "deliver", link, what: judged.what });
}

/** An own message goes at once and to everyone. */
export function onSay<T>(
  mesh: Mesh,
  packet: Uint8Array,
  digest: Uint8Array,
  packetClass: PacketClass,
  series: Series | undefined,
  ports: MeshPorts<T>,
  effects: MeshEffect<T>[],
): void {
  const id = messageId(digest);
  const bytesId = messageId(ports.hash(withHops(packet, 0)));
  markSeen(mesh.seen, bytesId, mesh.now);
  markSeen(mesh.seen, id, mesh.now);
  const held: Held = {
    ...{ packet, origin: mesh.me, packetClass, series, isSpent: false, heardAt: mesh.now },
    ...{ brought: [], has: [], going: [] },
    ...{ keptUntil: millis(mesh.now + keptMs(packetClass, series)), bytesIds: [bytesId] },
  };
  hold(mesh, id, held);
  for (const neighbour of mesh.neighbours.values()) {
    if (neighbour.links.length > 0) pass(mesh, neighbour, id, effects);
  }
}

/** The link pays, and what is left of it after a third time is for the driver to close. */
export function violate<T>(mesh: Mesh, link: LinkName, from: Neighbour, why: string, effects: MeshEffect<T>[]): void {
  refuse(from, why);
  const verdict = admit(mesh.admission, { type: "violation", at: mesh.now, link: String(link) });
  if (verdict.admitted || verdict.why !== "banned") return;
  for (const each of from.links) effects.push({ type: "close", link: each, why: "banned" });
}

function onRepeated(mesh: Mesh, from: Neighbour, id: MessageId | undefined): void {
  const held = id === undefined ? undefined : mesh.held.get(id);
  if (id === undefined || held === undefined) {
    refuse(from, "long known");
    return;
  }
  if (held.brought.includes(from.peer)) {
    refuse(from, "said twice");
    return;
  }
  held.brought.push(from.peer);
  // Two that say the same to each other at once meet on the way; who says it long after does not.
  if (held.has.includes(from.peer) && mesh.now >= held.heardAt + ECHO_AFTER_MS) refuse(from, "echoed");
  surelyHas(mesh, from.peer, id);
}

function tooMuch<T>(mesh: Mesh, from: Neighbour, judged: Judged<T>): string | undefined {
  if (judged.origin === mesh.me) return "our own words";
  if (judged.isRepeat && !take(from.repeats, mesh.now, REPEATS_PER_SECOND, REPEATS_BURST_MAX))
    return "repeats too often";
  if (judged.isMember) return undefined;
  const hasRoom = take(mesh.strangersShare, mesh.now, STRANGERS_PACKETS_PER_SECOND, STRANGERS_PACKETS_BURST_MAX);
  return hasRoom ? undefined : "strangers say too much";
}

function goesOn<T>(mesh: Mesh, from: Neighbour, { isCertain }: Judged<T>): boolean {
  if (isCertain || take(from.uncertain, mesh.now, UNCERTAIN_PER_SECOND, UNCERTAIN_BURST_MAX)) return true;
  refuse(from, "more than may go on unverified");
  return false;
}

function passOn(mesh: Mesh, id: MessageId, from: PeerName, packetClass: PacketClass): void {
  const held = mesh.held.get(id) as Held;
  const eager: Neighbour[] = [];
  for (const neighbour of mesh.neighbours.values()) {
    if (neighbour.links.length === 0 || neighbour.peer === from) continue;
    if (held.has.includes(neighbour.peer)) continue;
    if (sendsTo(mesh, held.origin ?? from, neighbour.peer)) eager.push(neighbour);
    else lacks(neighbour, id, mesh.now + LAZY_MS[packetClass]);
  }
  const others = Math.min(eager.length - 1, JITTER_NEIGHBOURS_MAX);
  for (const { peer } of eager) {
    const at = millis(mesh.now + draw(mesh.chance) * others * JITTER_MS[packetClass]);
    const { series } = held;
    const item = { id, packet: undefined, packetClass, origin: held.origin ?? "", series, tries: 0, since: mesh.now };
    mesh.dues.push({ at, peer, item });
  }
}

/** What a copy from here may still do; below nothing where no relay may follow. */
function hopsOn(mesh: Mesh, packet: Uint8Array, origin: PeerName | undefined, reach: number): number {
  const told = (packet[REACH_AT] & HOPS_MASK) - 1;
  const distance = origin === undefined ? undefined : distanceTo(mesh, origin);
  return Math.min(reach - 1, Math.max(told, distance === undefined ? told : reach - distance));
}

/** All forms of an envelope have their hops there, and nothing that is signed. */
function withHops(packet: Uint8Array, hops: number): Uint8Array {
  const copy = packet.slice();
  copy[REACH_AT] = (copy[REACH_AT] & ~HOPS_MASK) | hops;
  return copy;
}

const REACH_AT = 1;
const HOPS_MASK = 0x0f;
