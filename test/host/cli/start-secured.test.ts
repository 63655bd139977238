import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, it } from "vitest";
import type { Report } from "../../../host/cli/kiosk/kiosk-report.ts";
import { programFile } from "../../../host/cli/repository.ts";
import type { RollFile } from "../../../host/node/roll-file.ts";
import { folders } from "../storage/folders.ts";
import { type Ran, startProgram } from "./start-program.ts";

const here = folders();
afterAll(here.removeAll);

const PASSPHRASE_FILE = "HARDWAY_PASSPHRASE_FILE";

/** Two virtual boards in a process of their own, with somebody who writes down all that flies between them. */
async function overheardAir(
  capture: string,
): Promise<{ readonly devices: string[]; readonly end: () => Promise<void> }> {
  const boards = ["virtual", ...new Array(4).fill("esp32-nodemcu"), "--front", "unix", "--at", here.make(), "--json"];
  const child = spawn(process.execPath, [programFile("hardway"), ...boards, "--capture", capture]);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const devices = await new Promise<string[]>((resolve, reject) => {
    child.once("exit", () => reject(new Error("the air ended")));
    createInterface(child.stdout).on("line", (text) => {
      const said = JSON.parse(text);
      if (said.type === "ready") resolve(said.radios.map(({ device }: { device: string }) => device));
    });
  });
  const end = (): Promise<void> => {
    child.stdin.end();
    return ended;
  };
  return { devices, end };
}

it("two kiosks play over an air that is overheard, and nothing of the game is in it; their keys are put under a passphrase [F09] [I12]", async () => {
  const folder = join(here.make(), "table");
  const capture = join(here.make(), "air.pcap");
  const passphrase = join(here.make(), "passphrase");
  writeFileSync(passphrase, "correct horse battery staple\n");
  const air = await overheardAir(capture);
  const reports: Report[] = [];
  const files: RollFile[] = [];
  const play = (more: readonly string[], env: { readonly [name: string]: string } = {}): Promise<Ran> => {
    const words = ["--kiosks", "2", "--at", folder, "--seconds", "60", "--json", ...more];
    for (const device of air.devices) words.push("--device", device);
    return startProgram(words, { [PASSPHRASE_FILE]: "", ...env }, (line, press) => {
      if (!line.startsWith("{")) return;
      const said = JSON.parse(line);
      if (said.type === "report") reports.push(said);
      if (said.type !== "rolled") return;
      if (said.fell !== undefined) files.push(said.fell.file);
      press("q");
    });
  };
  const keyIn = (kiosk: number): Buffer => readFileSync(join(folder, `kiosk-${kiosk}`, "key"));
  const membersOf = (): string => JSON.parse(readFileSync(join(folder, "table.json"), "utf8")).members.join();

  const first = await play([]);
  expect(first.status).toBe(0);
  // It is said once, and before that nothing else is wrong.
  expect(first.stderr.match(/without a passphrase/g)).toHaveLength(1);
  const members = membersOf();
  const seeds = [0, 1].map((kiosk) => keyIn(kiosk).toString().trim());
  for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{64}$/);
  for (const name of ["secret", join("kiosk-0", "key")]) {
    expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  }

  // Taken over under a passphrase, by an option or by the environment: the same kiosks go on.
  const second = await play(["--passphrase-file", passphrase]);
  expect(second.status).toBe(0);
  expect(second.stderr).not.toMatch(/without a passphrase/);
  for (const [kiosk, seed] of seeds.entries()) {
    expect(keyIn(kiosk).toString("latin1")).toMatch(/hardway key/);
    expect(keyIn(kiosk).includes(Buffer.from(seed, "hex"))).toBe(false);
  }
  const third = await play([], { [PASSPHRASE_FILE]: passphrase });
  expect(third.status).toBe(0);
  expect(membersOf()).toBe(members);

  // Without it nobody plays.
  const closed = await play([]);
  expect(closed.status).toBe(1);
  expect(closed.stderr).toMatch(/is under a passphrase\.\nNext: name the file that holds it: --passphrase-file/);
  writeFileSync(passphrase, "wrong\n");
  const wrong = await play(["--passphrase-file", passphrase]);
  expect(wrong.stderr).toMatch(/the passphrase is wrong/);
  expect((await play(["--passphrase-file", join(folder, "none")])).status).toBe(3);
  await air.end();

  expect(files.length).toBeGreaterThan(2);
  const linked = reports.filter(({ neighbours }) => neighbours.length > 0);
  expect(linked.length).toBeGreaterThan(3);
  for (const { secured } of linked) {
    expect(secured.opened).toBeGreaterThan(0);
    expect([secured.dropped, secured.refused]).toEqual([0, {}]);
  }
  const heard = readFileSync(capture);
  expect(heard.length).toBeGreaterThan(20_000);
  const isHeard = (bytes: Buffer): boolean => heard.includes(bytes);
  for (const key of members.split(",")) expect(isHeard(Buffer.from(key, "hex").subarray(0, 16))).toBe(false);
  for (const { table, proof } of files) {
    expect(isHeard(Buffer.from(table, "hex"))).toBe(false);
    const bytes = Buffer.from(proof, "hex");
    for (let at = 0; at + 12 <= bytes.length; at++) expect(isHeard(bytes.subarray(at, at + 12))).toBe(false);
  }
}, 180_000);
