import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "../xs/engine/root.ts";
import { LAYERS } from "./layers.ts";
import { textOf } from "./tree.ts";

/** The world that a pure project must not know, and how the compiler says that it does not. */
const WORLD: { readonly [name: string]: { readonly code: string; readonly fault: string } } = {
  timers: { code: "setTimeout(() => {}, 1);", fault: "TS2304" },
  intervals: { code: "setInterval(() => {}, 1);", fault: "TS2304" },
  microtasks: { code: "queueMicrotask(() => {});", fault: "TS2304" },
  console: { code: "console.log(1);", fault: "TS2584" },
  process: { code: "process.exit(1);", fault: "TS2591" },
  buffer: { code: "Buffer.alloc(1);", fault: "TS2591" },
  require: { code: 'require("fs");', fault: "TS2591" },
  builtins: { code: 'import { existsSync } from "node:fs";\nexistsSync("a");', fault: "TS2591" },
  crypto: { code: "crypto.randomUUID();", fault: "TS2304" },
  fetch: { code: 'fetch("a");', fault: "TS2304" },
  performance: { code: "performance.now();", fault: "TS2304" },
  encoder: { code: "new TextEncoder();", fault: "TS2304" },
  decoder: { code: "new TextDecoder();", fault: "TS2304" },
  url: { code: 'new URL("a");', fault: "TS2304" },
};

/** Outside the project's folder, and not among its files. */
const WRONG_WAY = ["TS6059", "TS6307"];

const CLEAN = "export const bytes = (size: number): Uint8Array => new Uint8Array(Math.min(size, 4));\n";
const TARGET = "target.ts";

const projects = (JSON.parse(textOf("tsconfig.json")) as { references: { path: string }[] }).references
  .map((reference) => reference.path)
  .filter((path) => !path.startsWith("test"));
const pureProjects = projects.filter((project) => layersIn(project).every((layer) => layer.pure));

/** The project's own configurations, verbatim, around a file or two each. */
let tree = "";
let whole: Set<string>;
let planted: Set<string>;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "hardway-purity-"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(tree, "node_modules"), "dir");
  const root = { ...JSON.parse(textOf("tsconfig.json")), references: projects.map((path) => ({ path })) };
  plant("tsconfig.json", JSON.stringify(root));
  plant("package.json", textOf("package.json"));
  for (const project of projects) {
    mkdirSync(join(tree, project), { recursive: true });
    cpSync(join(repositoryRoot, project, "tsconfig.json"), join(tree, project, "tsconfig.json"));
    plant(`${project}/${TARGET}`, CLEAN);
    for (const other of allowed(project)) plant(`${project}/${wayTo(other)}`, importing(project, other));
  }
  whole = build();
  for (const project of pureProjects) {
    for (const [name, { code }] of Object.entries(WORLD)) plant(`${project}/${name}.ts`, `${code}\n`);
    for (const other of forbidden(project)) plant(`${project}/${wayTo(other)}`, importing(project, other));
  }
  planted = build();
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test("the protocol, the modem, the engine and the mesh are the pure projects", () => {
  expect(pureProjects).toEqual(
    expect.arrayContaining(["protocol", "firmware-js/modem", "hardware/boards", "host/engine", "host/mesh"]),
  );
});

test("a clean file compiles in every project, with imports of all that the table allows it", () => {
  expect([...whole]).toEqual([]);
});

describe.each(pureProjects)("%s does not compile", (project) => {
  test.each(Object.entries(WORLD))("with %s", (name, { fault }) => {
    expect(planted).toContain(`${project}/${name}.ts ${fault}`);
  });

  test("with an import against the table", () => {
    const expected = forbidden(project).flatMap((other) =>
      WRONG_WAY.map((fault) => `${project}/${wayTo(other)} ${fault}`),
    );
    const found = [...planted].filter((each) => each.startsWith(`${project}/to-`));
    expect(expected.length).toBeGreaterThan(0);
    expect(found.sort()).toEqual(expected.sort());
  });
});

test("and nothing else is wrong with what was planted", () => {
  const expected = pureProjects.length * Object.keys(WORLD).length;
  const ways = pureProjects.flatMap(forbidden).length * WRONG_WAY.length;
  expect(planted.size).toBe(expected + ways);
});

/** Those whose nearest project it is: one project may lie within another. */
function layersIn(project: string): typeof LAYERS {
  const holds = (other: string, folder: string): boolean => folder === other || folder.startsWith(`${other}/`);
  return LAYERS.filter(({ folder }) => {
    const nearest = projects.filter((each) => holds(each, folder)).sort((a, b) => b.length - a.length)[0];
    return nearest === project;
  });
}

function allowed(project: string): string[] {
  const folders = new Set(layersIn(project).flatMap((layer) => layer.imports));
  const within = (other: string): boolean => layersIn(other).some(({ folder }) => folders.has(folder));
  return projects.filter((other) => other !== project && within(other));
}

function forbidden(project: string): string[] {
  const may = allowed(project);
  return projects.filter((other) => other !== project && !may.includes(other));
}

function wayTo(project: string): string {
  return `to-${project.replaceAll("/", "-")}.ts`;
}

function importing(project: string, other: string): string {
  // The dot is for a project that lies within.
  return `export { bytes } from "./${posix.relative(project, other)}/${TARGET}";\n`;
}

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

/** What the compiler finds: a file and a code each. */
function build(): Set<string> {
  const tsc = join(repositoryRoot, "node_modules", ".bin", "tsc");
  const { stdout, error } = spawnSync(tsc, ["-b", "--pretty", "false"], { cwd: tree, encoding: "utf8" });
  if (error !== undefined) throw error;
  const faults = [...stdout.matchAll(/^([^\s(][^(\n]*)?(?:\(\d+,\d+\): )?error (TS\d+)/gm)];
  return new Set(faults.map(([, path, code]) => `${path ?? ""} ${code}`));
}
