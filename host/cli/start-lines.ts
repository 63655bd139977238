/** What a person reads each second: what crossed, what was repaired, what was refused. */
import type { Report } from "../node/kiosk-report.ts";

type Reports = readonly (Report | undefined)[];

/** The sum over both kiosks since the second before. */
export function line(second: number, now: Reports, before: Reports): string {
  const grown = (of: (report: Report) => number): number => total(now, of) - total(before, of);
  if (!now.every((report) => report?.open === true))
    return `${String(second).padStart(4)} s  waiting for the link to open`;
  const crossed = `${grown(votesHeard)} votes and ${grown((report) => report.tally.longHeard)} long ones crossed`;
  const bytes = `${grown((report) => report.link.bytesIn)} B`;
  const spoilt = grown((report) => report.noise.flipped + report.noise.lost + report.noise.inserted);
  const repaired = `${spoilt} bytes spoilt, ${grown(damaged)} frames refused, ${grown((report) => report.link.resent)} sent again`;
  const refused = `refused: ${refusals(now) || "nothing yet"}`;
  return `${String(second).padStart(4)} s  ${crossed} in ${bytes} · ${repaired} · ${refused}`;
}

export function summary(now: Reports): string {
  const sent = total(now, (report) => report.tally.votesSent);
  return `\n${sent} votes said, ${total(now, votesHeard)} heard and verified, each once; refused: ${refusals(now) || "nothing"}`;
}

const votesHeard = (report: Report): number => report.tally.votesHeard;
const damaged = (report: Report): number => report.link.damaged + report.link.misframed + report.link.malformed;

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
