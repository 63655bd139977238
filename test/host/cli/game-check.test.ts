import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../xs/engine/root.ts";
import { emitted } from "../../xs/engine/run.ts";
import { hardway } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "hardway-game-"));
afterAll(() => rmSync(folder, { recursive: true }));

const URN = emitted("test/host/engine/game/urn.ts");

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const few = ["--operations", "400"];

describe("game check", { timeout: 60_000 }, () => {
  it("passes the games of this program by their names, with the edge of every bet as a fraction", async () => {
    const roulette = await hardway("game", "check", "roulette", ...few);
    expect(roulette).toMatchObject({ status: 0, stderr: "" });
    expect(roulette.stdout).toMatch(/^ok {3}id: [0-9a-f]{64}$/m);
    expect(roulette.stdout).toMatch(/^edge straight-0 +2\.7027% {2}1\/37$/m);
    const craps = await hardway("game", "check", "craps", ...few, "--json");
    expect(craps.status).toBe(0);
    const rows = craps.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toContainEqual(expect.objectContaining({ type: "edge", bet: "pass", edge: "7/495" }));
    expect(rows.at(-1)).toEqual({ type: "checked", game: "craps", version: 1, ok: true });
  });

  it("checks a game that a compiled file exports, and answers a bad one with its fault and an exit of its own", async () => {
    expect((await hardway("game", "check", URN, ...few)).stdout).toMatch(/^edge heads +12\.5000% {2}1\/8$/m);
    // Of a source of this checkout, what was built of it.
    const source = join(repositoryRoot, "host", "engine", "games", "roulette.ts");
    expect((await hardway("game", "check", source, ...few)).stdout).toMatch(/^edge straight-0 +2\.7027%/m);
    const words = `import { faulty } from "${pathToFileURL(URN)}";\n`;
    const change =
      "{ settle: (of) => ({ ...of, seats: of.seats.map((each) => ({ ...each, returned: 2 * each.returned })) }) }";
    const bad = await hardway(
      "game",
      "check",
      file("bad.mjs", `${words}export const bad = faulty(${change});`),
      ...few,
    );
    expect(bad.status).toBe(18);
    expect(bad.stdout).toMatch(/^BAD {2}random players/m);
    expect(bad.stderr).toMatch(/^urn: \d+ of \d+ checks failed\.\nNext: /);
  });

  it("says what to do about a file that is no game, of TypeScript, not there, or breaks when it is loaded", async () => {
    const told = async (name: string): Promise<readonly [number | null, string]> => {
      const { status, stdout, stderr } = await hardway("game", "check", name);
      expect(stdout).toBe("");
      return [status, stderr];
    };
    expect(await told(file("none.js", "module.exports = 1;"))).toEqual([1, expect.stringMatching(/exports no game/)]);
    expect(await told(file("game.ts", ""))).toEqual([
      1,
      expect.stringMatching(/Node loads no \.ts file as it is\.\nNext: Compile it/),
    ]);
    expect(await told(join(folder, "away.js"))).toEqual([3, expect.stringMatching(/it is not there/)]);
    expect(await told(file("throws.mjs", 'throw new Error("broken");'))).toEqual([
      1,
      expect.stringMatching(/loading .*throws\.mjs: broken\.\nNext: /),
    ]);
    expect(await told("rolette")).toEqual([2, expect.stringMatching(/did you mean roulette\?/)]);
    expect(await told("poker")).toEqual([2, expect.stringMatching(/there is craps, roulette/)]);
  });
});
