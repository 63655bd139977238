// The whole gate, in the order in which a mistake is cheapest to find. Plain JavaScript, because it comes before the compiler.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name) => join(root, "node_modules", ".bin", name);
const started = Date.now();

function run(title, command, args) {
  console.log(`\n— ${title}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) console.error(`${command}: ${error.message}. Run \`npm ci\` first.`);
  return status === 0;
}

const results = mkdtempSync(join(tmpdir(), "hardway-test-"));
const report = join(results, "results.json");
let passed = 0;
let failed = 0;
const step = (ok) => (ok ? (passed += 1) : (failed += 1));
try {
  step(run("format and lint", bin("biome"), ["check", "--error-on-warnings", "."]));
  step(run("types", bin("tsc"), ["-b"]));
  if (failed === 0) {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const whole = run("tests", bin("vitest"), ["run", ...reporters, ...process.argv.slice(2)]);
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    passed += numPassedTests;
    failed += numFailedTests;
    // A file that does not load has no test that could fail.
    if (!whole && numFailedTests === 0) failed += 1;
    const titles = testResults.flatMap((file) => file.assertionResults.map((test) => test.title));
    const endings = titles.map((title) => /(?:\s*\[[^\]]*\])+$/.exec(title)?.[0] ?? "");
    const ids = new Set(endings.flatMap((ending) => ending.match(/\b[A-U]\d\d\b/g) ?? []));
    console.log(`features proved: ${[...ids].sort().join(" ")}`);
    // What takes a tool or a board that this machine has not: silence about it would read as success.
    const lists = ["hardware/images/not-run", "hardware/system/not-run", "host/web/mqtt/not-run"];
    for (const list of [...lists, "test/host/web/page/chromium"]) {
      const { notRun } = await import(`../build/${list}.js`);
      for (const line of notRun(process.env)) console.log(line);
    }
    if (process.env.HARDWAY_BOARD === undefined) {
      console.log("not run: the compliance suite on a real board: set HARDWAY_BOARD to its device");
    }
  }
} finally {
  rmSync(results, { recursive: true });
}
console.log(`\n${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
