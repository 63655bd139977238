/** A table while it runs: its rolls, a line now and then on how agreement goes, what keys do to it, and at the end whether all have
 * come to the same. */

import type { MeshPlan } from "../../node/mesh-plan.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { Report } from "../kiosk/kiosk-report.ts";
import type { TableAir } from "./start-air.ts";
import { tableFaults } from "./start-faults.ts";
import { readKeys } from "./start-keys.ts";
import {
  chipsLine,
  counterTable,
  type Ending,
  ending,
  fastShare,
  line,
  markOf,
  medianLatency,
  operations,
  summary,
} from "./start-lines.ts";
import { noteRoll, rollBook, rollLines } from "./start-rolls.ts";
import { kioskName, type RunningTable, runTable } from "./start-table.ts";
import { type OpenedWeb, tableWeb } from "./start-web.ts";

export interface Play {
  readonly folder: string;
  readonly plan: MeshPlan;
  readonly devices: readonly (readonly string[])[];
  readonly seed: number;
  readonly speed: number;
  /** Of the page of all kiosks. */
  readonly port: number;
  readonly seconds: number;
  readonly passphraseFile: string | undefined;
  /** Undefined where the radios are real. */
  readonly air: TableAir | undefined;
  readonly io: Io;
}

/** A kiosk that has said nothing for so long is shown as down. */
const SILENT_AFTER_MS = 2500;
/** Longer than anybody waits for the one that leads before another is wanted. */
const PAUSE_MS = 9000;
const AGAIN_AFTER_MS = 3000;
/** However long somebody watches. */
export const SECONDS_MAX = 86_400;
/** While nothing changes but figures, a line comes this often. */
const LINE_EVERY_SECONDS = 5;
/** For those that are behind to catch up, once nobody asks for more; and when a person has ended it. */
const REST_MAX_SECONDS = 20;
const REST_ENDED_MAX_SECONDS = 6;

export function play({ plan, seconds, air, io, ...given }: Play): Promise<Exit> {
  const { kiosks: plans, linkCount } = plan;
  const { folder } = given;
  return new Promise((resolve) => {
    const kiosks = plans.length;
    const reports: (Report | undefined)[] = plans.map(() => undefined);
    const first: (Report | undefined)[] = plans.map(() => undefined);
    const saidAt: number[] = plans.map(() => 0);
    const book = rollBook(folder);
    let before: readonly (Report | undefined)[] = [...reports];
    let mark = "";
    let second = 0;
    let restingSince: number | undefined;
    let victim = 0;
    let isOver = false;

    const beganAt = Date.now();

    const table: RunningTable = runTable({
      ...{ ...given, plans, beganAt, isVirtual: air !== undefined },
      onBareKey() {
        io.out(`The kiosks' keys lie in ${folder} without a passphrase; --passphrase-file puts them under one.`);
      },
      onReport(report) {
        reports[report.kiosk] = report;
        first[report.kiosk] ??= report;
        saidAt[report.kiosk] = performance.now();
        if (io.json) io.record(report);
      },
      onRoll(said) {
        if (isOver) return;
        const noted = noteRoll(book, said);
        if (noted.type === "same") return;
        if (noted.type === "wrong") {
          io.err(`${noted.why}.\nNext: keep the folder ${folder}; this must not happen.`);
          finish("failed");
          return;
        }
        const { digest, verdict } = noted.told;
        for (const line of rollLines(noted.told, kioskOf)) io.out(line);
        if (io.json) io.record({ ...said, digest, verified: verdict?.ok === true });
      },
      onUp(kiosk) {
        if (io.json) io.record({ type: "up", kiosk });
        web.look();
      },
      onPort: (kiosk, said) => web.kiosks[kiosk].heard(said),
      onGone(kiosk) {
        web.kiosks[kiosk].gone();
        web.look();
      },
      onBetted: (kiosk, words) => io.out(`        b: somebody at kiosk ${kiosk}: ${words}`),
      onFailed(kiosk, why, next) {
        io.err(`kiosk ${kiosk}: ${why}.\nNext: ${next}.`);
        finish("failed");
      },
    });
    const faults = tableFaults(table, air, kiosks, kioskName);
    const web = tableWeb({
      ...{ names: plans.map((_, kiosk) => kioskName(kiosk)), table, faults, isVirtual: air !== undefined },
      ...{ port: given.port, speed: given.speed, beganAt },
    });
    web.open().then((opened) => tellPage(opened, given.port, io));
    const kioskOf = (member: number): string => {
      const kiosk = reports.findIndex((report) => report?.member === member);
      return kiosk < 0 ? `member ${member}` : `kiosk ${kiosk}`;
    };
    const isHeard = (kiosk: number): boolean =>
      table.isUp(kiosk) && performance.now() - saidAt[kiosk] < SILENT_AFTER_MS;
    const now = (): (Report | undefined)[] => reports.map((report, kiosk) => (isHeard(kiosk) ? report : undefined));

    const finish = (exit: Exit): void => {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      io.signal.removeEventListener("abort", rest);
      letGo();
      Promise.all([table.end(), web.close()]).then(() => resolve(exit));
    };
    const rest = (): void => {
      if (restingSince !== undefined) return;
      restingSince = second;
      table.tellAll({ type: "rest" });
    };

    const turn = (): void => {
      second += 1;
      const standing = { now: now(), before, links: linkCount };
      if (restingSince === undefined) {
        const now = markOf(second, standing);
        if (now !== mark || second % LINE_EVERY_SECONDS === 0) io.out(line(second, standing));
        mark = now;
        if (io.json) {
          const median = medianLatency(standing.now);
          io.record({ type: "second", second, operations: operations(standing), fast: fastShare(standing), median });
        }
      }
      before = [...reports];
      if (restingSince === undefined) {
        // Whoever watches at a page is not left alone with it.
        if (second >= seconds && (!web.isWatched() || second >= SECONDS_MAX)) rest();
        return;
      }
      // Whoever was proved guilty has no seat any more, and what it thinks is nobody's.
      const seated = standing.now.filter((report) => report === undefined || report.member >= 0);
      const last = ending(seated, first);
      const isQuiet = last.isSame && seated.every((report) => report?.waiting === 0 && !report.isRolling);
      const rested = second - restingSince;
      if (!isQuiet && rested < (io.signal.aborted ? REST_ENDED_MAX_SECONDS : REST_MAX_SECONDS)) return;
      io.out(summary(last, seated.length, book));
      io.out(chipsLine(standing.now, kioskOf));
      io.out(counterTable(reports));
      if (io.json) io.record({ type: "ended", ...last, rolls: book.rolled, voided: book.voided });
      finish(judge(last, reports, io));
    };

    const acts: { readonly [key: string]: () => string } = {
      v: () => {
        const primary = now().find((report) => report !== undefined && report.member === report.primary)?.kiosk;
        if (primary === undefined) return "nobody leads";
        table.tell(primary, { type: "pause", ms: PAUSE_MS });
        return `kiosk ${primary}, which leads, stops for ${PAUSE_MS / 1000} s`;
      },
      k: () => {
        for (let tries = 0; tries < kiosks && !table.isUp(victim); tries++) victim = (victim + 1) % kiosks;
        const killed = victim;
        if (!table.isUp(killed)) return "all are down";
        table.kill(killed, AGAIN_AFTER_MS);
        victim = (victim + 1) % kiosks;
        return `kiosk ${killed} is killed, and comes again in ${AGAIN_AFTER_MS / 1000} s`;
      },
      l: () => air?.carry() ?? "real kiosks are carried by hand",
      h: () => {
        faults.heal();
        web.look();
        return "all kiosks run, stand together and are honest";
      },
      b: () => {
        table.tell(0, { type: "bet" });
        return "somebody walks up to kiosk 0";
      },
      q: () => {
        rest();
        return "nobody asks for more";
      },
    };
    const letGo = readKeys((key) => {
      const act = acts[key];
      if (restingSince === undefined && act !== undefined) io.out(`        ${key}: ${act()}`);
      // Whoever ends it twice does not wait.
      else if (key === "q") finish("interrupted");
    });
    io.signal.addEventListener("abort", rest);
    const timer = setInterval(turn, 1000);
  });
}

function tellPage(opened: OpenedWeb, asked: number, io: Io): void {
  if (!opened.ok) {
    io.err(`there is no page: ${opened.why}.\nNext: ${opened.next}.`);
    return;
  }
  const { overview, pages, isMoved } = opened;
  io.out(`All kiosks on one page: ${overview}${isMoved ? ` (port ${asked} is taken)` : ""}`);
  if (io.json) io.record({ type: "page", url: overview, kiosks: pages });
}

/** Whoever ends it sooner knows why nothing was agreed on. */
function judge({ operations, isSame }: Ending, reports: readonly (Report | undefined)[], io: Io): Exit {
  if (operations > 0 && isSame) return "done";
  if (io.signal.aborted) return isSame ? "done" : "interrupted";
  if (operations > 0) {
    io.err("The kiosks have not come to the same state in time.\nNext: start again; they go on from their journals.");
    return "failed";
  }
  const radios = reports.flatMap((report) => report?.radios ?? []);
  const down = radios.find(({ board }) => board === "");
  io.err(`Nothing was agreed on${down === undefined ? "" : `: ${down.words.replace(/\.$/, "")}`}.`);
  io.err(`Next: ${down === undefined ? "a longer time, and radios nearer to each other" : "hardway doctor DEVICE"}.`);
  return "failed";
}
