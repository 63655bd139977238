import { describe, expect, test } from "vitest";
import { LAYERS, layerOf, SOURCE_FOLDERS, TOP_LEVEL } from "./layers.ts";
import { codeOf, files, filesIn, isScript, textOf, topLevel } from "./tree.ts";

const LINES_MAX = 300;

const sources = filesIn(...SOURCE_FOLDERS).filter(isScript);
const pureSources = sources.filter((path) => layerOf(path)?.pure);
const tests = filesIn("test").filter((path) => path.endsWith(".test.ts"));

/** Where lines match, as "path:line text". */
function linesLike(paths: readonly string[], pattern: RegExp, read: (path: string) => string = textOf): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
  );
}

const code = (path: string): string => codeOf(textOf(path));

/** This file speaks of what it forbids. */
const elsewhere = (paths: readonly string[]): string[] =>
  paths.filter((path) => path !== "test/architecture/tidy.test.ts");

describe("the pure folders", () => {
  test("are those of the table", () => {
    expect(LAYERS.filter((layer) => layer.pure).length).toBeGreaterThan(9);
    expect(pureSources.length).toBeGreaterThan(40);
  });

  test("neither read a clock nor draw chance, the two that the compiler lets pass", () => {
    expect(linesLike(pureSources, /\bDate\b|\bMath\s*\.\s*random\b/, code)).toEqual([]);
    expect(linesLike(["a"], /\bDate\b/, () => codeOf("// a Date\nconst now = Date.now();"))).toHaveLength(1);
  });

  test("await nothing", () => {
    expect(linesLike(pureSources, /\b(?:async|await|Promise)\b/, code)).toEqual([]);
  });

  test("keep nothing at module level that can change: a snapshot would miss it, and on a board it lies in flash", () => {
    expect(linesLike(pureSources, MUTABLE, code)).toEqual([]);
    const examples = [
      ...["let count = 0;", "export let count = 0;", "const seen = new Map();", "var a;"],
      ...["export const table = new Uint8Array(256);", "const all: string[] = [];", "const all: T = {};"],
    ];
    for (const example of examples) expect(example).toMatch(MUTABLE);
    for (const example of ["const a = Object.freeze([1]);", "  let i = 0;", "const b = f(new Map());"]) {
      expect(example).not.toMatch(MUTABLE);
    }
  });
});

/** An unindented declaration that is not constant, or of something empty that waits to be filled. */
const MUTABLE =
  /^(?:export )?(?:(?:let|var)\b|const\b[^=]*=\s*(?:new (?:Map|Set|WeakMap|WeakSet|Array|DataView|\w+Array)\b|\[\s*\]|\{\s*\}))/;

describe("files", () => {
  test("of the program have at most 300 lines", () => {
    const long = sources.filter((path) => textOf(path).split("\n").length - 1 > LINES_MAX);
    expect(long).toEqual([]);
  });

  test("of the program open with what they are for", () => {
    expect(sources.filter((path) => !/^\/\*\*\s*\S/.test(textOf(path)))).toEqual([]);
  });

  test("and folders are named in kebab-case", () => {
    const odd = files
      .filter((path) => TOP_LEVEL.includes(path.split("/")[0]) && path.includes("/"))
      .filter(
        (path) => !/^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*\/)+(?:README|[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.[a-z0-9]+)*$/.test(path),
      );
    expect(odd).toEqual([]);
  });

  test("end in one newline and hold no tab, no carriage return, no space before a line's end", () => {
    const texts = files.filter((path) => /\.(?:ts|mjs|json|md|c|h)$/.test(path));
    expect(texts.filter((path) => !/[^\n]\n$/.test(textOf(path)))).toEqual([]);
    expect(linesLike(texts, /\r|[ \t]$/)).toEqual([]);
  });

  test("at the top of the repository are those that the design names", () => {
    expect(topLevel.filter((name) => !name.startsWith(".") && !TOP_LEVEL.includes(name))).toEqual([]);
  });
});

describe("words", () => {
  test("that put something off are nowhere", () => {
    expect(linesLike(elsewhere(files), /\b(?:TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
    expect(linesLike(elsewhere(files), /\bnot (?:yet )?implemented\b|\bfor now\b/i)).toEqual([]);
  });

  test("name no path of one machine, no registry and no issue", () => {
    const needles = [
      ["", "work", ""].join("/"),
      ["..", "shared"].join("/"),
      ["", "home", ""].join("/"),
      ["", "Users", ""].join("/"),
      ["registry", "npmjs"].join("."),
      ["", "", "registry."].join("/"),
      ["issues", "show"].join(" "),
    ];
    const found = files.flatMap((path) => {
      const text = textOf(path);
      return needles.filter((needle) => stands(needle).test(text)).map((needle) => `${path}: ${needle}`);
    });
    expect(found).toEqual([]);
    const top = ["", "work", ""].join("/");
    expect([stands(top).test(`at ${top}a`), stands(top).test(`crypto${top}a`)]).toEqual([true, false]);
  });
});

/** Not as the rest of a longer path. */
const stands = (needle: string): RegExp => new RegExp(`(?<![\\w-])${needle.replace(/[./]/g, (each) => `\\${each}`)}`);

describe("tests", () => {
  test("are all run: none is left out, singled out or put off", () => {
    expect(tests.length).toBeGreaterThan(10);
    expect(
      linesLike(elsewhere(tests), /\b(?:test|it|describe|suite)\s*\.\s*(?:only|skip|todo|fails|skipIf|runIf)\b/, code),
    ).toEqual([]);
    expect(linesLike(elsewhere(tests), /\b(?:xit|xdescribe|xtest|fit|fdescribe)\(/, code)).toEqual([]);
  });

  test("stand beside no source: they live under test", () => {
    expect(sources.filter((path) => /\.(?:test|spec)\.ts$/.test(path))).toEqual([]);
  });
});

test("the table names no folder that is gone", () => {
  const folders = new Set(files.map((path) => path.split("/").slice(0, -1).join("/")));
  const within = (folder: string): boolean =>
    [...folders].some((each) => each === folder || each.startsWith(`${folder}/`));
  expect(LAYERS.map((layer) => layer.folder).filter((folder) => !within(folder))).toEqual([]);
});
