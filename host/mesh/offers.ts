/**
 * What two neighbours have of the last minutes, told in names: one offers what the other may lack, the other says what of it
 * it wants, and has the rest. So what was lost with a link, or said while somebody slept, is made good, and what goes by two
 * ways goes by one of them in sixteen bytes.
 */
import { encode } from "../../protocol/bytes/codec.ts";
import { NORMAL } from "../../protocol/core/packet-class.ts";
import { take } from "./bucket.ts";
import type { MeshEffect } from "./events.ts";
import { HopPacket } from "./hop-packet.ts";
import type { Item } from "./item.ts";
import {
  LAZY_MS,
  OFFER_EVERY_MS,
  OFFER_LENGTH_MAX,
  OFFER_PATIENCE_MS,
  OFFER_SELDOM_MS,
  OFFERS_BURST_MAX,
  OFFERS_PER_SECOND,
  OFFERS_UNANSWERED_MAX,
} from "./limits.ts";
import { enqueue, offerSoon, pass, surelyHas } from "./pump.ts";
import { idBytes, type MessageId, messageId, wasSeen } from "./seen.ts";
import { type Mesh, type Neighbour, refuse } from "./state.ts";

type Have = HopPacket & { type: "have" };
type Want = HopPacket & { type: "want" };

export function onOfferDue<T>(mesh: Mesh, to: Neighbour, effects: MeshEffect<T>[]): void {
  if (to.offered.length > 0) {
    to.offered = [];
    to.unansweredCount += 1;
    refuse(to, "silent to offers");
  }
  const ids: MessageId[] = [];
  to.offerAt = Number.POSITIVE_INFINITY;
  for (const id of to.lacks) {
    const held = mesh.held.get(id);
    if (held === undefined || held.isSpent || held.has.includes(to.peer) || held.going.includes(to.peer)) {
      to.lacks.delete(id);
      continue;
    }
    const ripeAt = held.heardAt + LAZY_MS[held.packetClass];
    if (ripeAt > mesh.now) offerSoon(to, ripeAt);
    else if (ids.push(id) === OFFER_LENGTH_MAX) break;
  }
  if (ids.length === 0) return;
  to.offered = ids;
  to.offerAt = mesh.now + (to.unansweredCount < OFFERS_UNANSWERED_MAX ? OFFER_PATIENCE_MS : OFFER_SELDOM_MS);
  to.offerNumber = (to.offerNumber + 1) & 0xff;
  say(mesh, to, { type: "have", number: to.offerNumber, ids: ids.map(idBytes) }, effects);
}

export function onHave<T>(mesh: Mesh, from: Neighbour, { number, ids }: Have, effects: MeshEffect<T>[]): void {
  if (!take(from.offers, mesh.now, OFFERS_PER_SECOND, OFFERS_BURST_MAX)) {
    refuse(from, "offers too often");
    return;
  }
  const wanted: Uint8Array[] = [];
  for (const bytes of ids) {
    const id = messageId(bytes);
    surelyHas(mesh, from.peer, id);
    if (!wasSeen(mesh.seen, id)) wanted.push(bytes);
  }
  say(mesh, from, { type: "want", number, ids: wanted }, effects);
}

/** Only what was offered: whoever asks for all that there is gets nothing for it. */
export function onWant<T>(mesh: Mesh, from: Neighbour, { number, ids }: Want, effects: MeshEffect<T>[]): void {
  if (from.offered.length === 0 || number !== from.offerNumber) {
    refuse(from, "wants what nobody offered");
    return;
  }
  const { offered } = from;
  from.offered = [];
  from.unansweredCount = 0;
  const wanted = ids.map(messageId);
  for (const id of offered) if (!wanted.includes(id)) surelyHas(mesh, from.peer, id);
  for (const id of wanted) if (offered.includes(id)) pass(mesh, from, id, effects);
  from.offerAt = mesh.now + OFFER_EVERY_MS;
}

function say<T>(mesh: Mesh, to: Neighbour, packet: HopPacket, effects: MeshEffect<T>[]): void {
  const bytes = encode(HopPacket, packet);
  const item: Item = { id: undefined, packet: bytes, packetClass: NORMAL, origin: mesh.me, tries: 0, since: mesh.now };
  enqueue(mesh, to, item, effects);
}
