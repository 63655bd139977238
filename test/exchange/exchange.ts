/** Two parties, each a process with the real driver, over two virtual boards that `hardway virtual` serves in a third process, in
 * real time. On the way each board is unplugged once and loses its supply once. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { VirtualSays } from "../../host/cli/commands/virtual.ts";
import { programFile } from "../../host/cli/repository.ts";
import { emitted } from "../xs/engine/run.ts";
import { type Account, account, close, give, onArrival, type Sums, settle } from "./account.ts";
import type { PartyHears, PartySays } from "./party.ts";

export interface Exchange {
  readonly board: string;
  readonly front: "pty" | "unix" | "tcp";
  /** Each way. */
  readonly packets: number;
  readonly errorRate: number;
  readonly seed: number;
  readonly onWords?: (words: string) => void;
}

export interface Exchanged {
  readonly sums: readonly Sums[];
  /** Breaches of what must hold, in words. */
  readonly wrong: readonly string[];
  /** How often each party's link came up. */
  readonly links: readonly number[];
  readonly unplugged: number;
  readonly brownOuts: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** When so much of all packets has its end: to radio 1 and 2 in turn. */
const DISTURBANCES = [
  { share: 0.2, verb: "unplug", radio: 1 },
  { share: 0.4, verb: "brownout", radio: 2 },
  { share: 0.6, verb: "unplug", radio: 2 },
  { share: 0.8, verb: "brownout", radio: 1 },
] as const;

export async function exchange(options: Exchange): Promise<Exchanged> {
  const { board, front, packets, errorRate, seed, onWords = () => {} } = options;
  const folder = mkdtempSync(join(tmpdir(), "hardway-exchange-"));
  const words = ["virtual", board, board, "--front", front, "--at", folder, "--json"];
  const noise = ["--error-rate", String(errorRate), "--seed", String(seed)];
  const air = spawn(process.execPath, [programFile("hardway"), ...words, ...noise], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const airEnded = new Promise<void>((resolve) => air.once("exit", () => resolve()));
  const accounts = [account(0), account(1)];
  const parties: ChildProcess[] = [];
  const links = [0, 0];
  const counts = { unplugged: 0, brownOuts: 0, bytes: 0 };
  const began = process.hrtime.bigint();
  let next = 0;

  const tellAir = (line: string): void => {
    onWords(line);
    air.stdin.write(`${line}\n`);
  };
  const disturb = (): void => {
    const ended = accounts.reduce((sum, { ends }) => sum + ends.size, 0);
    const disturbance = DISTURBANCES[next];
    if (disturbance === undefined || ended < disturbance.share * 2 * packets) return;
    next += 1;
    tellAir(`${disturbance.verb} ${disturbance.radio}`);
    if (disturbance.verb === "unplug") {
      counts.unplugged += 1;
      tellAir(`replug ${disturbance.radio}`);
    } else {
      counts.brownOuts += 1;
    }
  };

  try {
    const devices = await ready(air);
    await new Promise<void>((resolve, reject) => {
      let ended = 0;
      air.once("exit", (code) => reject(new Error(`the virtual air ended with code ${code}`)));
      for (const [me, device] of devices.entries()) {
        const party = fork(emitted("test/exchange/party.ts"), [device, String(me)]);
        parties.push(party);
        party.on("message", (said: PartySays) => {
          if (said.type === "ended") ended += 1;
          if (said.type === "words") onWords(`party ${me}: ${said.words}`);
          else if (said.type === "linked") onWords(`party ${me}: ${said.linked ? "linked" : "no link"}`);
          note(said, accounts[me], accounts[1 - me], links, counts);
          if (ended === devices.length) resolve();
          else if (said.type === "settled") {
            disturb();
            if (accounts.every(({ ends }) => ends.size === packets))
              for (const each of parties) tell(each, { type: "end" });
          }
        });
        party.on("exit", (code) => code !== 0 && reject(new Error(`party ${me} ended with code ${code}`)));
        tell(party, { type: "may", count: packets });
      }
    });
  } finally {
    for (const party of parties) if (party.connected) party.disconnect();
    air.stdin.end("quit\n");
    await airEnded;
    rmSync(folder, { recursive: true, force: true });
  }
  const sums = accounts.map(close);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  return { sums, wrong: accounts.flatMap(({ wrong }) => wrong), links, ...counts, seconds };
}

const tell = (party: ChildProcess, hears: PartyHears): boolean => party.send(hears);

function note(said: PartySays, own: Account, others: Account, links: number[], counts: { bytes: number }): void {
  switch (said.type) {
    case "given":
      give(own, said.number);
      break;
    case "settled":
      settle(own, said.number, said.outcome);
      break;
    case "arrived":
      counts.bytes += said.size;
      if (said.number === undefined) {
        others.wrong.push(`${said.size} B arrived that nobody sent, twice, or out of order`);
      } else {
        onArrival(others, said.number);
      }
      break;
    case "linked":
      if (said.linked) links[own.party] += 1;
      break;
    default:
      break;
  }
}

function ready(air: ReturnType<typeof spawn>): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    air.once("exit", (code) => reject(new Error(`the virtual air ended with code ${code}`)));
    if (air.stdout === null) throw new Error("the air's output is a pipe");
    createInterface(air.stdout).on("line", (text) => {
      const said = JSON.parse(text) as VirtualSays;
      if (said.type === "ready") resolve(said.radios.map(({ device }) => device));
    });
  });
}
