/** `npm start`: two kiosks, each its own process, exchange signed votes over a noisy wire, and a line a second says what
 * crossed, what was repaired and what was refused. */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keyPairFromSeed } from "../crypto/ed25519-keys.ts";
import type { Begin, Report, Rest } from "../node/kiosk-report.ts";
import { line, summary } from "./start-lines.ts";
import { options, USAGE } from "./start-options.ts";

const chosen = options(process.argv.slice(2));
if (chosen.type === "help") {
  console.log(USAGE);
} else if (chosen.type === "wrong") {
  console.error(`${chosen.why}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  rehearse(chosen.seconds, chosen.errorRate, chosen.seed);
}

function rehearse(seconds: number, errorRate: number, noiseSeed: number): void {
  const folder = mkdtempSync(join(tmpdir(), "hardway-"));
  const seeds = [0, 1].map(() => new Uint8Array(randomBytes(32)));
  const members = seeds.map((seed) => hex(keyPairFromSeed(seed).publicKey.bytes));
  const table = hex(randomBytes(16));
  const kiosks: ChildProcess[] = [];
  const reports: (Report | undefined)[] = [undefined, undefined];
  let before: (Report | undefined)[] = [undefined, undefined];
  const fresh = [false, false];
  let elapsed = 0;

  const finish = (code: number): void => {
    for (const kiosk of kiosks) if (kiosk.connected) kiosk.disconnect();
    rmSync(folder, { recursive: true, force: true });
    process.exitCode = code;
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  let stopping = false;
  const stop = (): void => {
    // A second Ctrl-C does not wait for the kiosks' last word.
    if (stopping || !kiosks.every((kiosk) => kiosk.connected)) {
      finish(0);
      return;
    }
    stopping = true;
    const rest: Rest = { type: "rest" };
    for (const kiosk of kiosks) kiosk.send(rest);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);

  console.log("Two kiosks, one noisy wire: signed votes both ways. Two members: no Byzantine tolerance.");
  console.log(
    `One byte in ${Math.round(1 / errorRate)} is flipped, lost or made up. ${seconds} s; Ctrl-C ends it sooner.\n`,
  );
  const start = (me: number): void => {
    const kiosk = fork(fileURLToPath(new URL("../node/kiosk.js", import.meta.url)));
    kiosks.push(kiosk);
    const seed = hex(seeds[me]);
    const session = randomBytes(4).readUInt32BE();
    const begin: Begin = {
      me,
      path: join(folder, "wire"),
      seed,
      table,
      members,
      session,
      errorRate,
      noiseSeed: noiseSeed + me,
    };
    kiosk.send(begin);
    kiosk.on("message", (said: Report | { type: "listening" }) => {
      if (said.type === "listening") start(1);
      else onReport(said);
    });
    kiosk.on("exit", (code) => {
      if (code === 0 || process.exitCode !== undefined) return;
      console.error(`kiosk ${me} ended with code ${code}`);
      finish(1);
    });
  };
  const onReport = (said: Report): void => {
    reports[said.me] = said;
    if (reports.every((report) => report?.final === true)) {
      console.log(summary(reports));
      finish(0);
    }
    fresh[said.me] = true;
    if (stopping || !fresh.every((each) => each)) return;
    fresh.fill(false);
    elapsed += 1;
    console.log(line(elapsed, reports, before));
    before = [...reports];
    if (elapsed === seconds) stop();
  };
  start(0);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
