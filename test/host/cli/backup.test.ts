import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { formsOf, hex, makeKiosk, OWNER, PASSPHRASE, SECRET, SEED } from "../backup/kiosk.ts";
import { inside } from "./inside.ts";

const where = mkdtempSync(join(tmpdir(), "hardway-backups-"));
afterAll(() => rmSync(where, { recursive: true }));

const PIN = "8412";

/** A kiosk with a configuration, a log and a passphrase's file. Its secret stands in its configuration. */
async function kioskWith(name: string): Promise<{ readonly file: string; readonly folder: string }> {
  const home = join(where, name);
  const { folder } = await makeKiosk({ at: join(home, "data") });
  rmSync(join(folder, "secret"));
  writeFileSync(join(home, "passphrase"), `${PASSPHRASE}\n`, { mode: 0o600 });
  const lines = ["kiosk:", "  folder: data", "  passphrase_file: passphrase", "table:", `  secret: "${hex(SECRET)}"`];
  const more = ["web:", "  enabled: false", "logs:", "  file: logs/hardway.log"];
  const file = join(home, "hardway.yaml");
  writeFileSync(file, `${[...lines, ...more].join("\n")}\n`, { mode: 0o600 });
  mkdirSync(join(home, "logs"));
  const entries = [
    { at: "2026-09-21T12:00:00.000Z", level: "info", part: "kiosk", what: "began", with: { seed: hex(SEED) } },
    { level: "warn", what: `opened with ${PASSPHRASE}`, with: { secret: hex(SECRET), bytes: [...SEED] } },
    { level: "warn", what: "operator", with: { pin: PIN, own_key: Buffer.from(SEED).toString("base64") } },
  ];
  writeFileSync(join(home, "logs/hardway.log"), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  writeFileSync(join(home, "logs/hardway.log.1"), `an older line, ${hex(SECRET).toUpperCase()}\n`);
  return { file, folder };
}

test("`backup` and `restore` bring a kiosk back, and neither writes over anything", async () => {
  const { file } = await kioskWith("one");
  const out = join(where, "one.tar.gz");
  const taken = await inside(["backup", "--file", file, "--out", out, "--json"]);
  expect(taken.exit).toBe("done");
  expect(JSON.parse(taken.out)).toMatchObject({
    ...{ type: "backup", path: out, kiosk: OWNER, key: "under a passphrase", secret: "under a passphrase" },
    ...{ journal: { records: 5, damage: null }, leftOut: ["history.sqlite"], gone: [] },
  });
  const content = gunzipSync(readFileSync(out)).toString("latin1");
  for (const form of [...formsOf(SEED), ...formsOf(SECRET), PASSPHRASE]) expect(content).not.toContain(form);
  expect(await inside(["backup", "--file", file, "--out", out])).toMatchObject({
    ...{ exit: "failed", err: expect.stringContaining("it is not written over") },
  });

  expect(await inside(["restore", out, "--check"])).toMatchObject({ exit: "done", out: `${out} is whole.\n` });
  const at = join(where, "again");
  expect(await inside(["restore", out, "--at", at], ["n"])).toMatchObject({ exit: "interrupted" });
  const asked = await inside(["restore", out, "--at", at]);
  expect([asked.exit, asked.err, existsSync(at)]).toEqual(["usage", expect.stringContaining("--yes"), false]);
  const words = ["restore", out, "--at", at, "--yes", "--passphrase-file", join(where, "one/passphrase")];
  const restored = await inside(words);
  expect(restored).toMatchObject({ exit: "done", err: expect.stringContaining("there must be one alone") });
  expect(readdirSync(at).sort()).toEqual(["config.yaml", "identity", "journal", "key", "secret", "table.json"]);
  expect(readFileSync(join(at, "config.yaml"), "utf8")).toBe(readFileSync(file, "utf8"));
  // Without a passphrase the secret stays out, and its configuration is none that a kiosk takes.
  const closed = join(where, "closed");
  expect((await inside(["restore", out, "--at", closed, "--yes"])).err).toContain(
    "The table's secret stays in the backup",
  );
  expect(readdirSync(closed)).not.toContain("secret");
  const checked = await inside(["config", "check", join(closed, "config.yaml")]);
  expect(checked).toMatchObject({ exit: "unsound", err: expect.stringContaining("table.secret") });
  expect(await inside(words)).toMatchObject({ exit: "busy", err: expect.stringContaining("is not empty") });
});

test("backups into a folder get names of their own, and of one kiosk no more stay than are wanted", async () => {
  const { folder } = await kioskWith("two");
  const to = join(where, "all");
  mkdirSync(to);
  const old = ["20200101t000000", "20200102t000000"].map((time) => `hardway-${OWNER.slice(0, 8)}-${time}.tar.gz`);
  for (const name of [...old, "hardway-00000000-20200101t000000.tar.gz"]) writeFileSync(join(to, name), "");
  const taken = await inside(["backup", "--at", folder, "--to", to, "--keep", "2", "--scheduled", "--json"]);
  expect(JSON.parse(taken.out)).toMatchObject({ why: "scheduled", key: "left out", gone: [old[0]] });
  expect(taken.err).toContain("Without a passphrase its key is not in it");
  expect(readdirSync(to)).toHaveLength(3);
});

test("what is no kiosk, no backup, or a wrong passphrase ends with its exit and the next step", async () => {
  const nothing = join(where, "none");
  expect(await inside(["backup", "--at", nothing, "--out", join(where, "x")])).toMatchObject({ exit: "failed" });
  expect(await inside(["backup", "--file", nothing, "--out", join(where, "x")])).toMatchObject({ exit: "missing" });
  expect(await inside(["backup", "--at", nothing])).toMatchObject({ exit: "usage" });
  expect(await inside(["restore", nothing, "--check"])).toMatchObject({ exit: "missing" });
  writeFileSync(join(where, "text"), "no backup");
  const text = await inside(["restore", join(where, "text"), "--check"]);
  expect(text).toMatchObject({ exit: "unsound", err: expect.stringMatching(/no archive[\s\S]*Next: /) });
  const wrong = ["restore", join(where, "one.tar.gz"), "--check", "--passphrase-file", join(where, "text")];
  expect(await inside(wrong)).toMatchObject({ exit: "unsound", err: expect.stringContaining("passphrase is wrong") });
});

test("a support bundle holds logs, configuration, versions, figures and the doctor's words, and no secret in any form", async () => {
  const { file, folder } = await kioskWith("three");
  const path = join(where, "support.tar.gz");
  const { exit, out } = await inside(["support", "--file", file, "--at", folder, "--out", path, "--json"]);
  expect(exit).toBe("done");
  expect(JSON.parse(out).names).toEqual([
    ...["about.json", "config.yaml", "files.json", "journal.json", "logs/hardway.log", "logs/hardway.log.1"],
    ...["service.txt", "service-log.txt", "doctor.txt"],
  ]);
  const content = gunzipSync(readFileSync(path)).toString("latin1");
  for (const form of [...formsOf(SEED), ...formsOf(SECRET), PASSPHRASE, `"${PIN}"`, JSON.stringify([...SEED])]) {
    expect(content).not.toContain(form);
  }
  expect(content).toMatch(/"what":"began","with":\{"seed":\(hidden\)\}/);
  expect(content).toContain("passphrase_file: passphrase");
  expect(content).toContain("an older line, (hidden)");
  expect(content).toMatch(/"records": 5/);
  expect(content).toMatch(/exit \w+/);
  expect(await inside(["support", "--file", file, "--out", path])).toMatchObject({ exit: "failed" });
});

test("of a kiosk whose configuration is wrong there is a bundle all the same, which says what is wrong with it", async () => {
  const { file } = await kioskWith("four");
  writeFileSync(file, readFileSync(file, "utf8").replace("table:", "tabel:"));
  const out = join(where, "broken.tar.gz");
  expect(await inside(["support", "--file", file, "--out", out, "--no-doctor"])).toMatchObject({ exit: "done" });
  const content = gunzipSync(readFileSync(out)).toString("latin1");
  expect(content).toContain("did you mean table?");
  for (const form of formsOf(SECRET)) expect(content).not.toContain(form);
});
