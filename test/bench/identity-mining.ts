/** How fast proofs are looked for: what our search adds to the library that it calls, and what a second core brings. */
import { argon2id } from "hash-wasm";
import type { Argon2 } from "../../host/crypto/work/argon2.ts";
import { mine } from "../../host/crypto/work/miner.ts";
import { tryChunk } from "../../host/crypto/work/try-chunk.ts";
import { PROFILES, type ProfileName } from "../../host/engine/identity/profiles.ts";
import { search, type Wanted } from "../../host/engine/identity/search.ts";
import type { Row } from "./bench.ts";

const NEVER = 2 ** 48;

const wanted = (profile: ProfileName): Wanted => ({
  ...{ profile, key: new Uint8Array(32).fill(9), timestamp: 1_790_000_000_000, work: NEVER },
  scope: { network: new Uint8Array(16).fill(7), beacon: new Uint8Array(32).fill(8) },
});

export async function argon2Row(metric: string, profile: ProfileName, argon2: Argon2, roundMs: number): Promise<Row> {
  const direct = await directly(profile, argon2);
  const ours = async (count: number): Promise<void> => {
    await tryChunk(wanted(profile), { from: 0, count }, argon2);
  };
  const once = await timed(() => direct(1));
  const count = Math.max(1, Math.round(roundMs / once));
  const [our, their]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 0) our.push((await timed(() => ours(count))) / count);
    their.push((await timed(() => direct(count))) / count);
    if (round % 2 === 1) our.push((await timed(() => ours(count))) / count);
  }
  // A hash takes what it takes; what takes longer was something else.
  const [value, baseline] = [1000 / Math.min(...our), 1000 / Math.min(...their)];
  return { metric, value, unit: "/s", baseline, ratio: value / baseline };
}

const ROUNDS = 11;

/** Of both libraries the one that is faster, with nothing around it. */
async function directly(profile: ProfileName, { binding }: Argon2): Promise<(count: number) => Promise<void>> {
  const { memoryKibibytes, passes, lanes } = PROFILES[profile];
  const { key, scope } = wanted(profile);
  const [salt, secret] = [new Uint8Array(16), scope.beacon];
  if (binding === "portable") {
    const cost = { memorySize: memoryKibibytes, iterations: passes, parallelism: lanes };
    const options = { password: key, salt, secret, hashLength: 32, outputType: "binary", ...cost } as const;
    return async (count) => {
      for (let each = 0; each < count; each++) await argon2id(options);
    };
  }
  // By a name that the compiler does not follow: it is not installed everywhere.
  const name: string = "@node-rs/argon2";
  const { hashRawSync } = (await import(name)) as { hashRawSync: (key: Uint8Array, options: object) => Uint8Array };
  const cost = { memoryCost: memoryKibibytes, timeCost: passes, parallelism: lanes };
  const options = { salt, secret, outputLen: 32, algorithm: 2, version: 1, ...cost };
  return async (count) => {
    for (let each = 0; each < count; each++) hashRawSync(key, options);
  };
}

async function timed(act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

export async function miningRow(metric: string, rounds: number, roundMs: number, program?: string): Promise<Row> {
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    one.push(await minedPerSecond(1, roundMs, program));
    two.push(await minedPerSecond(2, roundMs, program));
  }
  const [value, baseline] = [Math.max(...two), Math.max(...one)];
  return { metric, value, unit: "/s", baseline, ratio: value / baseline };
}

/** Between the first chunk of each worker and the last that came back in time. */
async function minedPerSecond(workerCount: number, roundMs: number, program?: string): Promise<number> {
  const of = search(wanted("bleLight"));
  let first: { at: number; tried: number } | undefined;
  let last = { at: 0, tried: 0 };
  let chunks = 0;
  const miner = mine(of, {
    ...{ workerCount, ...(program === undefined ? {} : { program }) },
    onProgress({ tried }) {
      chunks += 1;
      last = { at: performance.now(), tried };
      if (chunks === WARM_CHUNKS * workerCount) first = last;
      if (first !== undefined && last.at - first.at >= roundMs) void miner.stop();
    },
  });
  await miner.found;
  return ((last.tried - (first?.tried ?? 0)) * 1000) / (last.at - (first?.at ?? 0));
}

const WARM_CHUNKS = 3;
