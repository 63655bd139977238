/** Two kiosks with configurations of their own at one virtual air, as people set them up and run them, and a third that knows no
 * table and nobody. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { serveVirtual, type VirtualServer } from "../../../hardware/virtual/fronts/serve.ts";
import { programFile } from "../../../host/cli/repository.ts";
import { ownKey } from "../../../host/node/key-file.ts";

export interface Pair {
  readonly air: VirtualServer;
  readonly kiosks: readonly PairKiosk[];
}

export interface PairKiosk {
  readonly file: string;
  readonly folder: string;
  /** In hexadecimal text. */
  readonly key: string;
}

export const SECRET = Buffer.from(Uint8Array.from({ length: 32 }, (_, at) => (7 * at + 3) & 255)).toString("hex");

export async function pairAt(where: string, port: number): Promise<Pair> {
  const served = await serveVirtual({
    ...{ boards: new Array(6).fill("esp32-nodemcu"), seed: 5, errorRate: 0, front: "unix", where },
  });
  if (!served.ok) throw new Error(served.why);
  const { server } = served;
  const devices = server.devices();
  const kiosks = ["Ann", "Ben", "Cid"].map((name, at) => {
    const home = join(where, name);
    const folder = join(home, "data");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = ownKey(folder);
    if (!key.ok) throw new Error(key.why);
    const file = join(home, "hardway.yaml");
    const radios = devices.slice(2 * at, 2 * at + 2).map((device) => JSON.stringify(device));
    const lines = [
      `kiosk: {name: ${name}, folder: data}`,
      `radios: [${radios.join(", ")}]`,
      "identity: {work_bits: 4}",
      `table: {kiosks: 2, seats: 3${name === "Cid" ? "" : `, secret: "${SECRET}"`}}`,
      `web: {port: ${port + 30 * at}}`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
    return { file, folder, key: Buffer.from(key.pair.publicKey.bytes).toString("hex") };
  });
  return { air: server, kiosks };
}

export interface RunningProgram {
  readonly child: ChildProcess;
  /** Where its page is. */
  readonly url: string;
  readonly said: { err: string };
  readonly ended: Promise<number | null>;
}

/** `hardway run`, as soon as it has said where its page is. */
export async function runProgram({ file }: PairKiosk): Promise<RunningProgram> {
  const child = spawn(process.execPath, [programFile("hardway"), "run", "--file", file, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { err: "" };
  child.stderr.on("data", (text) => {
    said.err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const record = JSON.parse(line);
      if (record.type === "running") resolve(record.url);
    });
    child.once("close", () => reject(new Error(said.err)));
  });
  return { child, url, said, ended };
}

export async function endAll({ air }: Pair, running: readonly RunningProgram[]): Promise<void> {
  for (const { child, ended } of running) {
    if (child.exitCode === null) child.kill("SIGKILL");
    await ended;
  }
  await air.stop();
}

export const tableOf = ({ folder }: PairKiosk): string => readFileSync(join(folder, "table.json"), "utf8");

// biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
export async function asked(url: string, path: string, order?: object): Promise<any> {
  const more =
    order === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(order) };
  return (await fetch(new URL(path, url), more)).json();
}

/** Again and again, until it is so. */
export async function until<T>(look: () => Promise<T>, is: (found: T) => boolean, withinMs: number): Promise<T> {
  const by = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (is(found)) return found;
    if (performance.now() > by) throw new Error(`not in time: ${JSON.stringify(found).slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
