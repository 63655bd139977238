/** `npm run -s kill-nine [-- COUNT]`: kills the processes of a table's kiosks in turn, as `kill -9` does, each as soon as the one before
 * is back with the state of the others, and tells how long the game stood still at most. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Report } from "../../../host/cli/kiosk/kiosk-report.ts";
import { programFile } from "../../../host/cli/repository.ts";

export interface KilledNine {
  readonly kills: number;
  /** Between two steps of the table's sequence. */
  readonly stoodStillMsMax: number;
  /** From a kill until it has the state of another at the same place again. */
  readonly backMs: readonly number[];
}

const KIOSKS = 4;
/** A table that has come so far plays. */
const SEQUENCE_MIN = 20;
/** What was on its way when it died says nothing of it. */
const DOWN_MS = 2_000;
const WITHIN_SECONDS = 3_600;

export function killNine(count: number): Promise<KilledNine> {
  const folder = mkdtempSync(join(tmpdir(), "hardway-kill-nine-"));
  const words = ["start", "--json", "--seconds", String(WITHIN_SECONDS), "--at", join(folder, "table")];
  const child = spawn(process.execPath, [programFile("hardway"), ...words], {
    // What it tells people is of no use here.
    stdio: ["pipe", "pipe", "ignore"],
  });
  const last = new Map<number, Report>();
  const backMs: number[] = [];
  let [kills, sequence, steppedAt, stoodStillMsMax] = [0, 0, 0, 0];
  let killed: { readonly kiosk: number; readonly sequence: number; readonly at: number } | undefined;

  const onReport = (report: Report): void => {
    const now = performance.now();
    last.set(report.kiosk, report);
    if (report.sequence > sequence) {
      if (kills > 0) stoodStillMsMax = Math.max(stoodStillMsMax, now - steppedAt);
      sequence = report.sequence;
      steppedAt = now;
    }
    if (killed !== undefined) {
      const isBack = report.kiosk === killed.kiosk && now > killed.at + DOWN_MS && report.sequence > killed.sequence;
      if (!isBack || !isAlike(report)) return;
      backMs.push(now - killed.at);
      killed = undefined;
      if (kills === count) child.stdin.write("q\n");
    } else if (kills < count && sequence > SEQUENCE_MIN && last.size === KIOSKS) {
      // The command kills them in turn, the first of them first.
      killed = { kiosk: kills % KIOSKS, sequence, at: now };
      kills += 1;
      child.stdin.write("k\n");
    }
  };
  /** It is a process that began after the kill, it signs, and another has the same there. */
  const isAlike = (report: Report): boolean =>
    report.muted === undefined &&
    report.recovered.sequence > 0 &&
    [...last.values()].some(
      (other) => other.kiosk !== report.kiosk && other.sequence === report.sequence && other.digest === report.digest,
    );

  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith("{")) return;
    const said = JSON.parse(line);
    if (said.type === "report") onReport(said);
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => {
      rmSync(folder, { recursive: true, force: true });
      if (code === 0 && backMs.length === count) resolve({ kills, stoodStillMsMax, backMs });
      else reject(new Error(`it ended with ${code} after ${backMs.length} of ${count}`));
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { kills, stoodStillMsMax, backMs } = await killNine(Number(process.argv[2] ?? 20));
  const sorted = [...backMs].sort((left, right) => left - right);
  const seconds = (ms: number | undefined): string => `${((ms ?? 0) / 1000).toFixed(1)} s`;
  console.log(`${kills} kills; the game stood still ${seconds(stoodStillMsMax)} at most`);
  console.log(
    `back with the others' state after ${seconds(sorted[sorted.length >> 1])} (median), ${seconds(sorted.at(-1))} at most`,
  );
}
