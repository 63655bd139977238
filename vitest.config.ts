import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // XS is built once, before the workers start.
    globalSetup: ["test/xs/engine/setup.ts"],
    // Two cores are the machine everything must run on.
    maxWorkers: 2,
    pool: "threads",
    testTimeout: 60_000,
    // A whole compile, on a machine that is busy with other things.
    hookTimeout: 120_000,
  },
});
