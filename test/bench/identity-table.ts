/** What a hash costs, by every library that is there: the table that an older network measured, beside ours. */
import type { Argon2, Argon2Input } from "../../host/crypto/work/argon2.ts";
import type { Row } from "./bench.ts";

/** Memory in KiB, passes, and what they took there, in milliseconds; each came without native code of its own. */
const TABLE = [
  ["256k-t1", 256, 1, 0.34],
  ["4m-t1", 4096, 1, 4.64],
  ["16m-t1", 16_384, 1, 18.99],
  ["64m-t3", 65_536, 3, 237],
] as const;

const ROUNDS = 9;
const ROUND_MS = 40;

export async function verifyRows(argon2: Argon2): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, memoryKibibytes, passes, baseline] of TABLE) {
    const input = { ...SOME, memoryKibibytes, passes, lanes: 1 };
    const value = await msPerHash(argon2, input);
    rows.push({ metric: `verify-${name}`, value, unit: "ms", baseline, ratio: baseline / value });
    if (name === "4m-t1") {
      rows.push({
        metric: "verify-rate-4m",
        value: 1000 / value,
        unit: "/s",
        baseline: 215,
        ratio: 1000 / value / 215,
      });
    }
  }
  return rows;
}

const SOME = {
  password: new Uint8Array(32).fill(1),
  salt: new Uint8Array(16).fill(2),
  secret: new Uint8Array(32).fill(3),
};

async function msPerHash(argon2: Argon2, input: Argon2Input): Promise<number> {
  await argon2.hash(input);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    let count = 0;
    while (count === 0 || performance.now() - begun < ROUND_MS) {
      await argon2.hash(input);
      count += 1;
    }
    times.push((performance.now() - begun) / count);
  }
  return Math.min(...times);
}
