/** What a kiosk's process takes: memory after a hundred thousand operations, bytes that its journal writes for each, and of one
 * core's time at fifty messages a second. Four processes, letters between them without a mesh. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KIOSK_NODE_FLAGS } from "../../hardware/system/node-flags.ts";
import { keyPairFromSeed } from "../../host/crypto/ed25519-keys.ts";
import { SEED_SIZE } from "../../host/crypto/ed25519-sizes.ts";
import { type Chance, chance, drawBytes } from "../../protocol/core/chance.ts";
import { TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { emitted } from "../xs/engine/run.ts";
import type { Row } from "./bench.ts";
import { operation } from "./consensus-load.ts";
import type { FromKiosk, ToKiosk } from "./kiosk-child.ts";

const KIOSKS = 4;
const SIGNED_SIZE = 200;
const UNDER_WAY = 50;
/** A craps night has a few a second. */
const CALM_MS = 20_000;
/** One every so often, at any kiosk, is some fifty letters a second at each. */
const CALM_EVERY_MS = 76;

export async function bench(): Promise<Row[]> {
  const { busy, calm } = await measured(100_000, CALM_MS);
  return [
    {
      metric: "memory",
      value: busy.residentBytes / 1e6,
      unit: "MB",
      baseline: 150,
      ratio: busy.residentBytes / 1e6 / 150,
    },
    { metric: "journal", value: busy.writtenBytes / busy.operations, unit: "B/op" },
    { metric: "operations", value: busy.operations, unit: "" },
    { metric: "calm-letters", value: calm.letters, unit: "/s" },
    { metric: "calm-core", value: 100 * calm.core, unit: "%", baseline: 20, ratio: (100 * calm.core) / 20 },
  ];
}

type Seen = FromKiosk & { type: "seen" };

export interface KioskFigures {
  readonly busy: Seen;
  /** Of the same kiosk, a second, and the share of a core. */
  readonly calm: { readonly letters: number; readonly core: number };
}

export async function measured(operations: number, calmMs: number): Promise<KioskFigures> {
  const folder = mkdtempSync(join(tmpdir(), "hardway-bench-kiosk-"));
  const house = new House(folder);
  try {
    await house.begin();
    house.keepBusy(true);
    let busy = await house.look();
    while (busy.operations < operations) busy = await house.look(100);
    house.keepBusy(false);
    // What is under way ends.
    const from = await house.look(2000);
    for (let at = 0; at * CALM_EVERY_MS < calmMs; at++) {
      house.submit(at % KIOSKS);
      await pause(CALM_EVERY_MS);
    }
    const until = await house.look();
    const letters = (1000 * (until.letters - from.letters)) / calmMs;
    return { busy, calm: { letters, core: (until.processorMs - from.processorMs) / calmMs } };
  } finally {
    await house.end();
    rmSync(folder, { recursive: true });
  }
}

class House {
  private readonly random: Chance = chance(1);
  private readonly kiosks: ChildProcess[] = [];
  private readonly folder: string;
  private onSeen: (seen: Seen) => void = () => {};
  private isBusy = false;
  private number = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  async begin(): Promise<void> {
    const seeds = Array.from({ length: KIOSKS }, () => drawBytes(this.random, SEED_SIZE));
    const keyOf = (seed: Uint8Array): Uint8Array => keyPairFromSeed(seed).publicKey.bytes;
    seeds.sort((left, right) => Buffer.compare(keyOf(left), keyOf(right)));
    const members = seeds.map(keyOf);
    const table = drawBytes(this.random, TABLE_ID_SIZE);
    const begun = seeds.map((seed, me) => {
      const child = fork(emitted("test/bench/kiosk-child.ts"), [], {
        ...{ execArgv: [...KIOSK_NODE_FLAGS], serialization: "advanced" },
      });
      this.kiosks.push(child);
      return new Promise<void>((resolve, reject) => {
        child.once("exit", (code) => reject(new Error(`kiosk ${me} ended with code ${code}`)));
        child.on("message", (said: FromKiosk) => {
          if (said.type === "begun") resolve();
          else this.onSaid(me, said);
        });
        this.tell(me, { type: "begin", seed, me, table, members, folder: join(this.folder, `${me}`) });
      });
    });
    await Promise.all(begun);
  }

  keepBusy(isBusy: boolean): void {
    this.isBusy = isBusy;
    if (isBusy) for (let at = 0; at < KIOSKS * UNDER_WAY; at++) this.submit(at % KIOSKS);
  }

  submit(at: number): void {
    this.number += 1;
    this.tell(at, { type: "submit", operation: operation(this.random, this.number, SIGNED_SIZE) });
  }

  async look(afterMs = 0): Promise<Seen> {
    await pause(afterMs);
    return new Promise((resolve) => {
      this.onSeen = resolve;
      this.tell(KIOSKS - 1, { type: "look" });
    });
  }

  async end(): Promise<void> {
    const ended = this.kiosks.map((child) => new Promise<void>((resolve) => child.once("exit", () => resolve())));
    for (const at of this.kiosks.keys()) this.tell(at, { type: "end" });
    await Promise.all(ended);
  }

  private onSaid(from: number, said: FromKiosk): void {
    if (said.type === "letter") this.tell(said.to, { type: "letter", packet: said.packet });
    else if (said.type === "seen") this.onSeen(said);
    else if (said.type === "answered" && this.isBusy) this.submit(from);
  }

  private tell(at: number, told: ToKiosk): void {
    if (this.kiosks[at]?.connected) this.kiosks[at].send(told);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
