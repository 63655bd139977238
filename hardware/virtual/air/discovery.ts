/** Adverts, who hears them, and the formulas for how long that takes (Bluetooth Core, Vol 6 Part B 4.4). An advert goes out
 * on three channels in a row; a scanner listens to one of them at a time. */
import { draw } from "../../../protocol/core/chance.ts";
import { ADVERT_US } from "./air-time.ts";
import { bitErrorRate, packetErrorRate } from "./path-loss.ts";
import { type Air, type AirNode, strength } from "./state.ts";

/** Added to each interval, so that two advertisers do not stay in step. */
const ADVERT_DELAY_MAX_US = 10_000;
/** From one advertising channel to the next. */
const CHANNEL_STEP_US = 450;
const CHANNELS = 3;
const ADVERT_BITS = 368;

/** Chance that an advert collides, among so many advertisers. */
export const collisionShare = (advertisers: number, intervalMs: number): number =>
  1 - (1 - (2 * ADVERT_US) / 1000 / meanPeriodMs(intervalMs)) ** (advertisers - 1);

/** The formula: from the beginning of a scan to the first advert heard, in the mean. */
export function discoveryMs(intervalMs: number, scanDuty: number, advertisers: number): number {
  const success = scanDuty * (1 - collisionShare(advertisers, intervalMs));
  return meanPeriodMs(intervalMs) * (1 / success - 1 / 2);
}

const meanPeriodMs = (intervalMs: number): number => intervalMs + ADVERT_DELAY_MAX_US / 2000;

export const nextAdvertUs = (air: Air, intervalUs: number): number =>
  air.nowUs + intervalUs + Math.floor(draw(air.chance) * ADVERT_DELAY_MAX_US);

/** Does `listener` get the advert that `advertiser` begins now? One that waits to connect listens all the time. */
export function hears(air: Air, listener: number, advertiser: number): boolean {
  const node = air.nodes[listener]!;
  if (!listens(node, air.nowUs)) return false;
  const sensitivity = sensitivityDbm(node);
  const errors = packetErrorRate(bitErrorRate(strength(air, advertiser, listener), sensitivity), ADVERT_BITS);
  return (errors === 0 || draw(air.chance) >= errors) && !collides(air, listener, advertiser);
}

function listens(node: AirNode, fromUs: number): boolean {
  for (let channel = 0; channel < CHANNELS; channel++) {
    const atUs = fromUs + channel * CHANNEL_STEP_US;
    if (atUs >= node.busyUntilUs && channelHeard(node, atUs) === channel) return true;
  }
  return false;
}

/** Undefined outside a window. */
function channelHeard(node: AirNode, atUs: number): number | undefined {
  if (node.pending !== undefined) return Math.floor(atUs / 10_000) % CHANNELS;
  const { scan } = node;
  if (scan === undefined) return undefined;
  const since = atUs - scan.sinceUs;
  return since % scan.intervalUs < scan.windowUs ? Math.floor(since / scan.intervalUs) % CHANNELS : undefined;
}

/** All go through their channels at the same pace, so that two that begin together collide on each of the three. Another
 * advert begins too early or too late by less than one's length; the next of each is known. */
function collides(air: Air, listener: number, advertiser: number): boolean {
  return air.nodes.some(
    ({ adverts }, other) =>
      adverts !== undefined &&
      other !== advertiser &&
      other !== listener &&
      (air.nowUs - adverts.lastUs < ADVERT_US || adverts.nextUs - air.nowUs < ADVERT_US) &&
      strength(air, other, listener) > sensitivityDbm(air.nodes[listener]!),
  );
}

/** Adverts are on 1M, which every radio has. */
const sensitivityDbm = (node: AirNode): number => node.facts.sensitivityDbm["1M"]!;
