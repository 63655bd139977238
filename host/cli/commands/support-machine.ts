/** What a support bundle tells of the machine, and what other programs on it answer: each may be missing, and none is waited for
 * long. */
import { execFile } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync, readSync, statfsSync } from "node:fs";
import { cpus, freemem, loadavg, release, totalmem, uptime } from "node:os";
import { LOG_NAMESPACE } from "../../../hardware/system/places.ts";
import { ANSWER_SIZE_MAX, ANSWER_WITHIN_MS, LOG_TAIL_SIZE_MAX } from "../../backup/limits.ts";
import { supplyOf } from "../../radio/supply.ts";
import { packageFacts } from "../version.ts";

export function machineFacts(folder: string): object {
  return {
    at: new Date().toISOString(),
    hardway: packageFacts().version,
    node: process.versions.node,
    system: `${process.platform} ${release()} ${process.arch}`,
    model: orUndefined(() => readFileSync("/proc/device-tree/model", "latin1").replace(/\0/g, "")),
    cores: cpus().length,
    memory: { total: totalmem(), free: freemem() },
    load: loadavg(),
    upSeconds: Math.floor(uptime()),
    disk: orUndefined(() => {
      const { bsize, blocks, bavail } = statfsSync(folder);
      return { total: bsize * blocks, free: bsize * bavail };
    }),
    supply: supplyOf(),
  };
}

/** What a program says, on both streams; why it says nothing otherwise. */
export function answerOf(program: string, ...words: readonly string[]): Promise<string> {
  const options = { timeout: ANSWER_WITHIN_MS, maxBuffer: ANSWER_SIZE_MAX, encoding: "utf8" } as const;
  return new Promise((resolve) => {
    execFile(program, words, options, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`;
      resolve(said === "" ? `${program}: ${error?.message ?? "nothing"}\n` : said);
    });
  });
}

export const serviceState = (): Promise<string> => answerOf("systemctl", "status", "--no-pager", "hardway*");

export const serviceLog = (): Promise<string> =>
  answerOf(
    "journalctl",
    ...[`--namespace=${LOG_NAMESPACE}`, "--unit=hardway", "--no-pager", "--output=short-iso", "--lines=3000"],
  );

/** Of the kiosk's own page, on this machine. */
export async function pageAnswer(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), redirect: "error" });
    return (await answer.text()).slice(0, ANSWER_SIZE_MAX);
  } catch (error) {
    return `${url}: ${(error as Error).message}\n`;
  }
}

/** Its last bytes. */
export function tailOf(path: string): { readonly bytes: Uint8Array; readonly isCut: boolean } | undefined {
  return orUndefined(() => {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const from = Math.max(0, size - LOG_TAIL_SIZE_MAX);
      const bytes = new Uint8Array(size - from);
      const count = readSync(file, bytes, 0, bytes.length, from);
      return { bytes: bytes.subarray(0, count), isCut: from > 0 };
    } finally {
      closeSync(file);
    }
  });
}

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
