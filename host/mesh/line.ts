/**
 * What waits for one neighbour: the most urgent class first, and within a class the signers in turn. Whoever says more than
 * its share comes after everyone else, so that a flood of signed messages, which nobody may refuse, takes only what is left.
 */
import { CLASS_COUNT } from "../../protocol/core/limits.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { type Bucket, bucket, take } from "./bucket.ts";
import type { Item } from "./item.ts";
import {
  LINE_LENGTH_MAX,
  LINE_STARVED_AFTER_MS,
  LINE_STARVED_SHARE,
  ORIGIN_PACKETS_BURST_MAX,
  ORIGIN_PACKETS_PER_SECOND,
} from "./limits.ts";

export interface Line {
  /** As they came. */
  readonly items: Item[];
  /** Of the signers of what was sent; kept while it matters. */
  readonly shares: Map<string, Share>;
  sentCount: number;
}

interface Share {
  readonly bucket: Bucket;
  /** By the count of what was sent. */
  servedAt: number;
}

export const line = (): Line => ({ items: [], shares: new Map(), sentCount: 0 });

/** What another of its series makes needless, that one itself where it comes too late; undefined where it is put as it is. */
export function superseded(of: Line, item: Item): Item | undefined {
  const { series, origin } = item;
  if (series === undefined || origin === "") return undefined;
  const at = of.items.findIndex((each) => each.origin === origin && each.series?.name === series.name);
  if (at < 0) return undefined;
  const waiting = of.items[at];
  if ((waiting.series?.place ?? 0) >= series.place) return item;
  // In its place, which it has waited for.
  of.items[at] = { ...item, since: waiting.since };
  return waiting;
}

/** What had to give way, if anything: the oldest of whoever has most in that class. */
export function put(of: Line, item: Item): Item | undefined {
  of.items.push(item);
  const ofClass = of.items.filter(({ packetClass }) => packetClass === item.packetClass);
  if (ofClass.length <= LINE_LENGTH_MAX) return undefined;
  const counts = new Map<string, number>();
  let most = "";
  for (const { origin } of ofClass) {
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
    if ((counts.get(origin) ?? 0) > (counts.get(most) ?? 0)) most = origin;
  }
  const out = ofClass.find(({ origin }) => origin === most) as Item;
  of.items.splice(of.items.indexOf(out), 1);
  return out;
}

export function takeNext(of: Line, now: Millis): Item | undefined {
  if (of.items.length === 0) return undefined;
  const at = starved(of, now) ?? first(of, now);
  const item = of.items[at];
  of.items.splice(at, 1);
  charge(of, item.origin, now);
  of.sentCount += 1;
  return item;
}

/** One in so many is who waited longest. */
function starved(of: Line, now: Millis): number | undefined {
  if (of.sentCount % LINE_STARVED_SHARE !== LINE_STARVED_SHARE - 1) return undefined;
  let oldest = 0;
  for (let at = 1; at < of.items.length; at++) if (of.items[at].since < of.items[oldest].since) oldest = at;
  return of.items[oldest].since + LINE_STARVED_AFTER_MS <= now ? oldest : undefined;
}

function first(of: Line, now: Millis): number {
  let best = 0;
  let bestRank = Number.POSITIVE_INFINITY;
  let bestServedAt = Number.POSITIVE_INFINITY;
  for (let at = 0; at < of.items.length; at++) {
    const { origin, packetClass } = of.items[at];
    const share = of.shares.get(origin);
    const rank = packetClass + (share !== undefined && isSpent(share, now) ? CLASS_COUNT : 0);
    const servedAt = share?.servedAt ?? -1;
    if (rank > bestRank || (rank === bestRank && servedAt >= bestServedAt)) continue;
    best = at;
    bestRank = rank;
    bestServedAt = servedAt;
  }
  return best;
}

function charge(of: Line, origin: string, now: Millis): void {
  let share = of.shares.get(origin);
  if (share === undefined) {
    for (const [name, { bucket }] of of.shares) {
      if (now >= bucket.filledAt + FULL_AFTER_MS) of.shares.delete(name);
    }
    share = { bucket: bucket(now, ORIGIN_PACKETS_BURST_MAX), servedAt: 0 };
    of.shares.set(origin, share);
  }
  take(share.bucket, now, ORIGIN_PACKETS_PER_SECOND, ORIGIN_PACKETS_BURST_MAX);
  share.servedAt = of.sentCount;
}

const isSpent = ({ bucket }: Share, now: Millis): boolean =>
  bucket.tokens + ((now - bucket.filledAt) * ORIGIN_PACKETS_PER_SECOND) / 1000 < 1;

/** A share that nobody used for so long is full, which is what one that is not kept is. */
const FULL_AFTER_MS = (ORIGIN_PACKETS_BURST_MAX * 1000) / ORIGIN_PACKETS_PER_SECOND;
