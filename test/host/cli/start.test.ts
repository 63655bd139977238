import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { options } from "../../../host/cli/start-options.ts";

const entry = join(import.meta.dirname, "../../../build/host/cli/start.js");

/** Runs what `npm start` runs, with a temporary folder of its own to look into afterwards. */
function start(...args: string[]): { status: number | null; stdout: string; stderr: string; left: string[] } {
  expect(existsSync(entry), `${entry} is there: npm run build`).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), "hardway-start-test-"));
  try {
    const env = { ...process.env, TMPDIR: folder };
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { env, encoding: "utf8" });
    return { status, stdout, stderr, left: readdirSync(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("npm start", () => {
  it("two processes exchange signed votes, say so each second, end by themselves and leave nothing behind", () => {
    const { status, stdout, stderr, left } = start("--seconds", "2", "--error-rate", "0.002");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/no Byzantine tolerance/);
    expect(stdout).toMatch(/^ {3}1 s {2}/m);
    expect(stdout).toMatch(/^ {3}2 s {2}/m);
    const [, said, heard] = /(\d+) votes said, (\d+) heard and verified/.exec(stdout) ?? [];
    expect(Number(said)).toBeGreaterThan(0);
    expect(Number(heard)).toBeGreaterThan(0);
    expect(Number(heard)).toBeLessThanOrEqual(Number(said));
    expect(left).toEqual([]);
  });

  it("a word it does not know gets the usage and exit code 2", () => {
    const { status, stdout, stderr } = start("--second", "3");
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/--second/);
    expect(stderr).toMatch(/--seconds N/);
  });
});

describe("the options of npm start", () => {
  it("have defaults, and keep their bounds", () => {
    expect(options([])).toEqual({ type: "run", seconds: 30, errorRate: 0.001, seed: 1 });
    expect(options(["--help"])).toEqual({ type: "help" });
    for (const args of [
      ["--seconds", "0"],
      ["--seconds", "1.5"],
      ["--seconds", "soon"],
      ["--error-rate", "0.5"],
      ["--error-rate", "-1"],
      ["--seed", "x"],
      ["stray"],
    ]) {
      expect(options(args).type, args.join(" ")).toBe("wrong");
    }
  });
});
