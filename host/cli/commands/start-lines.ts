/** What a person reads of a table's agreement: where it stands, who leads, how much was agreed on, and how fast. */
import type { Report } from "../kiosk/kiosk-report.ts";

/** "   7 s". */
const CLOCK_LENGTH = 6;

export interface Standing {
  /** By kiosk: its last report; undefined while it is down, or says nothing. */
  readonly now: readonly (Report | undefined)[];
  /** The last that each ever said before this second. */
  readonly before: readonly (Report | undefined)[];
  readonly links: number;
}

/** What of a line is worth a line at once; before anything was agreed on, all of it. */
export function markOf(second: number, standing: Standing): string {
  const { now } = standing;
  const most = furthest(now);
  if (most === undefined || most.operations === 0) return line(second, standing).slice(CLOCK_LENGTH);
  const up = now.map((report) => report !== undefined && !report.isPaused);
  return JSON.stringify([most.view, most.isChanging, up, now.map((report) => report?.muted)]);
}

export function line(second: number, standing: Standing): string {
  const { now } = standing;
  const clock = `${String(second).padStart(4)} s`;
  const up = now.flatMap((report, kiosk) => (report === undefined || report.isPaused ? [] : [kiosk]));
  const most = furthest(now);
  if (most === undefined) return `${clock}  the kiosks start`;
  if (most.operations === 0) return `${clock}  ${awaited(standing)}`;
  const share = fastShare(standing);
  const lead = now.findIndex((report) => report?.member === most.primary);
  const parts = [
    `sequence ${most.sequence}`,
    `view ${most.view}${most.isChanging ? " (changing)" : `, kiosk ${lead < 0 ? "that is down" : lead} leads`}`,
    `${operations(standing)} operations/s`,
    share === undefined ? "nothing decided" : `${Math.round(100 * share)} % fast`,
    latency(now),
    `up: ${up.join(" ")}`,
    ...now.flatMap((report) =>
      report?.muted === undefined ? [] : [`kiosk ${report.kiosk} signs nothing: ${report.muted}`],
    ),
  ];
  return `${clock}  ${parts.join(" · ")}`;
}

/** The first radio that is not up, in its own words; then links, then what others remember. */
function awaited({ now, links }: Standing): string {
  for (const report of now) {
    for (const { board, words } of report?.radios ?? []) if (board === "" && words !== "") return words;
  }
  const linked = now.reduce((sum, report) => sum + (report?.neighbours.length ?? 0), 0) / 2;
  if (linked < links) return `all radios are up; ${Math.floor(linked)} of ${links} links`;
  return "all are linked, and tell each other what they remember";
}

function furthest(now: readonly (Report | undefined)[]): Report | undefined {
  return now.reduce((best, report) => {
    if (report === undefined) return best;
    const isFurther =
      best === undefined || report.view > best.view || (report.view === best.view && report.sequence > best.sequence);
    return isFurther ? report : best;
  }, undefined);
}

const most = (reports: readonly (Report | undefined)[]): number =>
  reports.reduce((most, report) => Math.max(most, report?.operations ?? 0), 0);

export const operations = ({ now, before }: Standing): number =>
  most(before) === 0 ? 0 : Math.max(0, most(now) - most(before));

/** Of sequences that were decided in this second: those by the votes of all at once. */
export function fastShare({ now, before }: Standing): number | undefined {
  let [fast, slow] = [0, 0];
  for (const [kiosk, report] of now.entries()) {
    if (report === undefined) continue;
    const last = before[kiosk];
    // A process that has begun anew counts anew.
    const isSame = last !== undefined && last.fast <= report.fast && last.slow <= report.slow;
    fast += report.fast - (isSame ? last.fast : 0);
    slow += report.slow - (isSame ? last.slow : 0);
  }
  return fast + slow === 0 ? undefined : fast / (fast + slow);
}

export function medianLatency(reports: readonly (Report | undefined)[]): number | undefined {
  const all = reports.flatMap((report) => report?.latencies ?? []).sort((left, right) => left - right);
  return all[all.length >> 1];
}

function latency(now: readonly (Report | undefined)[]): string {
  const median = medianLatency(now);
  return median === undefined ? "nothing answered" : `${median} ms`;
}

export interface Ending {
  readonly operations: number;
  readonly sequence: number;
  readonly views: number;
  /** All that run stand at the same place, with the same state. */
  readonly isSame: boolean;
  readonly digest: string;
}

export function ending(now: readonly (Report | undefined)[], since: readonly (Report | undefined)[]): Ending {
  const last = furthest(now);
  const isSame =
    now.length > 0 &&
    now.every((each) => each !== undefined && each.sequence === last?.sequence && each.digest === last.digest);
  return {
    operations: most(now) - since.reduce((least, report) => Math.max(least, report?.operations ?? 0), 0),
    ...{ sequence: last?.sequence ?? 0, views: last?.view ?? 0, isSame, digest: last?.digest ?? "" },
  };
}

export function summary(
  { operations, sequence, isSame, digest }: Ending,
  kiosks: number,
  { rolled, voided }: { readonly rolled: number; readonly voided: number },
): string {
  const state = isSame
    ? `all ${kiosks} kiosks have the state ${digest.slice(0, 16)}…`
    : "the kiosks do not stand at one place";
  const rolls = `${rolled} rolls, every proof verified${voided === 0 ? "" : `; ${voided} gave all bets back`}`;
  return `\n${rolls}\n${operations} operations agreed on, ${sequence} sequences in all; ${state}`;
}

/** What everyone has in the end, by whoever stands furthest. */
export function chipsLine(now: readonly (Report | undefined)[], kioskOf: (member: number) => string): string {
  const last = furthest(now);
  const each = (last?.chips ?? []).flatMap((chips, member) => (chips === null ? [] : [`${kioskOf(member)} ${chips}`]));
  const sum = last?.isBalanced === false ? "; THE SUM IS NOT WHAT WAS MADE" : "";
  return `chips: ${each.length === 0 ? "nobody sat down" : each.sort().join(" · ")}${sum}`;
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

export function counterTable(now: readonly (Report | undefined)[]): string {
  const rows = [["", ...COLUMNS.map(([title]) => title)]];
  for (const report of now) {
    for (const [i, { board, counters }] of (report?.radios ?? []).entries()) {
      const name = `kiosk ${report?.kiosk} radio ${i} ${board}`;
      rows.push([name, ...COLUMNS.map(([, counter]) => String(counters[counter] ?? "–"))]);
    }
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "))
    .join("\n");
}
