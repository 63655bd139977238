/** Who the neighbours are and what goes to whom: links come up and go down, packets come in, and what is new goes on to
 * everyone else, once. Pure: envelopes are opened by a port, heartbeats sealed by whoever holds the key. */
import { decode } from "../../protocol/bytes/codec.ts";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { step as admit } from "./admission.ts";
import type { LinkName, MeshEffect, MeshEvent, MeshPorts } from "./events.ts";
import { onEnvelope, onSay, violate } from "./flood.ts";
import { HopPacket, isHopPacket } from "./hop-packet.ts";
import { BAN_MS } from "./limits.ts";
import { onHave, onOfferDue, onWant } from "./offers.ts";
import type { PeerName } from "./peer-name.ts";
import { onBeat, onMembers, onSilence } from "./presence.ts";
import { abandon, offerSoon, onDues, onSettled, pump, pumpAt } from "./pump.ts";
import { type Mesh, type Neighbour, neighbour, refuse } from "./state.ts";
import { onBroken, onRouted, onSendTo, onUnanswered } from "./ways.ts";

export function step<T>(mesh: Mesh, event: MeshEvent, ports: MeshPorts<T>, effects: MeshEffect<T>[]): void {
  assert(event.at >= mesh.now, "time runs forward");
  mesh.now = event.at;
  switch (event.type) {
    case "linkUp":
      onLinkUp(mesh, event.link, event.peer, event.isStranger, effects);
      break;
    case "linkDown":
      onLinkDown(mesh, event.link);
      break;
    case "received":
      onReceived(mesh, event.link, event.packet, ports, effects);
      break;
    case "settled":
      onSettled(mesh, event.token, event.outcome, effects);
      break;
    case "say":
      onSay(mesh, event.packet, event.digest, event.packetClass, event.series, ports, effects);
      break;
    case "sendTo":
      onSendTo(mesh, event.to, event.packet, event.series, effects);
      break;
    case "unanswered":
      onUnanswered(mesh, event.to);
      break;
    case "members":
      onMembers(mesh, event.peers);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  onTime(mesh, effects);
}

/** When the mesh wants a tick. */
export function nextDeadline(mesh: Mesh): Millis {
  let at = Math.min(mesh.beatAt, mesh.silenceAt);
  for (const due of mesh.dues) at = Math.min(at, due.at);
  for (const each of mesh.neighbours.values()) {
    if (each.links.length > 0) at = Math.min(at, each.offerAt, pumpAt(each));
  }
  return millis(at);
}

function onTime<T>(mesh: Mesh, effects: MeshEffect<T>[]): void {
  onDues(mesh, effects);
  if (mesh.now >= mesh.beatAt) {
    onBeat(mesh, effects);
    forgetNeighbours(mesh);
  }
  for (const each of mesh.neighbours.values()) {
    if (each.links.length === 0) continue;
    if (mesh.now >= each.offerAt) onOfferDue(mesh, each, effects);
    if (mesh.now >= pumpAt(each)) pump(mesh, each, effects);
  }
  onSilence(mesh, effects);
}

function onLinkUp<T>(mesh: Mesh, link: LinkName, peer: PeerName, isStranger: boolean, effects: MeshEffect<T>[]): void {
  assert(!mesh.links.has(link), "a link's name is used once");
  const connecting = { type: "connecting", at: mesh.now, link: String(link), peer } as const;
  const verdict = admit(mesh.admission, { ...connecting, isStranger, isProved: !isStranger });
  if (!verdict.admitted) {
    effects.push({ type: "close", link, why: verdict.why });
    return;
  }
  const of = mesh.neighbours.get(peer) ?? neighbour(peer, mesh.now);
  mesh.neighbours.set(peer, of);
  mesh.links.set(link, peer);
  of.links.push(link);
  mesh.map = undefined;
  for (const id of mesh.held.keys()) of.lacks.add(id);
  offerSoon(of, mesh.now);
}

function onLinkDown(mesh: Mesh, link: LinkName): void {
  const peer = mesh.links.get(link);
  const of = peer === undefined ? undefined : mesh.neighbours.get(peer);
  if (of === undefined) return;
  admit(mesh.admission, { type: "closed", at: mesh.now, link: String(link) });
  mesh.links.delete(link);
  of.links.splice(of.links.indexOf(link), 1);
  of.unlinkedAt = mesh.now;
  of.offered = [];
  of.unansweredCount = 0;
  abandon(mesh, of, link);
  mesh.map = undefined;
}

function onReceived<T>(
  mesh: Mesh,
  link: LinkName,
  packet: Uint8Array,
  ports: MeshPorts<T>,
  effects: MeshEffect<T>[],
): void {
  const peer = mesh.links.get(link);
  const from = peer === undefined ? undefined : mesh.neighbours.get(peer);
  if (from === undefined) return;
  const verdict = admit(mesh.admission, { type: "received", at: mesh.now, link: String(link), size: packet.length });
  if (!verdict.admitted) {
    refuse(from, verdict.why);
    if (verdict.why === "banned") effects.push({ type: "close", link, why: "banned" });
    return;
  }
  if (isHopPacket(packet)) onHopPacket(mesh, link, from, packet, effects);
  else onEnvelope(mesh, link, from, packet, ports, effects);
}

function onHopPacket<T>(
  mesh: Mesh,
  link: LinkName,
  from: Neighbour,
  packet: Uint8Array,
  effects: MeshEffect<T>[],
): void {
  const decoded = decode(HopPacket, packet);
  if (!decoded.ok) {
    violate(mesh, link, from, "layout broken", effects);
    return;
  }
  const said = decoded.value;
  switch (said.type) {
    case "have":
      onHave(mesh, from, said, effects);
      break;
    case "want":
      onWant(mesh, from, said, effects);
      break;
    case "routed":
      onRouted(mesh, link, from, said, effects);
      break;
    case "broken":
      onBroken(mesh, link, from, said, effects);
      break;
    default:
      unreachable(said);
  }
}

/** What a neighbour did wrong is kept for as long as a ban lasts. */
function forgetNeighbours(mesh: Mesh): void {
  for (const [peer, { links, unlinkedAt }] of mesh.neighbours) {
    if (links.length === 0 && mesh.now >= unlinkedAt + BAN_MS) mesh.neighbours.delete(peer);
  }
}
