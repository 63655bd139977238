/** A record as JUnit XML, which every build server shows: a case a point, which fails with its limits and its comparison. */
import { rangeText } from "./limits-file.ts";
import type { BenchRecord, PointRecord } from "./record.ts";
import { changeText, figureText } from "./words.ts";

export function junitOf(record: BenchRecord): string {
  const groups = [...new Set(record.points.map(({ group }) => group))];
  const suites = groups.map((group) => suiteOf(record, group));
  const inside = suites.flatMap(({ lines }) => lines);
  const count = (what: "tests" | "failures" | "skipped") => suites.reduce((sum, suite) => sum + suite[what], 0);
  const head = `<testsuites name="hardway bench" tests="${count("tests")}" failures="${count("failures")}" skipped="${count("skipped")}" time="${seconds(record.durationMs)}">`;
  return `${['<?xml version="1.0" encoding="UTF-8"?>', head, ...inside, "</testsuites>"].join("\n")}\n`;
}

interface Suite {
  readonly lines: readonly string[];
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
}

function suiteOf(record: BenchRecord, group: string): Suite {
  const points = record.points.filter((point) => point.group === group);
  const failures = points.filter((point) => failuresOf(record, point).length > 0).length;
  const skipped = points.filter(isSkipped).length;
  const timeMs = points.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const counts = `tests="${points.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const when = `timestamp="${escaped(record.startedAt)}" time="${seconds(timeMs)}"`;
  const radios = record.radios.filter((radio) => radio.group === group);
  const properties = radios.map(
    ({ name, board, build, device }) =>
      `    <property name="${escaped(name)}" value="${escaped(`${board}, build ${build}, ${device}`)}"/>`,
  );
  const lines = [
    `  <testsuite name="${escaped(group)}" ${counts} ${when}>`,
    ...(properties.length === 0 ? [] : ["   <properties>", ...properties, "   </properties>"]),
    ...points.flatMap((point) => caseOf(record, point)),
    "  </testsuite>",
  ];
  return { lines, tests: points.length, failures, skipped };
}

function caseOf(record: BenchRecord, point: PointRecord): string[] {
  const { id, group, durationMs, measurements, why = "" } = point;
  const failures = failuresOf(record, point);
  const inside: string[] = [];
  // One element, as readers expect; its text has them all.
  if (failures.length > 0) {
    inside.push(`    <failure message="${escaped(failures[0])}">${escaped(failures.join("\n"))}</failure>`);
  } else if (isSkipped(point)) inside.push(`    <skipped message="${escaped(`${point.status}: ${why}`)}"/>`);
  const figures = measurements.map((each) => `${each.name} ${figureText(each)}`);
  if (point.status === "unreachable") figures.push(why);
  if (figures.length > 0) inside.push(`    <system-out>${escaped(figures.join("\n"))}</system-out>`);
  const head = `   <testcase classname="${escaped(`bench.${group}`)}" name="${escaped(id)}" time="${seconds(durationMs)}"`;
  return inside.length === 0 ? [`${head}/>`] : [`${head}>`, ...inside, "   </testcase>"];
}

function failuresOf(record: BenchRecord, point: PointRecord): string[] {
  const { id, status, why = "", next = "" } = point;
  const words = status === "failed" ? [`${why}. ${next}`] : [];
  for (const limit of record.limits) {
    if (limit.point !== id || limit.ok) continue;
    words.push(`${limit.measurement} is ${limit.value} ${limit.unit}; the limit is ${rangeText(limit)}`);
  }
  for (const change of record.comparison?.changes ?? []) {
    if (change.point === id && change.verdict === "worse") words.push(changeText(change));
  }
  for (const lost of record.comparison?.lost ?? []) {
    if (lost.point === id && status !== "failed") words.push(`it was measured on the baseline: ${lost.why}`);
  }
  return words;
}

const isSkipped = ({ status }: PointRecord): boolean =>
  status === "skipped" || status === "quarantined" || status === "notRun";

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Also what XML 1.0 cannot hold at all, escaped or not. Line ends survive in attributes only as numbers. */
function escaped(text: string): string {
  let made = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const name = ESCAPES[character];
    const isForbidden =
      (code < 0x20 && code !== 9 && code !== 10 && code !== 13) ||
      (code >= 0xd800 && code <= 0xdfff) ||
      code === 0xfffe ||
      code === 0xffff;
    made += isForbidden ? "\ufffd" : (name ?? character);
  }
  return made;
}

const ESCAPES: { readonly [character: string]: string } = Object.freeze({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
});
