import { describe, expect, test } from "vitest";
import { LAYERS, layerOf, SOURCE_FOLDERS } from "./layers.ts";
import { codeOf, files, filesIn, type Import, importsOf, isScript, targetOf, textOf } from "./tree.ts";

const sources = filesIn(...SOURCE_FOLDERS).filter(isScript);
const everything = files.filter(isScript);
const isLocal = ({ specifier }: Import): boolean => specifier.startsWith(".");
const show = ({ path, specifier }: Import): string => `${path} imports ${specifier}`;

describe("the table", () => {
  test("has a row for every source file", () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((path) => layerOf(path) === undefined)).toEqual([]);
  });

  test("names every folder once, and imports only folders that it names above", () => {
    const above: string[] = [];
    for (const { folder, imports } of LAYERS) {
      expect(above, folder).not.toContain(folder);
      for (const other of imports) expect(above, `${folder} imports ${other}`).toContain(other);
      above.push(folder);
    }
  });

  test("lets a pure folder import only pure ones, nothing of Node and no package", () => {
    for (const { folder, imports, packages, node } of LAYERS.filter((layer) => layer.pure)) {
      const impure = imports.filter((other) => !LAYERS.find((layer) => layer.folder === other)?.pure);
      expect([folder, impure, packages, node]).toEqual([folder, [], [], []]);
    }
  });

  test("hides envelopes and messages from the radio's modem", () => {
    const modem = LAYERS.find((layer) => layer.folder === "firmware-js/modem");
    expect(modem?.imports).not.toContain("protocol/envelope");
    expect(modem?.imports).not.toContain("protocol/message");
  });
});

describe("imports", () => {
  test("are all seen: no other place has a string after `from` or `import`", () => {
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(200);
    for (const path of sources) {
      const places = codeOf(textOf(path)).match(/(?<![.\w])(?:from|import)\s*\(?\s*["'`]/g) ?? [];
      expect(importsOf(path), path).toHaveLength(places.length);
    }
  });

  test("stay within what the table allows their folder", () => {
    const wrong = sources
      .flatMap(importsOf)
      .filter(isLocal)
      .filter((each) => {
        const from = layerOf(each.path);
        const to = layerOf(targetOf(each));
        return from === undefined || to === undefined || (from !== to && !from.imports.includes(to.folder));
      });
    expect(wrong.map(show)).toEqual([]);
  });

  test("name files that exist, with their ending", () => {
    const known = new Set(files);
    const wrong = everything
      .flatMap(importsOf)
      .filter(isLocal)
      .filter((each) => !each.specifier.endsWith(".ts") || !known.has(targetOf(each)));
    expect(wrong.map(show)).toEqual([]);
  });

  test("of packages and of Node are those of the folder's row", () => {
    const wrong = sources
      .flatMap(importsOf)
      .filter((each) => !isLocal(each))
      .filter(({ path, specifier }) => {
        const layer = layerOf(path);
        if (layer === undefined) return true;
        if (specifier.startsWith("node:")) return layer.node !== "any" && !layer.node.includes(specifier);
        return (
          ![...layer.packages, ...(layer.bundled ?? [])].includes(packageOf(specifier)) &&
          layer.sdk?.includes(specifier) !== true
        );
      });
    expect(wrong.map(show)).toEqual([]);
  });

  test("of packages are dependencies of the program, and what only tests use is not", () => {
    type Versions = { [name: string]: string };
    const wanted = JSON.parse(textOf("package.json")) as {
      [kind in "dependencies" | "optionalDependencies" | "devDependencies"]: Versions;
    };
    const dependencies = { ...wanted.dependencies, ...wanted.optionalDependencies };
    const allowed = LAYERS.flatMap((layer) => layer.packages);
    expect(Object.keys(dependencies).sort()).toEqual([...new Set(allowed)].sort());
    const bundled = LAYERS.flatMap((layer) => layer.bundled ?? []);
    for (const each of bundled) expect(Object.keys(wanted.devDependencies), each).toContain(each);
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("run in no circle of folders", () => {
    const edges = new Map<string, Set<string>>();
    for (const each of sources.flatMap(importsOf).filter(isLocal)) {
      const from = layerOf(each.path)?.folder ?? "";
      const to = layerOf(targetOf(each))?.folder ?? "";
      if (from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    expect(circle(edges)).toBeUndefined();
    const around = [
      ["a", new Set(["b"])],
      ["b", new Set(["c"])],
      ["c", new Set(["a"])],
    ] as const;
    expect(circle(new Map(around))).toBe("a → b → c → a");
  });

  test("run in no circle of files", () => {
    const edges = new Map<string, Set<string>>();
    for (const each of everything.flatMap(importsOf).filter(isLocal)) {
      edges.set(each.path, (edges.get(each.path) ?? new Set()).add(targetOf(each)));
    }
    expect(circle(edges)).toBeUndefined();
  });
});

test("no file only passes on what others export", () => {
  const barrels = everything.filter((path) => {
    const code = codeOf(textOf(path)).replace(/^(?:import|export)\b[^;"']*?(?:\bfrom\s+)?["'][^"']+["'];?$/gm, "");
    const passesOn = /^export\s+(?:type\s+)?(?:\*|\{)/m.test(codeOf(textOf(path)));
    return passesOn && code.replace(/^export\s+(?:type\s+)?\{[^}]*\};?$/gm, "").trim() === "";
  });
  expect(barrels).toEqual([]);
});

/** "@scope/name/file" and "name/file" without the file. */
function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Some circle, as the way around it. */
function circle(edges: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (node: string): string | undefined => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node].join(" → ");
    if (done.has(node)) return undefined;
    way.push(node);
    for (const next of edges.get(node) ?? []) {
      const found = visit(next);
      if (found !== undefined) return found;
    }
    way.pop();
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const found = visit(node);
    if (found !== undefined) return found;
  }
  return undefined;
}
