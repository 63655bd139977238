/** A `globalSetup` of vitest: compiles XS once, before the workers would each do it and outside of any test's time. */
import { builtXs } from "./build.ts";

export default function setup(): void {
  builtXs();
}
