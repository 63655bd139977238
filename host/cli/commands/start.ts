/** `hardway start`: two kiosks, each its own process with two radios, find each other on one air and exchange signed votes; a
 * line a second says what crossed. Without boards the radios are virtual, in a process of their own. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { keyPairFromSeed } from "../../crypto/ed25519-keys.ts";
import type { Begin, Report, Rest } from "../../node/kiosk-report.ts";
import { ROLES } from "../../node/rehearsal.ts";
import { deviceText } from "../../radio/device-url.ts";
import { type Command, type Input, numberOption, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { deviceOf } from "./devices.ts";
import { counterTable, line, summary } from "./start-lines.ts";
import type { VirtualSays } from "./virtual.ts";

const KIOSKS = 2;
const BOARDS = ["nrf52-dk", "esp32-nodemcu"];

export const start: Command = {
  words: ["start"],
  about: "Two kiosks find each other over four radios, virtual or real, and exchange signed votes.",
  more: "With --device four times, real boards take part: the first kiosk's server and client, then the second's.",
  options: {
    seconds: { value: "N", default: "30", about: "how long to run, 1 to 86400" },
    "error-rate": { value: "R", default: "0.0005", about: "bytes that the virtual cables spoil, 0 to 0.02" },
    seed: { value: "S", default: "1", about: "of the virtual air and cables, a whole number" },
    device: { value: "DEVICE", many: true, about: "a radio; four of them" },
  },
  async run(input, io) {
    const seconds = numberOption(input, "seconds", 1, 86_400);
    const errorRate = numberOption(input, "error-rate", 0, 0.02, false);
    const seed = numberOption(input, "seed", 0, Number.MAX_SAFE_INTEGER);
    const named = devicesOf(input);
    const folder = mkdtempSync(join(tmpdir(), "hardway-"));
    const air = named === undefined ? virtualAir(folder, errorRate, seed) : undefined;
    try {
      let devices = named ?? [];
      try {
        if (air !== undefined) devices = await air.devices;
      } catch (error) {
        io.err(`serving the virtual radios: ${(error as Error).message}; it has said why.`);
        return "failed";
      }
      if (io.signal.aborted) return "interrupted";
      io.out(
        `Two kiosks, ${devices.length} radios on one air: signed votes both ways. Two members: no Byzantine tolerance.`,
      );
      if (air !== undefined) {
        const spoilt = errorRate === 0 ? "no byte" : `one byte in ${Math.round(1 / errorRate)}`;
        io.out(`Virtual boards: ${BOARDS.join(" and ")} a kiosk; their cables spoil ${spoilt}.`);
      }
      io.out(`${seconds} s; Ctrl-C ends it sooner.\n`);
      return await rehearse(devices, seconds, io);
    } finally {
      await air?.end();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function devicesOf(input: Input): readonly string[] | undefined {
  const named = input.all("device").map((text) => deviceText(deviceOf(text)));
  if (named.length === 0) return undefined;
  const wanted = KIOSKS * ROLES.length;
  if (new Set(named).size !== wanted) throw new UsageError(`--device is wanted ${wanted} times, each another radio`);
  return named;
}

/** The boards and their air as `hardway virtual` serves them. */
function virtualAir(folder: string, errorRate: number, seed: number) {
  const words = ["virtual", ...Array(KIOSKS).fill(BOARDS).flat(), "--front", "unix", "--at", folder, "--json"];
  const entry = fileURLToPath(new URL("../hardway.js", import.meta.url));
  const child = spawn(process.execPath, [entry, ...words, "--error-rate", String(errorRate), "--seed", String(seed)], {
    stdio: ["pipe", "pipe", "inherit"],
    // Ctrl-C reaches the whole group; the air goes when its standard input does, after the kiosks.
    detached: true,
  });
  const devices = new Promise<readonly string[]>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the virtual air ended with code ${code}`)));
    createInterface(child.stdout).on("line", (text) => {
      const said = JSON.parse(text) as VirtualSays;
      if (said.type === "ready") resolve(said.radios.map(({ device }) => device));
    });
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const end = (): Promise<void> => {
    child.stdin.end();
    return ended;
  };
  return { devices, end };
}

function rehearse(devices: readonly string[], seconds: number, io: Io): Promise<Exit> {
  return new Promise((resolve) => {
    const seeds = Array.from({ length: KIOSKS }, () => new Uint8Array(randomBytes(32)));
    const members = seeds.map((seed) => hex(keyPairFromSeed(seed).publicKey.bytes));
    const table = hex(randomBytes(16));
    const kiosks: ChildProcess[] = [];
    const reports: (Report | undefined)[] = seeds.map(() => undefined);
    let before = [...reports];
    const fresh = seeds.map(() => false);
    let elapsed = 0;
    let stopping = false;

    const finish = (exit: Exit): void => {
      io.signal.removeEventListener("abort", stop);
      for (const kiosk of kiosks) if (kiosk.connected) kiosk.disconnect();
      resolve(exit);
    };
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      const rest: Rest = { type: "rest" };
      for (const kiosk of kiosks) if (kiosk.connected) kiosk.send(rest);
    };
    io.signal.addEventListener("abort", stop);

    const onReport = (said: Report): void => {
      reports[said.me] = said;
      if (io.json) io.record(said);
      if (reports.every((report) => report?.final === true)) {
        io.out(summary(reports));
        io.out(counterTable(reports));
        finish(crossed(reports, io));
        return;
      }
      fresh[said.me] = true;
      if (stopping || !fresh.every((each) => each)) return;
      fresh.fill(false);
      elapsed += 1;
      io.out(line(elapsed, reports, before));
      before = structuredClone(reports);
      if (elapsed === seconds) stop();
    };
    for (const [me, seed] of seeds.entries()) {
      const kiosk = fork(fileURLToPath(new URL("../../node/kiosk.js", import.meta.url)));
      kiosks.push(kiosk);
      const own = devices.slice(me * ROLES.length, (me + 1) * ROLES.length);
      const begin: Begin = { me, devices: own, seed: hex(seed), table, members };
      kiosk.send(begin);
      kiosk.on("message", onReport);
      kiosk.on("exit", (code) => {
        if (code === 0) return;
        io.err(`kiosk ${me} ended with code ${code}`);
        finish("failed");
      });
    }
  });
}

/** Whoever ends it sooner knows why nothing has crossed. */
function crossed(reports: readonly (Report | undefined)[], io: Io): Exit {
  if (io.signal.aborted || reports.some((report) => (report?.tally.votesHeard ?? 0) > 0)) return "done";
  const radios = reports.flatMap((report) => report?.radios ?? []);
  const down = radios.find(({ board }) => board === "");
  io.err(`No vote has crossed${down === undefined ? "" : `: ${down.words.replace(/\.$/, "")}`}.`);
  io.err(`Next: ${down === undefined ? "a longer time, and radios nearer to each other" : "hardway doctor DEVICE"}.`);
  return "failed";
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
