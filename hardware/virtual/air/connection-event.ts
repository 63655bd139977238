/** One connection event: the client speaks, the server answers, and again while either has more and time is left. What is
 * lost is sent again, in this event or the next: on a connection loss is delay (Bluetooth Core, Vol 6 Part B 4.5). */
import { assert } from "../../../protocol/core/assert.ts";
import { draw } from "../../../protocol/core/chance.ts";
import { FRAME_SPACE_US, packetBits, packetUs, pairUs } from "./air-time.ts";
import { lossAt, MISSED_SHARE } from "./bursts.ts";
import { channelAt } from "./channel-selection.ts";
import { type Item, isEmpty, nextPayload, onAcknowledged, onDelivered } from "./outgoing.ts";
import { packetErrorRate } from "./path-loss.ts";
import { nextRival } from "./schedule.ts";
import type { AirSight, PacketOutcome, Part } from "./sights.ts";
import type { Air, End, Link, RunningEvent } from "./state.ts";

/** Errors in a row that close an event. */
const ERRORS_MAX = 2;
export interface Arrival {
  readonly to: End;
  readonly item: Item;
}

/** The event that is due begins, if both radios are free. */
export function beginEvent(air: Air, link: Link): void {
  assert(link.running === undefined && !link.dormant, "an event begins after the last has ended");
  const atUs = link.nextEventUs;
  const number = link.event;
  advance(link);
  const [client, server] = link.ends;
  if (client.gone) return;
  const busy = link.ends.some((end) => !end.gone && air.nodes[end.node]!.busyUntilUs > atUs);
  const rival = nextRival(air, link, atUs);
  const shortest = pairUs(link.phy, nextPayload(client.outgoing) ?? 0, 0, link.encrypted);
  // Two clocks that meet would meet for minutes: who has waited longer goes first.
  if (busy || (rival.atUs - atUs < shortest && rival.missed > link.missed)) {
    link.missed += 1;
    return;
  }
  link.missed = 0;
  const lengthUs = 1000 * Math.min(eventMs(air, client), eventMs(air, server));
  link.running = {
    channel: channelAt(link.hopping, number, air.channels),
    endsBeforeUs: Math.max(atUs + shortest, Math.min(atUs + lengthUs, rival.atUs, link.nextEventUs)),
    pairEndsUs: atUs,
    there: undefined,
    back: undefined,
    packets: [0, 0],
    errors: [0, 0],
    lossThere: 0,
    lossBack: 0,
  };
  assert(beginPair(air, link, link.running, atUs, true), "an event that begins has room for its first pair");
}

/** What of the pair arrived, in its order. Another pair begins, or the event is over. */
export function endPair(air: Air, link: Link, arrivals: Arrival[]): void {
  const { running } = link;
  assert(running !== undefined, "a pair ends within its event");
  const [client, server] = link.ends;
  const atUs = running.pairEndsUs;
  const there = server.gone ? "missed" : outcome(air, running.lossThere);
  const back = there === "missed" ? "missed" : outcome(air, running.lossBack);
  if (air.sights !== undefined) seePair(air.sights, link, running, there, back);
  if (there === "heard") {
    server.lastHeardUs = atUs;
    receive(client, server, running.there, arrivals);
  }
  if (back === "heard") {
    client.lastHeardUs = atUs;
    if (running.there !== undefined) onAcknowledged(client.outgoing);
    receive(server, client, running.back, arrivals);
    if (running.back !== undefined) onAcknowledged(server.outgoing);
  }
  running.errors[0] = there === "broken" ? running.errors[0] + 1 : 0;
  running.errors[1] = back === "broken" ? running.errors[1] + 1 : 0;
  const closed = back === "missed" || Math.max(...running.errors) >= ERRORS_MAX;
  if (closed || !beginPair(air, link, running, atUs, false)) link.running = undefined;
}

/** Both packets of the pair, before what they carried is taken from their queues. The server answers what it heard something
 * of. */
function seePair(
  sights: AirSight[],
  link: Link,
  running: RunningEvent,
  there: PacketOutcome,
  back: PacketOutcome,
): void {
  const [client, server] = link.ends;
  const { phy, encrypted } = link;
  const backUs = running.pairEndsUs - FRAME_SPACE_US - packetUs(phy, running.back ?? 0, encrypted);
  const thereUs = backUs - FRAME_SPACE_US - packetUs(phy, running.there ?? 0, encrypted);
  // The event was counted when it began.
  const at = { type: "packet", link: link.id, channel: running.channel, event: link.event - 1 } as const;
  const down = {
    from: "client",
    rssiDbm: server.rssiDbm,
    outcome: there,
    part: partOf(client, running.there),
  } as const;
  sights.push({ ...at, atUs: thereUs, ...down });
  if (there === "missed") return;
  const up = { from: "server", rssiDbm: client.rssiDbm, outcome: back, part: partOf(server, running.back) } as const;
  sights.push({ ...at, atUs: backUs, ...up });
}

function partOf(end: End, size: number | undefined): Part | undefined {
  const { current } = end.outgoing;
  return size === undefined || current === undefined ? undefined : { item: current.item, left: current.left, size };
}

/** Nothing waits in either direction. */
export const isIdle = (link: Link): boolean => link.ends.every((end) => isEmpty(end.outgoing));

/** False: the event has nothing left to say, or no time. Its opening is said even with nothing to say. */
function beginPair(air: Air, link: Link, running: RunningEvent, atUs: number, opening: boolean): boolean {
  const [client, server] = link.ends;
  let there = payload(air, client, running.packets[0]);
  let back = server.gone ? undefined : payload(air, server, running.packets[1]);
  const room = running.endsBeforeUs - atUs;
  if (pairUs(link.phy, there ?? 0, back ?? 0, link.encrypted) > room) {
    // Both ends have long packets and the slot is short: they take turns.
    if (there !== undefined && back !== undefined && link.event % 2 === 0) there = undefined;
    else if (there !== undefined) back = undefined;
    if (pairUs(link.phy, there ?? 0, back ?? 0, link.encrypted) > room) there = back = undefined;
  }
  if (there === undefined && back === undefined && !opening) return false;
  if (pairUs(link.phy, there ?? 0, back ?? 0, link.encrypted) > room) return false;
  running.there = there;
  running.back = back;
  if (there !== undefined) running.packets[0] += 1;
  if (back !== undefined) running.packets[1] += 1;
  running.pairEndsUs = atUs + pairUs(link.phy, there ?? 0, back ?? 0, link.encrypted);
  for (const end of link.ends) if (!end.gone) air.nodes[end.node]!.busyUntilUs = running.pairEndsUs - FRAME_SPACE_US;
  const disturbed = 1 - (1 - lossAt(link.bursts, atUs, air.chance)) * (1 - wifiShare(air, running.channel));
  running.lossThere = lossOf(server, there ?? 0, link, disturbed);
  running.lossBack = lossOf(client, back ?? 0, link, disturbed);
  collide(air, link, running, atUs);
  return true;
}

function payload(air: Air, end: End, sent: number): number | undefined {
  const most = air.nodes[end.node]!.facts.packetsPerEvent;
  return most !== undefined && sent >= most ? undefined : nextPayload(end.outgoing);
}

function lossOf(hearer: End, payloadSize: number, link: Link, disturbed: number): number {
  if (hearer.bitErrors === 0) return disturbed;
  return 1 - (1 - disturbed) * (1 - packetErrorRate(hearer.bitErrors, packetBits(payloadSize, link.encrypted)));
}

/** Two links on one channel at one time destroy each other's packets. */
function collide(air: Air, link: Link, running: RunningEvent, atUs: number): void {
  for (const other of air.links) {
    const theirs = other.running;
    if (other === link || theirs === undefined || theirs.channel !== running.channel || theirs.pairEndsUs <= atUs)
      continue;
    running.lossThere = running.lossBack = theirs.lossThere = theirs.lossBack = 1;
  }
}

function wifiShare(air: Air, channel: number): number {
  let free = 1;
  for (const wifi of air.wifi) if (channel >= wifi.firstChannel && channel <= wifi.lastChannel) free *= 1 - wifi.duty;
  return 1 - free;
}

function outcome(air: Air, loss: number): "heard" | "broken" | "missed" {
  if (loss === 0) return "heard";
  const drawn = draw(air.chance);
  if (drawn >= loss) return "heard";
  return drawn < loss * MISSED_SHARE ? "missed" : "broken";
}

function receive(from: End, to: End, payloadSize: number | undefined, arrivals: Arrival[]): void {
  if (payloadSize === undefined) return;
  const item = onDelivered(from.outgoing);
  if (item !== undefined) arrivals.push({ to, item });
}

function advance(link: Link): void {
  const { update } = link;
  if (update !== undefined && link.event >= update.event) {
    link.intervalUs = update.intervalUs;
    link.supervisionUs = update.supervisionUs;
    link.update = undefined;
  }
  link.event += 1;
  link.nextEventUs += link.intervalUs;
}

const eventMs = (air: Air, end: End): number => air.nodes[end.node]!.facts.eventMs ?? Number.POSITIVE_INFINITY;
