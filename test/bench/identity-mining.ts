/** How fast proofs are looked for: what our search adds to the library that it calls, and what a second core brings. */
import { argon2id } from "hash-wasm";
import type { Argon2 } from "../../host/crypto/work/argon2.ts";
import { mine } from "../../host/crypto/work/miner.ts";
import { tryChunk } from "../../host/crypto/work/try-chunk.ts";
import { PROFILES, type ProfileName } from "../../host/engine/identity/profiles.ts";
import { saltOf } from "../../host/engine/identity/record.ts";
import { search, type Wanted } from "../../host/engine/identity/search.ts";
import { type Row, takingTurns } from "./bench.ts";

const NEVER = 2 ** 48;

const wanted = (profile: ProfileName): Wanted => ({
  ...{ profile, key: new Uint8Array(32).fill(9), timestamp: 1_790_000_000_000, work: NEVER },
  scope: { network: new Uint8Array(16).fill(7), beacon: new Uint8Array(32).fill(8) },
});

export async function argon2Row(
  metric: string,
  profile: ProfileName,
  argon2: Argon2,
  blocks: number,
  roundMs: number,
): Promise<Row> {
  const direct = await directly(profile, argon2);
  const ours = async (count: number): Promise<void> => {
    await tryChunk(wanted(profile), { from: 0, count }, argon2);
  };
  const once = await timed(() => direct(1));
  const count = Math.max(1, Math.round(roundMs / once));
  const turns = await takingTurns(
    blocks,
    async () => (await timed(() => ours(count))) / count,
    async () => (await timed(() => direct(count))) / count,
  );
  return { metric, value: 1000 / turns.ours, unit: "/s", baseline: 1000 / turns.baseline, ratio: 1 / turns.ratio };
}

/** Of both libraries the one that is faster, with nothing around it. */
async function directly(profile: ProfileName, { binding }: Argon2): Promise<(count: number) => Promise<void>> {
  const { memoryKibibytes, passes, lanes } = PROFILES[profile];
  const { key, scope } = wanted(profile);
  const secret = scope.beacon;
  // Each hash with a salt of its own, as in a search: what it reads of its memory depends on it, and the same again comes cheaper.
  let nonce = 0;
  if (binding === "portable") {
    const cost = { memorySize: memoryKibibytes, iterations: passes, parallelism: lanes };
    const options = { password: key, secret, hashLength: 32, outputType: "binary", ...cost } as const;
    return async (count) => {
      for (let each = 0; each < count; each++) await argon2id({ ...options, salt: saltOf(nonce++) });
    };
  }
  // By a name that the compiler does not follow: it is not installed everywhere.
  const name: string = "@node-rs/argon2";
  const { hashRawSync } = (await import(name)) as { hashRawSync: (key: Uint8Array, options: object) => Uint8Array };
  const cost = { memoryCost: memoryKibibytes, timeCost: passes, parallelism: lanes };
  const options = { secret, outputLen: 32, algorithm: 2, version: 1, ...cost };
  return async (count) => {
    for (let each = 0; each < count; each++) hashRawSync(key, { ...options, salt: saltOf(nonce++) });
  };
}

async function timed(act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

export async function miningRow(metric: string, blocks: number, roundMs: number, program?: string): Promise<Row> {
  const { ours, baseline, ratio } = await takingTurns(
    blocks,
    () => minedPerSecond(2, roundMs, program),
    () => minedPerSecond(1, roundMs, program),
  );
  return { metric, value: ours, unit: "/s", baseline, ratio };
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
