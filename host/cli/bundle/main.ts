/** `node build/host/cli/bundle/main.js`: puts the program together in build/program. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProgram } from "./build-program.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "..");
await buildProgram(root, join(root, "build", "program"));
