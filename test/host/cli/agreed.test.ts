import { expect, it } from "vitest";
import { agreedIn, consensusOf, USUAL } from "../../../host/cli/kiosk/agreed.ts";
import { SPEED_MAX, scaledClock } from "../../../host/cli/kiosk/scaled-clock.ts";
import { newTable, tableIn } from "../../../host/cli/kiosk/table-file.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { BLE, LAN } from "../../../host/engine/timing/profiles.ts";
import { nodeClock } from "../../../host/node/clock.ts";

function optionsBy(text: string) {
  const parsed = parseConfig(text, nearest);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return consensusOf(agreedIn(parsed.config));
}

it("a file that says nothing of it agrees as the engine's own profile does [F05]", () => {
  const options = optionsBy("");
  expect(options).toEqual(consensusOf(USUAL));
  expect(options).toMatchObject({ checkpointEvery: 50, window: 8, batchLengthMax: 50, fastPath: true });
  expect(options.profile).toBe(BLE);
  expect(optionsBy("consensus: {transport: LAN}").profile).toBe(LAN);
});

it("what the file says of agreement is what the engine agrees by: times in proportion, windows, batches, the fast path [F05]", () => {
  const { profile, ...options } = optionsBy(`
consensus: {timeout_ms: 3200, view_change_timeout_ms: 9000, checkpoint_interval: 20}
performance: {pipeline_depth: 3, batch_size: 7, fast_path_enabled: false}
`);
  expect(options).toMatchObject({ checkpointEvery: 20, window: 3, batchLengthMax: 7, fastPath: false });
  expect(profile).toMatchObject({
    name: "BLE",
    proposeMs: 3_200,
    prepareMs: 3_200,
    commitMs: 1_600,
    viewChangeMs: 9_000,
  });
  // What is waited for before any measurement may be waited for after one.
  expect(profile.timeoutMaxMs).toBeGreaterThanOrEqual(3_200 + 3_200 + 1_600);
  expect(optionsBy("consensus: {timeout_ms: 1000}").profile).toMatchObject({ proposeMs: 1_000, commitMs: 500 });
});

it("a table's file is read back as it was written, and anything else is refused with the key that is wrong", () => {
  const keys = ["b", "a", "c"].map((digit) => digit.repeat(64));
  const table = newTable(keys, { seats: 4, bets: "beginner", agreed: USUAL, names: { [keys[0]!]: "Bar" } });
  expect(tableIn(JSON.stringify(table), "x")).toEqual({ ok: true, table });
  expect(table.members).toEqual([...keys].sort());
  for (const [wrong, why] of [
    [{ ...table, members: keys }, /ascend/],
    [{ ...table, seats: 9 }, /seats/],
    [{ ...table, price: 5 }, /price/],
    [{ ...table, agreed: { ...USUAL, window: 0 } }, /agreed\.window/],
    [{ ...table, agreed: { ...USUAL, timeoutMs: 10 } }, /shorter than its transport allows/],
  ] as const) {
    expect(tableIn(JSON.stringify(wrong), "x")).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  }
});

it("clocks of one table that run faster show the same date, whenever each of them began", async () => {
  const beganAt = Date.now() - 60_000;
  const first = scaledClock(SPEED_MAX, beganAt);
  await new Promise((resolve) => nodeClock.after(20, () => resolve(undefined)));
  const second = scaledClock(SPEED_MAX, beganAt);
  expect(Math.abs(first.wallMs() - second.wallMs())).toBeLessThan(SPEED_MAX * 50);
  expect(first.wallMs() - beganAt).toBeGreaterThanOrEqual(SPEED_MAX * 60_000);
  const [at, began] = [first.now(), performance.now()];
  await new Promise((resolve) => first.after(2_000, () => resolve(undefined)));
  expect(first.now() - at).toBeGreaterThanOrEqual(1_900);
  // Slower than that is a machine that is busy, and still twenty times as fast as a clock on the wall.
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(scaledClock(1, 0)).toBe(nodeClock);
});
