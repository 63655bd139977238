/** `node build/test/host/engine/dice/schedules.js [COUNT] [FIRST]`: the long form of schedules.test.ts, by the stand-in group. */
import { readyTable } from "./schedule.ts";
import { playSchedules } from "./schedule-sums.ts";

const PROGRESS_COUNT = 500;

const [count = 10_000, first = 1] = process.argv.slice(2).map(Number);
const began = performance.now();
const sums = playSchedules(readyTable(4), first, count, "decided", ({ schedules, early }) => {
  if (schedules % PROGRESS_COUNT === 0) process.stderr.write(`${schedules} of ${count} schedules, ${early} early\n`);
});
const seconds = Math.round((performance.now() - began) / 1000);
process.stdout.write(`${JSON.stringify({ ...sums, seconds })}\n`);
if (sums.firstFailure !== undefined) process.exitCode = 1;
