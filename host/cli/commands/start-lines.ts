/** What a person reads each second of a rehearsal: what crossed, what was repaired, what was refused. */
import type { Report } from "../../node/kiosk-report.ts";

type Reports = readonly (Report | undefined)[];

/** The sum over both kiosks since the second before. */
export function line(second: number, now: Reports, before: Reports): string {
  const grown = (of: (report: Report) => number): number => total(now, of) - total(before, of);
  const clock = `${String(second).padStart(4)} s`;
  if (!now.every((report) => (report?.linkCount ?? 0) > 0)) return `${clock}  ${awaited(now)}`;
  const crossed = `${grown(votesHeard)} votes and ${grown((report) => report.tally.longHeard)} long ones crossed`;
  const ends = `${grown(sent)} packets sent, ${total(now, dropped)} dropped and ${total(now, unknown)} unknown so far`;
  const refused = refusals(now);
  return `${clock}  ${crossed} · ${ends} · refused: ${refused === "" ? "nothing yet" : refused}`;
}

/** The first radio that is not up, in its own words. */
function awaited(now: Reports): string {
  for (const report of now) {
    for (const { board, words } of report?.radios ?? []) if (board === "" && words !== "") return words;
  }
  return "all radios are up; the kiosks look for each other";
}

export function summary(now: Reports): string {
  const said = total(now, (report) => report.tally.votesSaid);
  const ends = `packets: ${total(now, sent)} sent, ${total(now, dropped)} dropped, ${total(now, unknown)} unknown`;
  return `\n${said} votes said, ${total(now, votesHeard)} heard and verified, each once; ${ends}; refused: ${refusals(now) || "nothing"}`;
}

/** Of all that a radio counts, what tells a person how its wire and its air are. */
const COLUMNS = [
  ["frames in", "serial.framesIn"],
  ["damaged", "serial.damaged"],
  ["again", "serial.resent"],
  ["values out", "air.transmitted"],
  ["again", "air.repeated"],
  ["packets in", "air.delivered"],
  ["links", "linksUp"],
] as const;

export function counterTable(now: Reports): string {
  const rows = [["", ...COLUMNS.map(([title]) => title)]];
  for (const report of now) {
    for (const [i, { board, counters }] of (report?.radios ?? []).entries()) {
      const name = `kiosk ${report?.me} radio ${i} ${board}`;
      rows.push([name, ...COLUMNS.map(([, counter]) => String(counters[counter] ?? "–"))]);
    }
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "))
    .join("\n");
}

const votesHeard = (report: Report): number => report.tally.votesHeard;
const sent = (report: Report): number => report.tally.sent;
const dropped = (report: Report): number => report.tally.dropped;
const unknown = (report: Report): number => report.tally.unknown;

const total = (reports: Reports, of: (report: Report) => number): number =>
  reports.reduce((sum, report) => sum + (report === undefined ? 0 : of(report)), 0);

function refusals(reports: Reports): string {
  const sums: { [why: string]: number } = {};
  for (const report of reports) {
    for (const [why, count] of Object.entries(report?.tally.refused ?? {})) sums[why] = (sums[why] ?? 0) + count;
  }
  return Object.entries(sums)
    .map(([why, count]) => `${count} ${why}`)
    .join(", ");
}
