/** `node build/host/web/page/bundle/main.js`: builds the page into build/page and prints what it weighs. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPage } from "./build-page.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "..", "..");
const files = await buildPage(join(root, "host", "web", "page"), join(root, "build", "page"));
let sum = 0;
for (const { name, size, compressedSize } of files) {
  sum += compressedSize;
  console.log(`${name.padEnd(40)} ${`${size}`.padStart(8)} bytes, ${`${compressedSize}`.padStart(7)} compressed`);
}
console.log(`${"all".padEnd(40)} ${`${(sum / 1024).toFixed(1)}`.padStart(8)} KB compressed`);
