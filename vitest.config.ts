import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // XS is built once, before the workers start.
    globalSetup: ["test/xs/engine/setup.ts"],
    // Two cores are the machine everything must run on. Whole programs that are tested wait for radios and people half of their time,
    // which a third worker uses.
    maxWorkers: 3,
    // Not threads: a serial port's native part ends the whole process when a thread ends that has polled one.
    pool: "forks",
    // To load every module anew for each of five hundred files takes a fifth of the time; none of them changes what others see.
    isolate: false,
    testTimeout: 60_000,
    // A whole compile, on a machine that is busy with other things.
    hookTimeout: 120_000,
  },
});
