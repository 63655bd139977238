import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { takeBackup } from "../../../host/backup/take-backup.ts";
import { deskOf } from "../../../host/cli/kiosk/desk-of-config.ts";
import { lastLines } from "../../../host/cli/kiosk/last-lines.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { logger } from "../../../host/logs/logger.ts";
import { FLUSH_COST_SIZE } from "../../../host/service/card-budget.ts";
import { LOG_LINES_SHOWN_MAX } from "../../../host/web/contract/limits.ts";
import { Logs, Settings } from "../../../host/web/contract/operator-part.ts";
import { millis } from "../../../protocol/core/units.ts";
import { makeKiosk } from "../backup/kiosk.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

const SECRET = Buffer.from(Uint8Array.from({ length: 32 }, (_, at) => 7 * at + 3)).toString("hex");
const TEXT = `# mine
kiosk: {name: Bar}   # the left one
table: {secret: "${SECRET}"}
logs: {level: warn}
`;

function desk() {
  const file = join(here.make(), "hardway.yaml");
  writeFileSync(file, TEXT, { mode: 0o600 });
  const parsed = parseConfig(TEXT, nearest);
  if (!parsed.ok) throw new Error("it is one");
  const lines = lastLines();
  const log = logger({ level: "warn", clock: { now: () => millis(0), wall: () => 7 }, sinks: [lines.sink] });
  const backup = async () => ({ ok: true, revision: 0, words: "made" }) as const;
  const of = deskOf({ file, config: parsed.config, log, lines, writtenBytes: () => 5, backup });
  return { of, log, text: () => readFileSync(file, "utf8") };
}

it("an operator sets what the file may hold from the page, and every other byte of it stays", async () => {
  const { of, text } = desk();
  expect(await of.order({ type: "set", key: "logs.level", value: "debug" })).toMatchObject({ ok: true });
  expect(text()).toBe(TEXT.replace("level: warn", "level: debug"));
  expect(of.settings().settings.find(({ key }) => key === "logs.level")).toMatchObject({ value: "debug" });
  expect(await of.order({ type: "set", key: "logs.level", value: null })).toMatchObject({ ok: true });
  expect(of.settings().settings.find(({ key }) => key === "logs.level")).toMatchObject({
    value: "info",
    isStandard: true,
  });
});

it("of its duties it tells backups and what a card takes in a day, looked at once a minute and after each backup", async () => {
  const folder = here.make();
  const file = join(folder, "hardway.yaml");
  writeFileSync(file, TEXT, { mode: 0o600 });
  const parsed = parseConfig(TEXT, nearest);
  if (!parsed.ok) throw new Error("it is one");
  let now = 0;
  const backup = async () => {
    const { folder: kiosk } = await makeKiosk({ at: join(folder, "kiosk") });
    const order = { folder: kiosk, config: undefined, secret: undefined, passphrase: undefined, program: "0" };
    await takeBackup({ ...order, why: "asked for", atMs: 7_000, salt: 1 }, () => join(folder, "hardway.tar.gz"));
    return { ok: true, revision: 0, words: "made" } as const;
  };
  const clock = { now: () => millis(now), wall: () => 7 };
  const of = deskOf({
    ...{ file, config: parsed.config, lines: lastLines(), log: logger({ level: "warn", clock, sinks: [] }), backup },
    ...{ writtenBytes: () => 1_000, flushes: () => 2, now: clock.now, backups: folder },
  });
  expect(of.part()).toMatchObject({ backups: [], writtenBytesADay: null });
  await of.order({ type: "backup" });
  expect(of.part().backups).toMatchObject([{ name: "hardway.tar.gz", at: 7_000, why: "asked for" }]);
  const before = of.part();
  now = 60_000;
  expect(of.part().writtenBytesADay).toBe((1_000 + 2 * FLUSH_COST_SIZE) * 24 * 60);
  expect(before.writtenBytesADay).toBeNull();
});

it("what may change while it runs holds at once, and says so; all else waits for the next start", async () => {
  const { of, log } = desk();
  const set = (key: string, value: string | null) => of.order({ type: "set", key, value });
  expect(await set("logs.levels.mesh", "debug")).toMatchObject({
    ok: true,
    words: expect.stringMatching(/from now on/),
  });
  expect(log.levels()).toMatchObject({ mesh: "debug", game: "warn" });
  await set("logs.level", "error");
  expect(log.levels()).toMatchObject({ mesh: "debug", game: "error" });
  await set("logs.levels.mesh", null);
  expect(log.levels()).toMatchObject({ mesh: "error" });
  expect(await set("web.port", "8090")).toMatchObject({ ok: true, words: expect.stringMatching(/next start/) });
  const live = of.settings().settings.filter(({ needsRestart }) => !needsRestart);
  expect(live.map(({ key }) => key).every((key) => /^logs\.levels?(\.|$)/.test(key))).toBe(true);
  expect(live.length).toBeGreaterThan(5);
});

it("what may not be is refused with a reason, and the file is as it was", async () => {
  const { of, text } = desk();
  for (const [key, value, why] of [
    ["web.prot", "1", "no such setting"],
    ["web.port", "70000", "failed"],
    ["web.port", "much", "failed"],
    ["table.secret", SECRET, "not now"],
    ["kiosk.folder", "/elsewhere", "not now"],
    ["consensus.algorithm", "raft", "not now"],
  ] as const) {
    expect(await of.order({ type: "set", key, value }), key).toMatchObject({ ok: false, why });
  }
  expect(text()).toBe(TEXT);
  expect(await of.order({ type: "fault", fault: "heal" })).toMatchObject({ ok: false, why: "real radios" });
});

it("settings are told with their schema, and no secret is among them", () => {
  const { of } = desk();
  const settings = Settings.parse(of.settings());
  expect(JSON.stringify(settings)).not.toContain(SECRET);
  expect(settings.settings.find(({ key }) => key === "table.secret")).toMatchObject({ isSecret: true, value: null });
  expect(settings.settings.find(({ key }) => key === "kiosk.name")).toMatchObject({ value: "Bar", isStandard: false });
});

it("log levels change while it runs, and the newest lines are shown, so many and no more", async () => {
  const { of, log } = desk();
  log.of("game").info("rolled", { roll: 1 });
  expect(of.logs().lines).toEqual([]);
  expect(await of.order({ type: "logLevel", part: "game", level: "info" })).toMatchObject({ ok: true });
  for (let roll = 0; roll < 3 * LOG_LINES_SHOWN_MAX; roll++) log.of("game").info(`rolled ${roll}`, { roll });
  const { lines, levels } = Logs.parse(of.logs());
  expect(levels).toMatchObject({ game: "info", mesh: "warn" });
  expect(lines.length).toBeLessThanOrEqual(LOG_LINES_SHOWN_MAX);
  expect(lines.at(-1)).toMatchObject({ part: "game", level: "info" });
  await log.close();
});
