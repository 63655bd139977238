/** The modules of a firmware: all that its first one imports, as the compiler emitted them. Only these enter the image: a
 * folder taken whole would bring what no radio needs. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Refusal } from "./refusal.ts";

export interface Module {
  /** As XS will know it: the path below `build`, without its ending. */
  readonly name: string;
  readonly path: string;
}

export interface ModuleGraph {
  readonly ok: true;
  readonly modules: readonly Module[];
  /** What the SDK brings. */
  readonly sdkModules: readonly string[];
}

/** `replaced`: modules that have others in their place. */
export function moduleGraph(
  built: string,
  entry: string,
  replaced: ReadonlyMap<string, string> = new Map(),
): ModuleGraph | Refusal {
  const modules = new Map<string, Module>();
  const sdkModules = new Set<string>();
  const waiting = [entry];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (modules.has(name)) continue;
    const path = join(built, `${replaced.get(name) ?? name}.js`);
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return {
        ok: false,
        why: `the firmware's module ${name} is not built: ${path} is missing`,
        next: "run: npx tsc -b",
      };
    }
    modules.set(name, { name, path });
    for (const specifier of importsOf(text)) {
      if (!specifier.startsWith(".")) sdkModules.add(specifier);
      else waiting.push(posix.join(posix.dirname(name), specifier).replace(/\.js$/, ""));
    }
  }
  const byName = [...modules.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ok: true, modules: byName, sdkModules: [...sdkModules].sort() };
}

/** The compiler puts each import at the start of a line. */
function importsOf(text: string): string[] {
  const found = [
    ...text.matchAll(/^(?:import|export)\b[^;"']*?\bfrom\s+"([^"]+)"/gm),
    ...text.matchAll(/^import\s+"([^"]+)"/gm),
  ];
  return found.map((match) => match[1]);
}
