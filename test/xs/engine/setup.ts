/** A `globalSetup` of vitest: compiles XS and puts the program together once, before the workers start what they made. */
import { join } from "node:path";
import { buildProgram } from "../../../host/cli/bundle/build-program.ts";
import { builtXs } from "./build.ts";
import { repositoryRoot } from "./root.ts";

export default async function setup(): Promise<void> {
  builtXs();
  await buildProgram(repositoryRoot, join(repositoryRoot, "build", "program"));
}
