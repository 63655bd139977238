/** One record against an earlier one, of the same firmware or another. Worse or better is what is so by more than the
 * measurement's tolerance *and* with intervals that do not touch: a change that the spread explains is none. */
import { MEASUREMENTS, type Measurement } from "./measurements.ts";
import type { BenchRecord, Change, Comparison, PointRecord } from "./record.ts";

export function compare(before: BenchRecord, now: BenchRecord): Comparison {
  const made: Comparison = {
    startedAt: before.startedAt,
    builds: [],
    changes: [],
    lost: [],
    different: [],
  };
  for (const { name, build } of now.radios) {
    const earlier = before.radios.find((radio) => radio.name === name);
    if (earlier !== undefined && earlier.build !== build) {
      made.builds.push({ radio: name, before: earlier.build, now: build });
    }
  }
  for (const point of now.points) {
    const earlier = before.points.find(({ id }) => id === point.id);
    if (earlier?.status !== "measured") continue;
    const why = difference(before, earlier, now, point);
    if (why !== undefined) made.different.push({ point: point.id, why });
    else if (point.status === "measured") made.changes.push(...changesOf(earlier, point));
    else if (point.status === "failed" || point.status === "unreachable") {
      made.lost.push({ point: point.id, why: point.why ?? point.status });
    }
  }
  return made;
}

export const isWorse = ({ changes, lost }: Comparison): boolean =>
  lost.length > 0 || changes.some(({ verdict }) => verdict === "worse");

/** The first thing that makes two measurements of one name two different ones. */
function difference(
  before: BenchRecord,
  earlier: PointRecord,
  now: BenchRecord,
  point: PointRecord,
): string | undefined {
  const boards = (record: BenchRecord, { edges }: PointRecord): string =>
    edges
      .flatMap(({ server, client }) => [server, client])
      .map((name) => record.radios.find((radio) => radio.name === name)?.board ?? name)
      .join(", ");
  const fields: readonly [string, unknown, unknown][] = [
    ["clock", before.clock, now.clock],
    ["boards", boards(before, earlier), boards(now, point)],
    ["window", before.plan.window, now.plan.window],
    ["packetsPerSecond", before.plan.packetsPerSecond, now.plan.packetsPerSecond],
    ["class", before.plan.class, now.plan.class],
  ];
  // A point that did not come about has no edges to compare.
  const differing = fields.find(
    ([name, was, is]) => was !== is && !(name === "boards" && (earlier.edges.length === 0 || point.edges.length === 0)),
  );
  if (differing === undefined) return undefined;
  const [name, was, is] = differing;
  return `${name} was ${was ?? "not given"} and is ${is ?? "not given"}`;
}

function changesOf(before: PointRecord, now: PointRecord): Change[] {
  return now.measurements.flatMap((measured) => {
    const earlier = before.measurements.find(({ name }) => name === measured.name);
    return earlier === undefined ? [] : [changeOf(now.id, earlier, measured)];
  });
}

function changeOf(point: string, before: Measurement, now: Measurement): Change {
  const { name, unit } = now;
  const { better, tolerance } = MEASUREMENTS[name];
  const difference = now.value - before.value;
  const least = "absolute" in tolerance ? tolerance.absolute : tolerance.share * Math.abs(before.value);
  const isSure = areApart(before, now) && Math.abs(difference) > least;
  const isBetter = difference > 0 === (better === "higher");
  const share = before.value === 0 ? 0 : (100 * difference) / before.value;
  return {
    point,
    measurement: name,
    unit,
    before: before.value,
    now: now.value,
    change: "absolute" in tolerance ? difference : share,
    verdict: !isSure ? "same" : isBetter ? "better" : "worse",
  };
}

/** A single count has no interval, and is never sure. */
function areApart(a: Measurement, b: Measurement): boolean {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return false;
  return a.high < b.low || b.high < a.low;
}
