import { expect, it } from "vitest";
import { exchange } from "./exchange.ts";

it("two processes exchange packets over two boards on ptys; with cables pulled and supplies lost each ends once, as what it was [I02]", {
  timeout: 240_000,
}, async () => {
  const { sums, wrong, links, unplugged, brownOuts } = await exchange({
    ...{ board: "esp32-nodemcu", front: "pty", packets: 50, errorRate: 1e-5, seed: 1 },
  });
  expect(wrong).toEqual([]);
  for (const { sent, dropped, unknown, arrived } of sums) {
    expect(sent + dropped + unknown).toBe(50);
    expect(arrived).toBeGreaterThanOrEqual(sent);
    expect(sent).toBeGreaterThan(20);
  }
  expect([unplugged, brownOuts]).toEqual([2, 2]);
  // Each disturbance ends the link of both.
  for (const count of links) expect(count).toBeGreaterThan(3);
});
