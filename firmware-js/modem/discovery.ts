/** Who advertises nearby. The host is told of each neighbour once a second at most, and of so many in all: a flood of
 * adverts ends here. Nobody is blamed for an advert, because anyone can send one under any address. */
import { decode } from "../../protocol/bytes/codec.ts";
import { Advert } from "../../protocol/radio/fields.ts";
import type { ModemEvent } from "./events.ts";
import { peerKey } from "./facts.ts";
import { DISCOVERED_PER_SECOND } from "./limits.ts";
import { isShut } from "./links.ts";
import { mayTell, peerOf } from "./peers.ts";
import { tell } from "./reports.ts";
import type { Modem } from "./state.ts";

export function onAdvert(state: Modem, event: ModemEvent & { type: "advert" }): void {
  if (!state.hosted) return;
  const key = peerKey(event.peer);
  if (isShut(state, key)) {
    state.counters.advertsBarred += 1;
    return;
  }
  const decoded = decode(Advert, event.serviceData);
  if (!decoded.ok) {
    state.counters.advertsMalformed += 1;
    return;
  }
  if (state.now - state.toldSince >= 1000) {
    state.toldSince = state.now;
    state.told = 0;
  }
  const peer = state.told < DISCOVERED_PER_SECOND ? peerOf(state.peers, key, state.now) : undefined;
  if (peer === undefined || !mayTell(peer, state.now)) {
    state.counters.advertsSuppressed += 1;
    return;
  }
  state.told += 1;
  peer.toldAt = state.now;
  const rssi = Math.max(-127, Math.min(126, Math.round(event.rssi)));
  tell(state, { type: "discovered", peer: event.peer, rssi, advert: decoded.value });
}
