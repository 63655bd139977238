/** The kiosks of a table, a process each: started, seated, killed and started again, and ended in order. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { KIOSK_NODE_FLAGS } from "../../../hardware/system/node-flags.ts";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import type { Lie } from "../../liars/lies.ts";
import type { KioskPlan } from "../../node/mesh-plan.ts";
import { foundSecret } from "../../node/secret-file.ts";
import type { KioskOrder, KioskSaid, Report, RollSaid } from "../kiosk/kiosk-report.ts";
import type { PortSaid } from "../kiosk/port-words.ts";
import { newTable, readTable, type TableFile, tablePath, writeTable } from "../kiosk/table-file.ts";
import { programFile } from "../repository.ts";

export interface TableOptions {
  readonly folder: string;
  readonly plans: readonly KioskPlan[];
  readonly devices: readonly (readonly string[])[];
  readonly seed: number;
  readonly speed: number;
  /** The date at which all their clocks are right. */
  readonly beganAt: number;
  readonly isVirtual: boolean;
  /** What opens the kiosks' keys; undefined where they lie there as they are. */
  readonly passphraseFile: string | undefined;
  /** Once, where a key lies there as it is. */
  readonly onBareKey: () => void;
  readonly onReport: (report: Report) => void;
  readonly onRoll: (roll: RollSaid) => void;
  /** Each time that a kiosk has come up. */
  readonly onUp: (kiosk: number) => void;
  /** For whoever shows it. */
  readonly onPort: (kiosk: number, said: PortSaid) => void;
  readonly onBetted: (kiosk: number, words: string) => void;
  /** A process has ended. */
  readonly onGone: (kiosk: number) => void;
  /** A kiosk cannot go on: why, and the next thing to try. */
  readonly onFailed: (kiosk: number, why: string, next: string) => void;
}

export interface RunningTable {
  readonly tell: (kiosk: number, order: KioskOrder) => void;
  readonly tellAll: (order: KioskOrder) => void;
  readonly isUp: (kiosk: number) => boolean;
  /** As when its power goes; it comes again after so long, or when it is started. */
  readonly kill: (kiosk: number, againAfterMs: number | undefined) => void;
  readonly start: (kiosk: number) => void;
  /** Undefined where it is honest. Its next process does the same. */
  readonly lie: (kiosk: number, lie: Lie | undefined) => void;
  readonly lieOf: (kiosk: number) => Lie | undefined;
  /** Every process, its journal closed. */
  readonly end: () => Promise<void>;
}

/** A kiosk that does not close its journal is not waited for. */
const END_WITHIN_MS = 5000;

export const kioskName = (kiosk: number): string => `Kiosk ${kiosk}`;

export function runTable(options: TableOptions): RunningTable {
  const { folder, plans, devices, seed, speed, beganAt, isVirtual, passphraseFile = null } = options;
  const secretFile = join(folder, "secret");
  const kiosks: (ChildProcess | undefined)[] = plans.map(() => undefined);
  const keys: (string | undefined)[] = plans.map(() => undefined);
  const lies: (Lie | undefined)[] = plans.map(() => undefined);
  const timers = new Set<NodeJS.Timeout>();
  /** Killed, and not yet gone; and of these, who is to come again at once. */
  const dying = new Set<number>();
  const wanted = new Set<number>();
  let founded: TableFile | undefined;
  let isEnding = false;

  const tell = (kiosk: number, order: KioskOrder): void => {
    if (kiosks[kiosk]?.connected) kiosks[kiosk].send(order);
  };
  const seat = (kiosk: number): void => {
    if (founded === undefined) return;
    const kiosks = keys.filter((key) => key !== undefined);
    const { roles, opens } = plans[kiosk];
    const radios = devices[kiosk].map((device, at) => ({ device, role: roles[at] }));
    tell(kiosk, {
      type: "sit",
      table: founded,
      kiosks,
      secretFile,
      radios,
      opens,
      seed,
      speed,
      beganAt,
      isVirtual,
      lie: lies[kiosk] ?? null,
    });
  };
  const onSaid = (kiosk: number, said: KioskSaid): void => {
    if (said.type === "report") options.onReport(said);
    else if (said.type === "rolled") options.onRoll(said);
    else if (said.type === "failed") options.onFailed(kiosk, said.why, said.next);
    else if (said.type === "up") options.onUp(kiosk);
    else if (said.type === "port") options.onPort(kiosk, said.said);
    else if (said.type === "betted") options.onBetted(kiosk, said.words);
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
    const child = fork(programFile("process"), [own], {
      execArgv: [...KIOSK_NODE_FLAGS],
    });
    kiosks[kiosk] = child;
    child.on("message", (said: KioskSaid) => onSaid(kiosk, said));
    child.on("exit", (code, signal) => {
      if (kiosks[kiosk] === child) kiosks[kiosk] = undefined;
      dying.delete(kiosk);
      if (!isEnding) options.onGone(kiosk);
      if (wanted.delete(kiosk) && !isEnding) begin(kiosk);
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
    start(kiosk) {
      if (dying.has(kiosk)) wanted.add(kiosk);
      else if (kiosks[kiosk] === undefined && !isEnding) begin(kiosk);
    },
    lie(kiosk, lie) {
      lies[kiosk] = lie;
      tell(kiosk, { type: "lie", lie: lie ?? null });
    },
    lieOf: (kiosk) => lies[kiosk],
    kill(kiosk, againAfterMs) {
      if (kiosks[kiosk]?.kill("SIGKILL")) dying.add(kiosk);
      if (againAfterMs === undefined) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!isEnding && kiosks[kiosk] === undefined) begin(kiosk);
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
function foundTable(folder: string, keys: readonly (string | undefined)[]): TableFile | undefined {
  const path = tablePath(folder);
  const kiosks = keys.filter((key) => key !== undefined);
  const read = readTable(path);
  if (read.ok) return read.table.members.join() === [...kiosks].sort().join() ? read.table : undefined;
  if (read.isThere) return undefined;
  // A place more than there are bots, for whoever walks up.
  const seats = Math.min(kiosks.length + 1, SEATS_MAX);
  const names = Object.fromEntries(kiosks.map((key, kiosk) => [key, kioskName(kiosk)]));
  const table = newTable(kiosks, { names, seats });
  writeTable(path, table);
  return table;
}
