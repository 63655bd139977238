/** What a test run leaves out where the SDK is missing: said aloud, so that nobody takes silence for success. */
import { boards } from "../boards/boards.ts";
import { findModdable } from "./toolchain.ts";

export function notRun(environment: NodeJS.ProcessEnv): readonly string[] {
  const moddable = findModdable(environment);
  if (moddable.ok) return [];
  const platforms = Object.values(boards).map(({ platform }) => platform);
  return [`not run: mcconfig for ${platforms.join(", ")}: ${moddable.why}; ${moddable.next}`];
}
