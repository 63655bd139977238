import { describe, expect, it } from "vitest";
import { AHEAD_MS, READ_WINDOW_MS, READ_WINDOW_SIZE } from "../../../host/radio/limits.ts";
import { pacer } from "../../../host/radio/pacer.ts";
import { readWindow } from "../../../host/radio/read-window.ts";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import { WarpClock } from "./warp-clock.ts";

describe("a pacer", () => {
  it("keeps a port a moment ahead of its wire, at every rate, and always says when there is room again", async () => {
    for (const baud of [9600, 115_200, 921_600]) {
      const clock = new WarpClock();
      const from = chance(baud);
      const started = clock.now();
      let written = 0;
      let wireFree = 0;
      let worstMs = 0;
      let left = 0;
      const paced = pacer(baud, clock, (room) => {
        left = room;
        write();
      });
      // In pieces of any size, and not always all of it at once.
      const write = (): void => {
        while (left > 0 && written < 20_000) {
          const size = Math.min(left, 1 + drawBelow(from, 90));
          left -= size;
          written += size;
          wireFree = Math.max(wireFree, clock.now()) + (size * 10_000) / baud;
          worstMs = Math.max(worstMs, wireFree - clock.now());
          paced.wrote(size);
          if (left > 0 && drawBelow(from, 3) === 0) {
            clock.after(0, write);
            break;
          }
        }
      };
      paced.tell();
      expect(await clock.run(60_000, () => written >= 20_000)).toBe(true);
      expect(worstMs).toBeLessThanOrEqual(Math.max(AHEAD_MS, (65 * 10_000) / baud) + 0.001);
      expect(clock.now() - started).toBeLessThan((1.3 * 20_000 * 10_000) / baud);
      paced.stop();
    }
  });
});

describe("a window of reading", () => {
  it("lets a port that babbles wait until the window is over", async () => {
    const clock = new WarpClock();
    const said: string[] = [];
    const source = { pause: () => said.push("pause"), resume: () => said.push("resume") };
    const window = readWindow(source, clock);
    window.took(READ_WINDOW_SIZE - 1);
    expect(said).toEqual([]);
    window.took(1);
    window.took(10);
    expect(said).toEqual(["pause"]);
    await clock.run(READ_WINDOW_MS);
    expect(said).toEqual(["pause", "resume"]);
    window.took(READ_WINDOW_SIZE - 1);
    await clock.run(READ_WINDOW_MS);
    window.took(READ_WINDOW_SIZE - 1);
    expect(said).toEqual(["pause", "resume"]);
  });
});
