import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../../host/cli/kiosk/kiosk-report.ts";
import type { RollFile } from "../../../host/node/roll-file.ts";
import { inside } from "./inside.ts";
import { hardway } from "./program.ts";
import { type Ran, startProgram } from "./start-program.ts";

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

interface Ended extends Ran {
  /** Where temporary things were, and processes that name this table's folder. */
  readonly left: readonly string[];
}

async function start(words: readonly string[], on?: Parameters<typeof startProgram>[2]): Promise<Ended> {
  const ran = await startProgram(words, { TMPDIR: temporary }, on);
  return { ...ran, left: [...readdirSync(temporary), ...processesOf(folder)] };
}

/** Long enough for any machine: a test ends its table when it has seen what it waits for. */
const LONG = ["--seconds", "100"];
const at = (name: string): readonly string[] => ["--at", join(folder, name)];

const viewIn = (line: string): number => Number(/ view (\d+)/.exec(line)?.[1] ?? -1);
const isRoll = (line: string): boolean => / · proof [0-9a-f]{16}… verified$/.test(line);

describe("npm start", () => {
  it("four kiosks find each other over eight virtual radios, play craps, prove each roll, and leave nothing behind [I09]", async () => {
    const began = performance.now();
    let [rolls, firstMs] = [0, 0];
    const { status, lines, stderr, left } = await start([...LONG, ...at("four")], (line, press) => {
      if (!isRoll(line)) return;
      rolls += 1;
      if (rolls === 1) firstMs = performance.now() - began;
      if (rolls === 3) press("q");
    });
    console.log(`the first roll after ${(firstMs / 1000).toFixed(1)} s`);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const text = lines.join("\n");
    expect(text).toMatch(/^4 kiosks, 8 radios on one air, 4 links: bears 1 that is Byzantine/);
    expect(text).toMatch(/ s {2}sequence \d+ · view \d+.* · \d+ operations\/s · .* · up: 0 1 2 3/);
    expect(text).toMatch(
      /^roll 1 +[⚀-⚅] [⚀-⚅] {2}[1-6] \+ [1-6] = \d+ · sequence \d+ · view \d+, kiosk \d leads · kiosk \d shoots · proof/m,
    );
    expect(text).toMatch(/^ +kiosk \d [a-z-]+[-\d]* \d+.*: (?:0|[+−]\d+)/m);
    expect(text).toMatch(
      /[3-9] rolls, every proof verified\n\d+ operations agreed on, .*; all 4 kiosks have the state/,
    );
    expect(text).toMatch(/^chips: kiosk 0 \d+ · kiosk 1 \d+ · kiosk 2 \d+ · kiosk 3 \d+$/m);
    const rows = lines.filter((line) => /^kiosk \d radio \d esp32-nodemcu +[1-9]\d* /.test(line));
    expect(rows).toHaveLength(8);
    expect(left).toEqual([]);
  }, 120_000);

  it("a roll's file is verified by the program alone, with the dice that were shown; a spoilt one names its fault [K07]", async () => {
    const rolls = join(folder, "four", "rolls");
    const [one, two] = ["1.json", "2.json"].map((name) => join(rolls, name)) as [string, string];
    const good = await hardway("roll", "verify", one, "--keys", two);
    expect(good).toMatchObject({ status: 0, stderr: "" });
    expect(good.stdout).toMatch(
      /^roll 1: [1-6] and [1-6], by the partials of the holders \d, \d, \d of dice key 1\nproof [0-9a-f]{64} verified\n/,
    );
    const file = JSON.parse(readFileSync(one, "utf8")) as RollFile;
    const spoilt = join(temporary, "spoilt.json");
    const verify = async (changed: Partial<RollFile>): Promise<string> => {
      writeFileSync(spoilt, JSON.stringify({ ...file, ...changed }));
      const { status, stdout } = await hardway("roll", "verify", spoilt, "--json");
      expect(status).toBe(18);
      return JSON.parse(stdout).where;
    };
    const flip = (at: number): string => {
      const bytes = Buffer.from(file.proof, "hex");
      bytes[bytes.length + at]! ^= 1;
      return bytes.toString("hex");
    };
    expect(await verify({ proof: flip(-1) })).toBe("dice");
    expect(await verify({ proof: flip(-10) })).toBe("partial");
    expect(await verify({ proof: file.proof.slice(0, -2) })).toBe("layout");
    expect(await verify({ table: "00".repeat(16) })).toBe("table");
    expect(await verify({ epoch: 1 })).toBe("epoch");
    expect((await hardway("roll", "verify", join(folder, "none"))).status).toBe(3);
    rmSync(spoilt);
  }, 60_000);

  it("a second start goes on where the first has ended, each kiosk from its journal", async () => {
    const reports: Report[] = [];
    const rolled: number[] = [];
    const { status, left } = await start([...LONG, ...at("four"), "--json"], (line, press) => {
      const said = JSON.parse(line);
      if (said.type === "report") reports.push(said);
      if (said.type === "rolled") {
        expect(said).toMatchObject({ verified: true, fell: { file: { rollProof: 1 } } });
        rolled.push(said.roll);
        press("q");
      }
    });
    expect(status).toBe(0);
    for (const { recovered, isBalanced } of reports) {
      expect(recovered.verdict).toBe("clean");
      expect(recovered.sequence).toBeGreaterThan(9);
      expect(isBalanced).toBe(true);
    }
    // Rolls that the journals brought back were told before.
    expect(rolled[0]).toBeGreaterThan(3);
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

  it("a key stops the kiosk that leads, and another takes its place; a key kills one, and it comes again; rolls go on", async () => {
    const stages = ["rolled", "stopped", "killed", "back", "rolled again", "over"] as const;
    let [stage, view] = [0, 0];
    const { status, lines, left } = await start([...LONG, ...at("keys")], (line, press) => {
      const all = / up: 0 1 2 3$/.test(line);
      const isNext = {
        rolled: isRoll(line),
        stopped: viewIn(line) > view && all,
        killed: / up: (?!0 1 2 3$)/.test(line),
        back: all,
        "rolled again": isRoll(line),
        over: false,
      }[stages[stage]!];
      if (!isNext) return;
      if (stage === 0) view = viewIn(line);
      const key = ["v", "k", "", "", "q"][stage]!;
      stage += 1;
      if (key !== "") press(key);
    });
    expect(stages[stage]).toBe("over");
    expect(status).toBe(0);
    const text = lines.join("\n");
    expect(text).toMatch(/v: kiosk \d, which leads, stops for \d+ s/);
    expect(text).toMatch(/k: kiosk \d is killed, and comes again in 3 s/);
    expect(text).toMatch(/\d+ rolls, every proof verified\n/);
    expect(text).toMatch(/all 4 kiosks have the state/);
    expect(left).toEqual([]);
  }, 120_000);

  it("two kiosks play on by secrets that both say, and three, and say that they bear no fault [B17]", async () => {
    const few = async (kiosks: number, radios: number, links: string): Promise<void> => {
      const words = [...LONG, ...at(`few-${kiosks}`), "--kiosks", String(kiosks)];
      const { status, lines } = await start(words, (line, press) => {
        if (isRoll(line)) press("q");
      });
      expect(status).toBe(0);
      expect(lines[0]).toBe(
        `${kiosks} kiosks, ${radios} radios on one air, ${links}: no Byzantine tolerance with fewer than four.`,
      );
      expect(lines.join("\n")).toMatch(new RegExp(`all ${kiosks} kiosks have the state`));
      const verified = await hardway("roll", "verify", join(folder, `few-${kiosks}`, "rolls", "1.json"));
      expect(verified.stdout).toMatch(/^roll 1: [1-6] and [1-6], by the secrets of the members 0, 1/);
    };
    await Promise.all([few(2, 4, "1 link"), few(3, 6, "3 links")]);
  }, 120_000);

  it("a word it does not know gets the nearest that it does, and exit code 2", async () => {
    const { status, lines, stderr } = await start(["--second", "3"]);
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(stderr).toMatch(/no option --second; did you mean --seconds\?/);
    const wrongs = [
      ["--seconds", "0"],
      ["--kiosks", "1"],
      ["--kiosks", "11"],
      ["--boards", "esp33"],
      ["--error-rate", "0.5"],
      ["--seed", "x"],
      ["--device", "unix:/a"],
    ];
    for (const wrong of wrongs) {
      expect((await inside(["start", ...wrong, ...at("wrong")])).exit, wrong.join(" ")).toBe("usage");
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
