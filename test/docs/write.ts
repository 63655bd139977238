/** `npm run docs` writes the pages that the program itself can write. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../xs/engine/root.ts";
import { pages } from "./pages.ts";

for (const { path, text } of pages) {
  const file = join(repositoryRoot, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text());
  process.stdout.write(`${path}\n`);
}
