/** A record for people: a table of points, what is outside its limits, and what changed. */
import { rangeText } from "./limits-file.ts";
import type { Measurement, MeasurementName } from "./measurements.ts";
import { MEASUREMENTS } from "./measurements.ts";
import type { BenchRecord, Change, Comparison, PointRecord } from "./record.ts";

/** With its interval, if it has one: 1660 B/s (1591 to 1729). */
export function figureText({ value, unit, low, high }: Measurement): string {
  const interval = low === undefined || high === undefined ? "" : ` (${round(low)} to ${round(high)})`;
  return `${round(value)} ${unit}${interval}`;
}

export function changeText({ measurement, unit, before, now, change }: Change): string {
  const points = "absolute" in MEASUREMENTS[measurement].tolerance ? unit : "%";
  const sign = change > 0 ? "+" : "";
  return `${measurement} was ${round(before)} and is ${round(now)} ${unit} (${sign}${round(change)} ${points})`;
}

export function estimateText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 1 ? `${Math.max(1, Math.round(ms / 1000))} s` : `${minutes} min`;
}

export function tableOf(record: BenchRecord): string[] {
  const rows = record.points.map((point) => rowOf(point));
  const lines = aligned([HEADS, ...rows]);
  const outside = record.limits
    .filter(({ ok }) => !ok)
    .map((each) => `  ${each.point}: ${each.measurement} is ${round(each.value)}; the limit is ${rangeText(each)}`);
  if (outside.length > 0) lines.push("", "Outside the limits:", ...outside);
  if (record.limitsUnused.length > 0) {
    lines.push("", "Limits that no measured point met:", ...record.limitsUnused.map((each) => `  ${each}`));
  }
  if (record.comparison !== undefined) lines.push("", ...comparisonLines(record.comparison));
  return lines;
}

function comparisonLines(comparison: Comparison): string[] {
  const { changes, builds, lost, different } = comparison;
  const of = (verdict: Change["verdict"]) => changes.filter((each) => each.verdict === verdict);
  const lines = [`Against the run of ${comparison.startedAt}:`];
  lines.push(...builds.map(({ radio, before, now }) => `  ${radio} runs build ${now}, and ran ${before}`));
  lines.push(...lost.map(({ point, why }) => `  worse   ${point}: ${why}`));
  lines.push(...of("worse").map((each) => `  worse   ${each.point}: ${changeText(each)}`));
  lines.push(...of("better").map((each) => `  better  ${each.point}: ${changeText(each)}`));
  lines.push(...different.map(({ point, why }) => `  another ${point}: ${why}; not compared`));
  lines.push(`  the same in ${of("same").length} of ${changes.length} measurements`);
  return lines;
}

const HEADS: readonly string[] = Object.freeze([
  ...["point", "down B/s", "up B/s", "one way ms p50", "p95", "p99", "dropped %", "unknown %", ""],
]);
const SHOWN: readonly MeasurementName[] = Object.freeze([
  ...(["throughputDown", "throughputUp", "oneWayP50", "oneWayP95", "oneWayP99", "dropped", "unknown"] as const),
]);

function rowOf(point: PointRecord): string[] {
  const { id, status, why = "", attempts, linksLost, measurements } = point;
  if (status !== "measured") return [id, ...SHOWN.map(() => "-"), `${status}${why === "" ? "" : `: ${why}`}`];
  const cells = SHOWN.map((name) => {
    const found = measurements.find((each) => each.name === name);
    return found === undefined ? "-" : round(found.value);
  });
  const notes: string[] = [];
  if (linksLost > 0) notes.push(`${linksLost} links lost`);
  if (attempts > 1) notes.push(`${attempts} attempts`);
  return [id, ...cells, notes.join(", ")];
}

/** Words to the left, figures to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const last = rows[0].length - 1;
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === last ? cell : at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join("  ")
      .trimEnd(),
  );
}

/** Three digits are as much as a bench is good for. */
function round(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(6, digits))));
}
