import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "./engine/root.ts";

test("where there is no compiler the whole run fails, says what to install, and passes no test over in silence", () => {
  const vitest = join(repositoryRoot, "node_modules/vitest/vitest.mjs");
  const words = [vitest, "run", "--reporter=json", "test/protocol/core/assert.test.ts"];
  const options = { cwd: repositoryRoot, encoding: "utf8", timeout: 60_000 } as const;
  const ran = spawnSync(process.execPath, words, { ...options, env: { PATH: "/nonexistent" } });
  expect(ran.status).toBe(1);
  expect(ran.stderr + ran.stdout).toContain("apt-get install gcc libc6-dev");
  expect(ran.stdout).toContain('"success":false');
  expect(ran.stdout).toContain('"numPassedTests":0');
});
