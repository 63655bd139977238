/** Agreed time, patience, and how often anything is said. */
import { inEngine, type Mutant, test } from "../mutant.ts";

const CLOCK = inEngine("timing/agreed-clock");
const BACK_OFF = inEngine("timing/back-off");
const TIMING = inEngine("consensus/timing");

export const time: readonly Mutant[] = [
  CLOCK(
    "time-far-ahead",
    "agreed time: no vote for more than the tolerance ahead",
    "if (time > offsetMs + at + AGREED_TIME_TOLERANCE_MS) {",
    "if (time > offsetMs + at + 1_000 * AGREED_TIME_TOLERANCE_MS) {",
    test("consensus/clocks"),
  ),
  CLOCK(
    "time-far-behind",
    "agreed time: no vote for more than the tolerance behind",
    'if (time < leastOffset(clock, at) + at) return { ok: false, why: "too far behind" };',
    "",
    test("consensus/clocks"),
  ),
  CLOCK(
    "time-that-stands",
    "agreed time: it rises with each batch",
    'if (time <= previous) return { ok: false, why: "not above the last" };',
    "",
    test("consensus/pre-prepare"),
  ),
  BACK_OFF(
    "no-back-off",
    "§7.1 patience doubles with each view that fails",
    "patience.doublings = Math.min(BACK_OFF_DOUBLINGS_MAX, patience.doublings + 1);",
    "patience.doublings = 0;",
    test("timing/back-off"),
  ),
  BACK_OFF(
    "back-off-for-ever",
    "§7.1 patience decays with what is decided",
    "  patience.doublings -= 1;\n",
    "",
    test("timing/back-off"),
  ),
  BACK_OFF(
    "back-off-forgotten-at-once",
    "§7.1 patience decays step by step",
    "  if (patience.decided < BACK_OFF_STEP_COUNT) return;\n",
    "",
    test("timing/back-off"),
  ),
  TIMING(
    "new-view-waited-for-without-back-off",
    "§7.1 the next new view is waited for twice as long",
    "const grantedMs = backedOffMs(profileOf(of).viewChangeMs, of.timing.patience.doublings - 1);",
    "const grantedMs = profileOf(of).viewChangeMs;",
    test("consensus/time-outs"),
  ),
  TIMING(
    "progress-of-others-is-patience",
    "§7.1 no progress of others moves a request's own time",
    "Math.max(first.since, pool.movedAt, of.timing.enteredAt);",
    "Math.max(of.timing.progressAt, pool.movedAt, of.timing.enteredAt);",
    test("consensus/requests"),
  ),
  TIMING(
    "silent-primary-kept",
    "§7.1 a request that waits too long ends the view",
    "if (pool.waiting[0] !== undefined) at =",
    "if (pool.waiting[0] !== undefined && pool.waiting[0].since < 0) at =",
    test("consensus/requests"),
  ),
  TIMING(
    "deadline-missed-unseen",
    "§7.1 a primary that lets the table's deadline pass is left",
    "  at = Math.min(at, Math.max(tickMissedAt(of), of.timing.enteredAt) + patience);\n",
    "",
    test("consensus/clocks"),
  ),
  TIMING(
    "fast-path-waited-for-in-vain",
    "§4.2 while somebody is silent commits leave at once",
    "(of.timing.misses < FAST_MISSES_MAX || of.executed >= of.timing.givenUpAt + FAST_RETRY_SEQUENCES);",
    "of.timing.misses >= 0;",
    test("consensus/time-outs"),
  ),
];
