/** What becomes of a packet on its link: lost, cut, late, twice, spoilt. */
import { draw } from "../../protocol/core/chance.ts";
import { corrupted } from "./corrupt.ts";
import { schedule } from "./heap.ts";
import type { Packet } from "./packet.ts";
import { count, type Sim } from "./sim.ts";

export function transmit(sim: Sim, to: number, packet: Packet): void {
  const { network } = sim;
  const { air, chance } = network;
  const link = packet.from * network.kiosks + to;
  if (network.blocked[link] > 0) return;
  if (network.lostView >= 0 && packet.said?.type === "ballot" && packet.said.ballot.view <= network.lostView) return;
  if (air.loss > 0 && draw(chance) < air.loss) {
    count(sim, "loss");
    return;
  }
  if (air.truncation > 0 && draw(chance) < air.truncation) {
    count(sim, "truncation");
    return;
  }
  arrive(sim, to, link, packet);
  if (air.duplication > 0 && draw(chance) < air.duplication) {
    count(sim, "duplication");
    arrive(sim, to, link, packet);
  }
}

function arrive(sim: Sim, to: number, link: number, packet: Packet): void {
  const { network } = sim;
  const { air, chance, lastAt } = network;
  let body = packet;
  if (air.corruption > 0 && draw(chance) < air.corruption) {
    count(sim, "corruption");
    // What an envelope signs is refused where it opens; what is signed by itself comes as it is.
    const said = packet.said === undefined ? undefined : corrupted(packet.said, chance);
    if (said === undefined) return;
    body = { ...packet, said, honest: false };
  }
  const travelMs = network.travelMs?.(packet.from, to, sim.now) ?? air.delayMs + air.jitterMs * draw(chance);
  let at = sim.now + travelMs;
  if (network.sleepyUntil[to] > sim.now) at += 5 * air.delayMs * draw(chance);
  if (network.cloggedUntil[link] > at) at = network.cloggedUntil[link];
  if (at < lastAt[link]) {
    if (air.reordering) count(sim, "reordering");
    else at = lastAt[link];
  }
  if (at > lastAt[link]) lastAt[link] = at;
  sim.order += 1;
  schedule(sim.heap, { at, order: sim.order, kind: "arrives", kiosk: to, boot: 0, packet: body, what: undefined });
}
