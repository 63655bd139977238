/** Connections: each has a generation of its own. A server's is dropped unless the host keeps it in time, for whoever
 * comes may connect; a client's exists because the host ordered it. What ends a link ends it here at once: its sends are
 * settled and the host hears of it before the stack has let go. */
import { MTU_MIN } from "../../protocol/core/limits.ts";
import { type LinkGeneration, millis } from "../../protocol/core/units.ts";
import { quality } from "../../protocol/power/quality.ts";
import { nextGeneration } from "../../protocol/radio/generation.ts";
import type { Report } from "../../protocol/radio/report.ts";
import { isBarred } from "./barred.ts";
import type { Counters } from "./counters.ts";
import type { ModemEvent } from "./events.ts";
import { type PeerKey, peerKey } from "./facts.ts";
import { DISCONNECT_WITHIN_MS, KEEP_WITHIN_MS, QUALITY_EVERY_MS, VALUES_BURST } from "./limits.ts";
import { requestParameters } from "./parameters.ts";
import { isBarredHere, putBack, takePeer } from "./peers.ts";
import { tell } from "./reports.ts";
import {
  CLOSING_LENGTH_MAX,
  hasLinkFor,
  linkOf,
  linkOfHandle,
  linkOfPeer,
  type Modem,
  type RadioLink,
} from "./state.ts";
import { feedOutbox, type Work } from "./work.ts";

export type DownReason = (Report & { type: "linkDown" })["reason"];

export function onConnected(state: Modem, event: ModemEvent & { type: "connected" }, work: Work): void {
  const { handle, role, peer } = event;
  forgetClosing(state, handle);
  const before = linkOfHandle(state, handle);
  if (before !== undefined) endLink(state, before, "failed", work);
  // The stack ended its scan or its advertising for this.
  state.advertisedMs = undefined;
  state.scannedMs = undefined;
  const key = peerKey(peer);
  const why = refusal(state, role, key);
  if (role === "client" && state.connecting?.key === key) state.connecting = undefined;
  if (why !== undefined) {
    state.counters[why] += 1;
    hangUp(state, handle, work);
    return;
  }
  const link: RadioLink = {
    generation: nextGeneration(state.generations),
    handle,
    role,
    address: { kind: peer.kind, address: peer.address.slice() },
    peer: takePeer(state.peers, key, state.now),
    keepBy: role === "server" ? millis(state.now + KEEP_WITHIN_MS) : undefined,
    mtu: MTU_MIN,
    quality: quality(),
    moved: 0,
    allowance: VALUES_BURST,
    allowedAt: state.now,
  };
  state.links.push(link);
  state.counters.linksUp += 1;
  state.qualityAt ??= millis(state.now + QUALITY_EVERY_MS);
  const { stackQueue, intervalMaxMs } = state.facts;
  const { generation, mtu } = link;
  feedOutbox({ type: "up", at: state.now, generation, mtu, stackQueue, intervalMs: intervalMaxMs }, work);
  tell(state, { type: "linkUp", link: generation, role, peer: link.address });
  requestParameters(state, link, work);
}

export function onDisconnected(state: Modem, event: ModemEvent & { type: "disconnected" }, work: Work): void {
  if (forgetClosing(state, event.handle)) return;
  const link = linkOfHandle(state, event.handle);
  if (link === undefined) state.counters.airStale += 1;
  else endLink(state, link, event.reason, work);
}

export function onConnectFailed(state: Modem): void {
  if (state.connecting === undefined) {
    state.counters.airStale += 1;
    return;
  }
  const { to, overBy } = state.connecting;
  state.connecting = undefined;
  tell(state, { type: "notConnected", to, why: overBy === undefined ? "failed" : "cancelled" });
}

export function keep(state: Modem, generation: LinkGeneration): void {
  const link = linkOf(state, generation);
  if (link === undefined) state.counters.commandsStale += 1;
  else link.keepBy = undefined;
}

export function dropLink(state: Modem, link: RadioLink, reason: DownReason, work: Work): void {
  endLink(state, link, reason, work);
  hangUp(state, link.handle, work);
}

export function onKeepDue(state: Modem, work: Work): void {
  for (let i = state.links.length - 1; i >= 0; i--) {
    const link = state.links[i];
    if (link.keepBy === undefined || state.now < link.keepBy) continue;
    state.counters.linksNotKept += 1;
    dropLink(state, link, "notKept", work);
  }
}

function refusal(state: Modem, role: "server" | "client", key: PeerKey): keyof Counters | undefined {
  if (isShut(state, key)) return "connectionsBarred";
  if (!state.hosted || !state.ready || !hasLinkFor(state, role)) return "linksRefused";
  if (state.role !== "dual" && state.role !== role) return "linksRefused";
  // One of them may be dead already: its supervision tells within seconds which, and nobody can push a link out.
  if (linkOfPeer(state, key) !== undefined) return "linksRefused";
  if (role === "server") return undefined;
  const { connecting } = state;
  return connecting?.key === key && connecting.overBy === undefined ? undefined : "linksRefused";
}

/** Barred, by the host or by this radio. */
export const isShut = (state: Modem, key: PeerKey): boolean =>
  isBarred(state.barred, key, state.now) || isBarredHere(state.peers, key, state.now);

function endLink(state: Modem, link: RadioLink, reason: DownReason, work: Work): void {
  state.links.splice(state.links.indexOf(link), 1);
  if (state.links.length === 0) state.qualityAt = undefined;
  putBack(state.peers, link.peer, state.now);
  feedOutbox({ type: "down", at: state.now, generation: link.generation }, work);
  tell(state, { type: "linkDown", link: link.generation, reason });
}

function hangUp(state: Modem, handle: number, work: Work): void {
  forgetClosing(state, handle);
  if (state.closing.length === CLOSING_LENGTH_MAX) state.closing.shift();
  state.closing.push({ handle, by: millis(state.now + DISCONNECT_WITHIN_MS), tries: 1 });
  work.effects.push({ type: "disconnect", handle });
}

function forgetClosing(state: Modem, handle: number): boolean {
  for (let i = 0; i < state.closing.length; i++) {
    if (state.closing[i].handle !== handle) continue;
    state.closing.splice(i, 1);
    return true;
  }
  return false;
}
