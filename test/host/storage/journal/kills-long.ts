/** `node build/test/host/storage/journal/kills-long.js [COUNT] [FILL] [SEED]`: the long form of kills.test.ts, half of it on a
 * short journal that is compacted often, and half on a long one that is not. */
import { folders } from "../folders.ts";
import { kills } from "./kills.ts";

const [count = 1000, fill = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const here = folders();
try {
  for (const form of [
    { fill: 100, compactEvery: 20 },
    { fill, compactEvery: 0 },
  ]) {
    const killed = await kills({ folder: here.make(), count: count / 2, seed, ...form });
    process.stdout.write(`${JSON.stringify({ ...form, ...killed })}\n`);
    if (killed.lost > 0) process.exitCode = 1;
  }
} finally {
  here.removeAll();
}
