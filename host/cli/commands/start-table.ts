/** The kiosks of a table, a process each: started, seated, killed and started again, and ended in order. */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KioskOrder, KioskSaid, Report, RollSaid } from "../../node/kiosk-report.ts";
import type { KioskPlan } from "../../node/mesh-plan.ts";
import { foundSecret } from "../../node/secret-file.ts";

export interface TableOptions {
  readonly folder: string;
  readonly plans: readonly KioskPlan[];
  readonly devices: readonly (readonly string[])[];
  readonly seed: number;
  /** What opens the kiosks' keys; undefined where they lie there as they are. */
  readonly passphraseFile: string | undefined;
  /** Once, where a key lies there as it is. */
  readonly onBareKey: () => void;
  readonly onReport: (report: Report) => void;
  readonly onRoll: (roll: RollSaid) => void;
  /** A kiosk cannot go on: why, and the next thing to try. */
  readonly onFailed: (kiosk: number, why: string, next: string) => void;
}

export interface RunningTable {
  readonly tell: (kiosk: number, order: KioskOrder) => void;
  readonly tellAll: (order: KioskOrder) => void;
  readonly isUp: (kiosk: number) => boolean;
  /** As when its power goes; it comes again after so long. */
  readonly kill: (kiosk: number, againAfterMs: number) => void;
  /** Every process, its journal closed. */
  readonly end: () => Promise<void>;
}

/** Who of them sits together, as it was made at the first start. */
interface Founded {
  readonly table: string;
  readonly members: readonly string[];
}

/** A kiosk that does not close its journal is not waited for. */
const END_WITHIN_MS = 5000;

export function runTable(options: TableOptions): RunningTable {
  const { folder, plans, devices, seed, passphraseFile = null } = options;
  const secretFile = join(folder, "secret");
  const kiosks: (ChildProcess | undefined)[] = plans.map(() => undefined);
  const keys: (string | undefined)[] = plans.map(() => undefined);
  const timers = new Set<NodeJS.Timeout>();
  let founded: Founded | undefined;
  let isEnding = false;

  const tell = (kiosk: number, order: KioskOrder): void => {
    if (kiosks[kiosk]?.connected) kiosks[kiosk].send(order);
  };
  const seat = (kiosk: number): void => {
    if (founded === undefined) return;
    const kiosks = keys.filter((key) => key !== undefined);
    const { roles, opens } = plans[kiosk];
    const radios = devices[kiosk].map((device, at) => ({ device, role: roles[at] }));
    tell(kiosk, { type: "sit", ...founded, kiosks, secretFile, radios, opens, seed });
  };
  const onSaid = (kiosk: number, said: KioskSaid): void => {
    if (said.type === "report") options.onReport(said);
    else if (said.type === "rolled") options.onRoll(said);
    else if (said.type === "failed") options.onFailed(kiosk, said.why, said.next);
    else {
      if (!said.isUnderPassphrase && keys.every((key) => key === undefined)) options.onBareKey();
      keys[kiosk] = said.key;
      if (founded !== undefined) seat(kiosk);
      else if (keys.every((key) => key !== undefined)) {
        founded = foundTable(folder, keys);
        if (founded === undefined) {
          options.onFailed(
            kiosk,
            `the table in ${folder} has other kiosks`,
            "start with --reset, or with --at another folder",
          );
        }
        foundSecret(secretFile);
        for (const kiosk of kiosks.keys()) seat(kiosk);
      }
    }
  };
  const begin = (kiosk: number): void => {
    const own = join(folder, `kiosk-${kiosk}`);
    // It is told again; as an argument a person sees in the list of processes which one it is.
    const child = fork(fileURLToPath(new URL("../../node/kiosk.js", import.meta.url)), [own]);
    kiosks[kiosk] = child;
    child.on("message", (said: KioskSaid) => onSaid(kiosk, said));
    child.on("exit", (code, signal) => {
      if (kiosks[kiosk] === child) kiosks[kiosk] = undefined;
      if (isEnding || signal === "SIGKILL" || code === 0) return;
      options.onFailed(kiosk, `its process ended with ${signal ?? `code ${code}`}`, "start again");
    });
    tell(kiosk, { type: "own", kiosk, folder: own, passphraseFile });
  };
  for (const kiosk of plans.keys()) begin(kiosk);

  return {
    tell,
    tellAll(order) {
      for (const kiosk of kiosks.keys()) tell(kiosk, order);
    },
    isUp: (kiosk) => kiosks[kiosk] !== undefined,
    kill(kiosk, againAfterMs) {
      kiosks[kiosk]?.kill("SIGKILL");
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!isEnding) begin(kiosk);
      }, againAfterMs);
      timers.add(timer);
    },
    async end() {
      isEnding = true;
      for (const timer of timers) clearTimeout(timer);
      const all = kiosks.filter((child) => child !== undefined);
      const ended = all.map((child) => new Promise<void>((resolve) => child.once("exit", () => resolve())));
      for (const child of all) if (child.connected) child.send({ type: "end" } satisfies KioskOrder);
      const guard = setTimeout(() => {
        for (const child of all) child.kill("SIGKILL");
      }, END_WITHIN_MS);
      await Promise.all(ended);
      clearTimeout(guard);
    },
  };
}

/** Of these kiosks: the one that is there, or a new one; undefined where others sit there. */
function foundTable(folder: string, keys: readonly (string | undefined)[]): Founded | undefined {
  const path = join(folder, "table.json");
  const members = keys.filter((key) => key !== undefined).sort();
  if (existsSync(path)) {
    const founded = JSON.parse(readFileSync(path, "utf8")) as Founded;
    return founded.members.join() === members.join() ? founded : undefined;
  }
  const founded: Founded = { table: randomBytes(16).toString("hex"), members };
  writeFileSync(`${path}.new`, `${JSON.stringify(founded)}\n`);
  renameSync(`${path}.new`, path);
  return founded;
}
