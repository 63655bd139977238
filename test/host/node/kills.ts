/** `node build/test/host/node/kills.js [COUNT] [OPERATIONS] [SEED]`: the long form of kills.test.ts. Half of the kills meet
 * journals that are made short again and again, half of them journals of so many operations. */
import { folders } from "../storage/folders.ts";
import { fillJournals } from "./fill-journals.ts";
import { killRounds } from "./kill-rounds.ts";

const [count = 1000, operations = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const START_WITHIN_MS = 1000;
const here = folders();
try {
  for (const form of [
    { operations: 0, compactAboveSize: 100_000 },
    { operations, compactAboveSize: Number.MAX_SAFE_INTEGER },
  ]) {
    const folder = here.make();
    const began = performance.now();
    if (form.operations > 0) await fillJournals(folder, form.operations, seed);
    const fillSeconds = Math.round((performance.now() - began) / 1000);
    const killed = await killRounds({
      folder,
      count: Math.ceil(count / 2),
      seed,
      compactAboveSize: form.compactAboveSize,
    });
    const seconds = Math.round((performance.now() - began) / 1000) - fillSeconds;
    process.stdout.write(
      `${JSON.stringify({ ...form, fillSeconds, seconds, ...killed, wrongs: killed.wrongs.slice(0, 10) })}\n`,
    );
    if (killed.lost > 0 || killed.wrongs.length > 0 || killed.startMsMax >= START_WITHIN_MS) process.exitCode = 1;
  }
} finally {
  here.removeAll();
}
