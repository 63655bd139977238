/**
 * What agreement says, in encoded bytes: requests, votes, checkpoints, help and repetitions, all that leaves any kiosk in the
 * steady state of a loaded table, with what the same engine says without bundles, fast path and batches beside it.
 *
 * Links take 20 to 30 ms one way, as a connection interval does; four windows of requests are under way. A message goes to each
 * member over a link of its own; `broadcast` rows count once what everyone hears at once.
 */
import { quorum } from "../../host/engine/consensus/quorum.ts";
import { SIGNATURE_SIZE } from "../../protocol/core/limits.ts";
import type { Row } from "./bench.ts";
import { costOf } from "./bytes-cost.ts";
import { bodySizeMaxOf, viewChangeCost } from "./bytes-view-change.ts";
import { PLAIN, TUNED } from "./consensus-load.ts";
import type { Weight } from "./consensus-scale.ts";

/** An operation with its signature. */
export const ONE_SIZE = 200;
export const SMALL_SIZE = 80;
export const LINKS = { delayMs: 20, jitterMs: 10 } as const;
/** In all. */
const UNDER_WAY = 32;
/** Of each kiosk: all that it may. */
const UNDER_WAY_MAX = 64;
const INTERVALS = 10;

const ONE_A_BATCH = { ...TUNED, batchLengthMax: 1 };
export const shareOf = (speakers: number): number => Math.ceil(UNDER_WAY / speakers);

export function bench(): Row[] {
  return [4, 7, 10].flatMap((memberCount) => [
    ...meshRows(memberCount),
    silentRow(memberCount),
    batchRow(memberCount),
    ...viewChangeRows(memberCount),
  ]);
}

function meshRows(memberCount: number): Row[] {
  const load = {
    ...{ memberCount, intervals: INTERVALS },
    ...LINKS,
    signedSize: ONE_SIZE,
    underWay: shareOf(memberCount),
  };
  const tuned = costOf({ ...load, options: ONE_A_BATCH });
  const plain = costOf({ ...load, options: PLAIN });
  // An operation once, and a signature of each that a decision needs.
  const floor = ONE_SIZE + SIGNATURE_SIZE * quorum(memberCount);
  return [
    row(`mesh-n${memberCount}`, tuned.all.bytes, plain.all.bytes),
    ...PARTS.map((part) => row(`mesh-n${memberCount} ${part}`, sumOf(tuned.kinds, part), sumOf(plain.kinds, part))),
    row(`broadcast-n${memberCount}`, tuned.all.broadcastBytes, floor),
  ];
}

function silentRow(memberCount: number): Row {
  const load = {
    ...{ memberCount, intervals: INTERVALS },
    ...LINKS,
    signedSize: ONE_SIZE,
    underWay: shareOf(memberCount - 1),
  };
  const silent = memberCount - 1;
  const tuned = costOf({ ...load, silent, options: ONE_A_BATCH });
  const plain = costOf({ ...load, silent, options: PLAIN });
  return row(`mesh-silent-n${memberCount}`, tuned.all.bytes, plain.all.bytes);
}

function batchRow(memberCount: number): Row {
  const load = { ...{ memberCount, intervals: INTERVALS }, ...LINKS, signedSize: SMALL_SIZE, underWay: UNDER_WAY_MAX };
  const tuned = costOf({ ...load, options: TUNED });
  const plain = costOf({ ...load, options: PLAIN });
  return row(`mesh-batch50-n${memberCount}`, tuned.all.bytes, plain.all.bytes);
}

/** From the primary's silence to the first decision of the next, at several moments of an interval. */
function viewChangeRows(memberCount: number): Row[] {
  const common = { memberCount, ...LINKS, signedSize: ONE_SIZE, underWay: shareOf(memberCount) };
  const costs = MOMENTS.map((moment) => viewChangeCost({ ...common, ...moment }));
  const worst = Math.max(...costs.map((cost) => cost.bytes));
  const bodySizeMax = Math.max(...costs.map((cost) => cost.bodySizeMax), bodySizeMaxOf(common));
  return [
    { metric: `viewchange-n${memberCount}`, value: worst, unit: "bytes" },
    row(`viewchange-body-n${memberCount}`, bodySizeMax, BODY_SIZE_WANTED),
  ];
}

const MOMENTS = [110, 125, 149].flatMap((sequences) => [0, 13, 26, 39].map((laterMs) => ({ sequences, laterMs })));
/** What a wish for a view may take at ten members with eight open slots. */
const BODY_SIZE_WANTED = 6144;

const PARTS = ["requests", "proposals", "votes", "help"] as const;

function sumOf(kinds: ReadonlyMap<string, Weight>, part: (typeof PARTS)[number]): number {
  let bytes = 0;
  for (const [kind, weight] of kinds) if (partOf(kind) === part) bytes += weight.bytes;
  return bytes;
}

function partOf(kind: string): (typeof PARTS)[number] {
  if (kind === "requests") return "requests";
  if (kind.startsWith("ballot: proposals")) return "proposals";
  return kind.startsWith("ballot: ") ? "votes" : "help";
}

const row = (metric: string, value: number, baseline: number): Row => ({
  ...{ metric, value, unit: "bytes", baseline },
  ...(baseline === 0 ? {} : { ratio: value / baseline }),
});
