/** The package as it is installed: packed, laid out as an installation lays it out, and run from a folder of somebody else. Its
 * packages are this checkout's, for a test fetches nothing. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../xs/engine/root.ts";
import { folders } from "../storage/folders.ts";
import { recordsIn } from "./inside.ts";

const here = folders();
afterAll(here.removeAll);

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly private: boolean;
  readonly bin: { readonly hardway: string };
  readonly scripts: { readonly prepack: string };
  readonly dependencies: { readonly [name: string]: string };
}

const facts = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as PackageFile;
const prefix = here.make();
const elsewhere = here.make();
const modules = join(prefix, "lib", "node_modules");
const installed = join(modules, "hardway");
let paths: readonly string[] = [];

function hardway(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(join(prefix, "bin", "hardway"), words, {
    ...{ cwd: elsewhere, encoding: "utf8", timeout: 30_000 },
    env: { PATH: process.env.PATH, HOME: elsewhere, TMPDIR: elsewhere },
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  // The build is here already: what prepack does is looked at by its own test.
  const packing = ["pack", "--json", "--ignore-scripts", "--pack-destination", prefix];
  const said = execFileSync("npm", packing, {
    cwd: repositoryRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const packed = JSON.parse(said);
  // One word of npm for it was a list, the other is a map.
  const [first] = (Array.isArray(packed) ? packed : Object.values(packed)) as {
    files: { path: string }[];
    filename: string;
  }[];
  paths = first.files.map(({ path }) => path);
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(prefix, first.filename), "-C", installed, "--strip-components=1"]);
  for (const name of Object.keys(facts.dependencies)) {
    mkdirSync(join(modules, name, ".."), { recursive: true });
    symlinkSync(join(repositoryRoot, "node_modules", name), join(modules, name));
  }
  mkdirSync(join(prefix, "bin"));
  symlinkSync(join(installed, facts.bin.hardway), join(prefix, "bin", "hardway"));
}, 60_000);

describe("the package", () => {
  it("holds the program, its pages and nothing else: no test, no source of it, no secret", () => {
    expect(paths).toContain(facts.bin.hardway);
    for (const path of [
      ...["hardway", "process", "worker", "keeper-thread"].map((name) => `build/program/${name}.js`),
      "docs/commands.md",
      "LICENSE",
    ]) {
      expect(paths).toContain(path);
    }
    const ALLOWED =
      /^(?:package\.json|README\.md|LICENSE|docs\/[a-z-]+\.md|host\/cli\/package\/hardway\.js|build\/(?:program|page)\/.+|hardware\/system\/monitoring\/[a-z]+\.(?:yaml|json))$/;
    expect(paths.filter((path) => !ALLOWED.test(path))).toEqual([]);
    expect(
      paths.filter((path) => /\.d\.ts$|\.tsbuildinfo$|\.test\.|(?:^|\/)test\/|\.log$|\.env|\bkey$|secret$/.test(path)),
    ).toEqual([]);
    expect(paths.length).toBeLessThan(100);
  });

  it("is built when it is packed, and is not for a registry", () => {
    expect(facts.scripts.prepack).toBe("npm run -s program && npm run -s page");
    expect(facts.private).toBe(true);
  });

  it("is a program that a shell can start, as npm links it", () => {
    const text = readFileSync(join(installed, facts.bin.hardway), "utf8");
    expect(text.startsWith("#!/usr/bin/env node\n")).toBe(true);
    expect(hardway("--version")).toEqual({ status: 0, stdout: `hardway ${facts.version}\n`, stderr: "" });
  });

  it("diagnoses a machine on which nothing is set up yet, and writes nothing there", () => {
    const { stdout } = hardway("doctor", "--json");
    const records = recordsIn(stdout);
    expect(records.find(({ check }) => check === "node")).toMatchObject({ state: "OK" });
    expect(records.find(({ check }) => check === "config")).toMatchObject({ state: "WARN", next: "hardway init" });
    expect(records.at(-1)).toMatchObject({ type: "doctor" });
    expect(existsSync(join(elsewhere, "hardway.yaml"))).toBe(false);
  });

  it("makes a kiosk and its identity, whose workers are processes of the package", () => {
    const made = hardway("init", "--yes", "--radio", "unix:/nowhere", "--json");
    expect([made.status, recordsIn(made.stdout)[0]]).toMatchObject([0, { type: "init", isNew: true }]);
    expect(hardway("config", "set", "identity.work_bits", "4").status).toBe(0);
    const mined = hardway("identity", "mine", "--threads", "1", "--json");
    expect([mined.status, recordsIn(mined.stdout).at(-1)]).toMatchObject([0, { type: "mined", bits: 4 }]);
  });

  it("imports no package that it does not name", () => {
    const sources = paths.filter((path) => /^build\/program\/.*\.js$/.test(path));
    const named = new Set(Object.keys(facts.dependencies));
    const strangers = sources.flatMap((path) => {
      const text = readFileSync(join(installed, path), "utf8");
      return [...text.matchAll(/^(?:import|export)\b[^;"']*?\bfrom\s+["']((?:@[\w-]+\/)?[\w.-]+)/gm)]
        .map(([, name]) => name)
        .filter((name) => !name.startsWith(".") && name !== "node" && !named.has(name))
        .map((name) => `${path} imports ${name}`);
    });
    expect(strangers).toEqual([]);
  });
});
