import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const entry = join(import.meta.dirname, "../../../build/host/cli/hardway.js");

/** Runs what `npm start` runs, with a temporary folder of its own to look into afterwards. */
function start(...args: string[]): { status: number | null; stdout: string; stderr: string; left: string[] } {
  expect(existsSync(entry), `${entry} is there: npm run build`).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), "hardway-start-test-"));
  try {
    const env = { ...process.env, TMPDIR: folder };
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, "start", ...args], {
      env,
      encoding: "utf8",
    });
    return { status, stdout, stderr, left: readdirSync(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("npm start", () => {
  it("two kiosks find each other over four virtual radios, exchange signed votes, and leave nothing behind [I09]", {
    timeout: 60_000,
  }, () => {
    const { status, stdout, stderr, left } = start("--seconds", "5");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/no Byzantine tolerance/);
    expect(stdout).toMatch(/^ {3}1 s {2}/m);
    expect(stdout).toMatch(/^ {3}5 s {2}/m);
    const [, said, heard, sent] = /(\d+) votes said, (\d+) heard .* packets: (\d+) sent/.exec(stdout) ?? [];
    expect(Number(said)).toBeGreaterThan(0);
    expect(Number(heard)).toBeGreaterThan(0);
    expect(Number(heard)).toBeLessThanOrEqual(Number(said));
    expect(Number(sent)).toBeGreaterThan(0);
    const rows = stdout.match(/^kiosk \d radio \d .*$/gm) ?? [];
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).toMatch(/ (nrf52-dk|esp32-nodemcu) +[1-9]\d* /);
    expect(left).toEqual([]);
  });

  it("a word it does not know gets the nearest that it does, and exit code 2", () => {
    const { status, stdout, stderr } = start("--second", "3");
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/no option --second; did you mean --seconds\?/);
    for (const wrong of [
      ["--seconds", "0"],
      ["--error-rate", "0.5"],
      ["--seed", "x"],
      ["--device", "unix:/a"],
    ]) {
      expect(start(...wrong).status, wrong.join(" ")).toBe(2);
    }
  });
});
