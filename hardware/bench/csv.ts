/** A record as rows for a spreadsheet: one a point and measurement, one for a point without any (RFC 4180). */
import type { BenchRecord, PointRecord } from "./record.ts";

const COLUMNS: readonly string[] = Object.freeze([
  ...["startedAt", "point", "group", "baud", "payload", "links", "attenuationDb", "status", "attempts", "packets"],
  ...["measurement", "unit", "value", "low", "high", "samples", "why"],
]);

export function csvOf(record: BenchRecord): string {
  const rows = record.points.flatMap((point) => rowsOf(record, point));
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

type Cell = string | number | undefined;

function rowsOf({ startedAt }: BenchRecord, point: PointRecord): Cell[][] {
  const { id, group, baud, payload, links, attenuationDb, status, attempts, packets, why } = point;
  const own = [startedAt, id, group, baud, payload, links, attenuationDb, status, attempts, packets];
  if (point.measurements.length === 0) return [[...own, "", "", "", "", "", "", why]];
  return point.measurements.map(({ name, unit, value, low, high, samples }) => [
    ...[...own, name, unit, value, low, high, samples, why],
  ]);
}

/** A spreadsheet takes a text that begins like a formula for one, and a radio's words are not ours. */
function cell(value: Cell): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
