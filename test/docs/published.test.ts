import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../host/cli/commands.ts";
import { Commitment, Opening } from "../../host/engine/dice/commitment.ts";
import { ProfileLayout } from "../../host/engine/profiles/profile-snapshot.ts";
import { lanRounds } from "../bench/targets-lan.ts";
import { repositoryRoot } from "../xs/engine/root.ts";
import { type Origin, PUBLISHED } from "./published.ts";

const FIGURE = /(?<![\w.])(\d[\d.,]*) ?(ms|s|µs|ns|KB|kB|MB|GB|KiB|MiB|B\/s|KB\/s|kB\/s|op\/s|%|mA|mAh|B)(?![\w/])/g;
/** Reckons it below. */
const OWN = "test/docs/published.test.ts";
/** By `npm run docs`, from the sources. */
const PRINTED = ["commands.md", "configuration.md", "protocol.md"];

const text = (...path: string[]): string => readFileSync(join(repositoryRoot, ...path), "utf8");
const names = readdirSync(join(repositoryRoot, "docs")).filter((name) => name.endsWith(".md"));
const pages = new Map([
  ["README.md", text("README.md")],
  ...names.filter((name) => !PRINTED.includes(name)).map((name) => [name, text("docs", name)] as const),
]);
const lines = [...pages].flatMap(([page, all]) =>
  all.split("\n").flatMap((line) => (line.match(FIGURE) === null ? [] : [{ page, line }])),
);
const originsOf = ({ page, line }: { readonly page: string; readonly line: string }): readonly Origin[] =>
  PUBLISHED.filter((each) => each.page === page && each.says.test(line)).flatMap(({ by }) => by);

describe("a figure in the documentation", () => {
  test("is one of those that say where they come from, in every line of every page [U09]", () => {
    expect(lines.length).toBeGreaterThan(80);
    expect(lines.filter((each) => originsOf(each).length === 0)).toEqual([]);
  });

  test("that says it still stands there", () => {
    const stale = PUBLISHED.filter(
      ({ page, says }) => !lines.some((each) => each.page === page && says.test(each.line)),
    );
    expect(stale.map(({ page, says }) => `${page}: ${says}`)).toEqual([]);
  });

  test("comes from a row that a benchmark prints, from a command that there is, from a test, or from a source [U09]", () => {
    const benches = new Set(
      [...text("test", "bench", "main.ts").matchAll(/^ {2}\["([\w-]+)", \(\)/gm)].map(([, name]) => name),
    );
    const scripts: { readonly [name: string]: string } = JSON.parse(text("package.json")).scripts;
    const commands = new Set([...Object.keys(scripts), ...COMMANDS.map(({ words }) => words.join(" "))]);
    const files = readdirSync(join(repositoryRoot, "test", "bench")).filter((name) => name.endsWith(".ts"));
    for (const origin of PUBLISHED.flatMap(({ by }) => by)) {
      if ("bench" in origin) {
        const { bench, rows } = origin;
        expect([...benches], bench).toContain(bench);
        const own = files.filter((name) => !name.endsWith(".test.ts") && name.startsWith(bench));
        const said = own.map((name) => text("test", "bench", name)).join("\n");
        for (const row of rows) expect(said.includes(row), `bench ${bench} prints ${row}`).toBe(true);
      } else if ("command" in origin) expect([...commands]).toContain(origin.command);
      else if ("cited" in origin) expect(origin.cited.length).toBeGreaterThan(10);
      else {
        const path = "test" in origin ? origin.test : origin.source;
        expect(existsSync(join(repositoryRoot, path)), path).toBe(true);
      }
    }
  });

  test("is a number that its source or its test holds, where one is named for it [U09]", () => {
    const wrong = lines.filter((each) => {
      const paths = originsOf(each).flatMap((by) =>
        "test" in by && by.test !== OWN ? [by.test] : "source" in by ? [by.source] : [],
      );
      if (paths.length === 0 || originsOf(each).some((by) => "bench" in by || "cited" in by || "command" in by))
        return false;
      const held = paths.map((path) => text(path).replaceAll("_", "")).join("\n");
      return ![...each.line.matchAll(FIGURE)].some(([, digits, unit]) => holds(held, digits!, unit!));
    });
    expect(wrong).toEqual([]);
  });
});

/** As text of a source would have it: in milliseconds, in bytes, as a share. */
function holds(held: string, digits: string, unit: string): boolean {
  const value = Number(digits.replaceAll(",", "").replace(/\.$/, ""));
  const times: { readonly [unit: string]: readonly number[] } = {
    ...{
      s: [1, 1_000],
      KiB: [1, 1_024],
      MiB: [1, 1_048_576],
      MB: [1, 1_000_000, 1_048_576],
      KB: [1, 1_000, 1_024],
      "%": [1, 0.01],
    },
  };
  const written = (times[unit] ?? [1]).map((by) => String(Number((value * by).toPrecision(6))));
  return written.some((number) => new RegExp(`(?<![\\d.])${number.replace(".", "\\.")}(?![\\d])`).test(held));
}

test("sizes on the page of fairness are those of the layouts [U09]", () => {
  const page = pages.get("fairness.md") ?? "";
  // Each with the operation's tag and the roll's number.
  const member = 2 + Commitment.sizeMax + (2 + Opening.sizeMax);
  expect(page).toContain(`${4 * member} B | ${(8 * member).toLocaleString("en")} B |`);
  expect(page).toContain(`at most ${(ProfileLayout.sizeMax / 1_000).toFixed(1)} KB`);
});

test("the page of figures is what is measured: what runs in a second is measured again here [U09]", () => {
  const shown = /\| [^|]*of four[^|]*\| (\d+) ms \| [^|]*\| `bench targets`, `round-lan-4` \|/.exec(
    pages.get("figures.md") ?? "",
  );
  expect(shown).not.toBeNull();
  const share = Math.max(...lanRounds(4, 200)) / Number(shown![1]);
  // What agreement says changes now and then; what it takes then is measured again, and stands here anew.
  expect(share).toBeGreaterThan(0.8);
  expect(share).toBeLessThan(1.25);
});
