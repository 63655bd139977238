import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../../host/node/kiosk-report.ts";
import { emitted } from "../../xs/engine/run.ts";

/** For all tables of this file; what is there afterwards is looked at. */
let folder = "";
let temporary = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hardway-start-test-"));
  temporary = mkdtempSync(join(tmpdir(), "hardway-start-tmp-"));
});
afterAll(() => {
  for (const each of [folder, temporary]) rmSync(each, { recursive: true });
});

interface Ran {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
  /** Where temporary things were, and processes that name this table's folder. */
  readonly left: readonly string[];
}

/** Runs what `npm start` runs; `on` sees each line of the answer and may press keys. */
function start(
  words: readonly string[],
  on: (line: string, press: (key: string) => void) => void = () => {},
): Promise<Ran> {
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [emitted("host/cli/hardway.ts"), "start", ...words], { env });
  const lines: string[] = [];
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    on(line, (key) => child.stdin.write(`${key}\n`));
  });
  return new Promise((resolve) =>
    child.once("close", (status) =>
      resolve({ status, lines, stderr, left: [...readdirSync(temporary), ...processesOf(folder)] }),
    ),
  );
}

/** Long enough for any machine: a test ends its table when it has seen what it waits for. */
const LONG = ["--seconds", "100"];
const at = (name: string): readonly string[] => ["--at", join(folder, name)];

const viewIn = (line: string): number => Number(/ view (\d+)/.exec(line)?.[1] ?? -1);
const sequenceIn = (line: string): number => Number(/sequence (\d+) /.exec(line)?.[1] ?? -1);
const operationsIn = (line: string): number => Number(/ (\d+) operations\/s/.exec(line)?.[1] ?? 0);

describe("npm start", () => {
  it("four kiosks find each other over nine virtual radios, agree, and leave nothing behind [I09]", async () => {
    const { status, lines, stderr, left } = await start([...LONG, ...at("four")], (line, press) => {
      if (sequenceIn(line) > 10 && operationsIn(line) > 0) press("q");
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const text = lines.join("\n");
    expect(text).toMatch(/^4 kiosks, 9 radios .* bears 1 that is Byzantine/);
    expect(text).toMatch(/ s {2}sequence \d+ · view \d+.* · \d+ operations\/s · \d+ % fast · \d+ ms · up: 0 1 2 3/);
    expect(text).toMatch(/\d+ operations agreed on, .*; all 4 kiosks have the state [0-9a-f]{16}…/);
    const rows = lines.filter((line) => /^kiosk \d radio \d esp32-nodemcu +[1-9]\d* /.test(line));
    expect(rows).toHaveLength(9);
    expect(left).toEqual([]);
  }, 120_000);

  it("a second start goes on where the first has ended, each kiosk from its journal", async () => {
    const reports: Report[] = [];
    const { status, left } = await start([...LONG, ...at("four"), "--json"], (line, press) => {
      const said = JSON.parse(line);
      if (said.type === "report") reports.push(said);
      if (said.type === "second" && said.operations > 0) press("q");
    });
    expect(status).toBe(0);
    for (const { recovered } of reports) {
      expect(recovered.verdict).toBe("clean");
      expect(recovered.sequence).toBeGreaterThan(9);
    }
    expect(Math.max(...reports.map(({ sequence }) => sequence))).toBeGreaterThan(reports[0]!.recovered.sequence);
    // Nobody has lost its memory: all may sign.
    expect(reports.filter(({ muted }) => muted !== undefined)).toEqual([]);
    expect(left).toEqual([]);
  }, 120_000);

  it("a table of other kiosks is not sat down at, and is left as it is", async () => {
    const { status, stderr, left } = await start([...LONG, ...at("four"), "--kiosks", "3"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/the table in .* has other kiosks\.\nNext: start with --reset/);
    expect(readdirSync(join(folder, "four"))).toContain("kiosk-3");
    expect(left).toEqual([]);
  }, 60_000);

  it("a key stops the kiosk that leads, and another takes its place; a key kills one, and it comes again", async () => {
    let [stoppedIn, killed, backAgain] = [-1, false, false];
    const { status, lines, left } = await start([...LONG, ...at("keys")], (line, press) => {
      const all = / up: 0 1 2 3$/.test(line) && operationsIn(line) > 0;
      if (stoppedIn < 0 && all) {
        stoppedIn = viewIn(line);
        press("v");
      } else if (!killed && stoppedIn >= 0 && viewIn(line) > stoppedIn && all) {
        killed = true;
        press("k");
      } else if (killed && !backAgain && / up: (?!0 1 2 3$)/.test(line)) {
        backAgain = true;
      } else if (backAgain && all) press("q");
    });
    expect(status).toBe(0);
    const text = lines.join("\n");
    expect(text).toMatch(/v: kiosk \d, which leads, stops for \d+ s/);
    expect(text).toMatch(/k: kiosk \d is killed, and comes again in 3 s/);
    expect(text).toMatch(/all 4 kiosks have the state/);
    expect(left).toEqual([]);
  }, 120_000);

  it("two kiosks play on, and three, and say that they bear no fault [B17]", async () => {
    const few = async (kiosks: number, radios: number): Promise<void> => {
      const words = [...LONG, ...at(`few-${kiosks}`), "--kiosks", String(kiosks)];
      const { status, lines } = await start(words, (line, press) => {
        if (operationsIn(line) > 0) press("q");
      });
      expect(status).toBe(0);
      expect(lines[0]).toBe(
        `${kiosks} kiosks, ${radios} radios on one air, a link for every pair: no Byzantine tolerance with fewer than four.`,
      );
      expect(lines.join("\n")).toMatch(new RegExp(`all ${kiosks} kiosks have the state`));
    };
    await Promise.all([few(2, 2), few(3, 5)]);
  }, 120_000);

  it("a word it does not know gets the nearest that it does, and exit code 2", async () => {
    const { status, lines, stderr } = await start(["--second", "3"]);
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(stderr).toMatch(/no option --second; did you mean --seconds\?/);
    for (const wrong of [
      ["--seconds", "0"],
      ["--kiosks", "1"],
      ["--kiosks", "8"],
      ["--error-rate", "0.5"],
      ["--seed", "x"],
      ["--device", "unix:/a"],
    ]) {
      expect((await start([...wrong, ...at("wrong")])).status, wrong.join(" ")).toBe(2);
    }
  });
});

/** By their command lines, where the system shows them. */
function processesOf(name: string): string[] {
  const numbers = readdirSync("/proc").filter((each) => /^\d+$/.test(each) && Number(each) !== process.pid);
  return numbers.flatMap((number) => {
    try {
      const words = readFileSync(`/proc/${number}/cmdline`, "utf8").replaceAll("\0", " ");
      return words.includes(name) || words.includes(temporary) ? [words] : [];
    } catch {
      return [];
    }
  });
}
