import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realClock } from "../../../../hardware/virtual/fronts/clock.ts";
import { pour } from "../../../../hardware/virtual/fronts/front.ts";
import { openPtyFront } from "../../../../hardware/virtual/fronts/pty-front.ts";
import { openSocketFront } from "../../../../hardware/virtual/fronts/socket-front.ts";
import { Ear, MEGABYTE, opened, openPort } from "./ear.ts";

let where = "";
beforeEach(() => {
  where = mkdtempSync(join(tmpdir(), "hardway-front-"));
});
afterEach(() => rmSync(where, { recursive: true }));

describe("a slow reader", () => {
  test("has 4 KiB waiting for it and loses the rest, which is counted", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 20 }), (sizes) => {
        let kept = 0;
        let lost = 0;
        const sink = {
          get writableLength() {
            return kept;
          },
          write(bytes: Uint8Array) {
            kept += bytes.length;
          },
        };
        for (const size of sizes) lost += pour(new Uint8Array(size), sink);
        const all = sizes.reduce((sum, size) => sum + size, 0);
        expect(kept).toBe(Math.min(4096, all));
        expect(lost).toBe(all - kept);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("behind a socket costs no more than that and what the system itself holds, however much is said", async () => {
    const ear = new Ear();
    const front = opened(await openSocketFront({ type: "unix", path: join(where, "a.sock") }, ear, realClock));
    const socket = connect(join(where, "a.sock"));
    socket.pause();
    await ear.heard("opened");
    // The system's own buffer is the other bound.
    let taken = 0;
    for (let lost = 0; lost < MEGABYTE.length; taken += MEGABYTE.length - lost) {
      const before = ear.lost;
      front.send(MEGABYTE);
      lost = ear.lost - before;
    }
    expect(taken).toBeLessThan(1 << 20);
    socket.destroy();
    await front.close();
  });

  test("behind a pseudo terminal likewise, and the terminal's own buffer is the other bound", async () => {
    const ear = new Ear();
    const front = opened(await openPtyFront(join(where, "a"), ear, realClock));
    const port = await openPort(join(where, "a"), 115_200);
    port.pause();
    await ear.heard("opened");
    // In pieces that find room on the way to the helper, so that what is lost is lost at the terminal.
    let given = 0;
    const helperLost = (): number => ear.said.filter((words) => words === "lost").length;
    while (helperLost() === 0) {
      front.send(new Uint8Array(1024));
      given += 1024;
      await new Promise<void>((done) => setImmediate(done));
    }
    expect(given).toBeLessThan(1 << 20);
    port.destroy();
    await front.close();
  });
});
