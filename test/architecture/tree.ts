/** The repository's own files, as the tests of its shape see them: nothing that was installed or built. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, posix } from "node:path";
import { repositoryRoot } from "../xs/engine/root.ts";

/** What .gitignore names, and the repository of git itself. */
const NOT_OURS = new Set([".git", "node_modules", "build", "coverage"]);
const isOurs = (name: string): boolean => !NOT_OURS.has(name) && extname(name) !== ".log";

/** `images` holds what `hardway firmware build` made. */
export const topLevel: readonly string[] = readdirSync(repositoryRoot)
  .filter((name) => isOurs(name) && name !== "images")
  .sort();

/** Paths from the repository's root, with slashes. */
export const files: readonly string[] = walk("").sort();

function walk(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { withFileTypes: true })
    .filter((entry) => isOurs(entry.name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? walk(path) : [path];
    });
}

export const filesIn = (...folders: readonly string[]): readonly string[] =>
  files.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));

export const isScript = (path: string): boolean => path.endsWith(".ts") && !path.endsWith(".d.ts");

export const textOf = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");

/** Comments blanked out, so that line numbers stay. Strings and templates are stepped over, for `//` in one is no comment. */
export function codeOf(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (whole, literal: string | undefined) => literal ?? whole.replace(/[^\n]/g, " "),
  );
}

export interface Import {
  readonly path: string;
  readonly specifier: string;
}

/** Static imports stand at the start of a line, which the formatter sees to; dynamic ones anywhere. */
export function importsOf(path: string): readonly Import[] {
  const code = codeOf(textOf(path));
  const found = [
    ...code.matchAll(/^(?:import|export)\b[^;"']*?\bfrom\s+["']([^"']+)["']/gm),
    ...code.matchAll(/^import\s+["']([^"']+)["']/gm),
    ...code.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g),
  ];
  return found.map((match) => ({ path, specifier: match[1] }));
}

/** From the root, for a specifier that starts with a dot. */
export const targetOf = ({ path, specifier }: Import): string => posix.join(dirname(path), specifier);
