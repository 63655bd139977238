import { describe, expect, it } from "vitest";
import { anyPlan, type Plan, recover, trouble, type World, world } from "./campaign.ts";

/** Seeds, not a search: each stands for a whole life of two ends. */
function lives(seeds: number, over: Partial<Plan>): World[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const plan = { ...anyPlan(seed + 1), ...over };
    try {
      const state = world(plan);
      trouble(state);
      recover(state);
      return state;
    } catch (fault) {
      throw new Error(`${(fault as Error).message} in ${JSON.stringify(plan)}`);
    }
  });
}

describe("whatever happens to two ends", () => {
  it("on a clean wire no packet is lost and no link closes, whatever the spaces and the latency [I11]", () => {
    for (const { tally } of lives(60, { noiseRate: 0, restarts: 0, reboots: 0, outages: 0 })) {
      expect(tally).toMatchObject({ lost: 0, closed: 0, opened: 2 });
      expect(tally.acknowledged).toBe(tally.delivered);
    }
  });

  it("noise, outages, restarts, reboots: each packet ends once, what is acknowledged came once and in order [I11]", () => {
    const worlds = lives(110, {});
    const sum = (name: string) => worlds.reduce((total, { tally }) => total + tally[name], 0);
    for (const name of ["acknowledged", "lost", "refused", "closed"]) expect(sum(name)).toBeGreaterThan(200);
  });

  it("two ends that both send, of any space, never wait for each other's grant in vain", () => {
    const busy = {
      noiseRate: 0,
      restarts: 0,
      reboots: 0,
      outages: 0,
      busyMaxMs: 0,
      escapes: 1,
      burst: 10,
      lastsMs: 300,
    };
    for (const spaces of [
      [96, 96],
      [128, 600],
      [128, 128],
      [514, 96],
      [600, 600],
      [1500, 128],
    ] as const) {
      for (const latencyMs of [0, 5, 20]) {
        const [{ tally }] = lives(1, { ...busy, spaces, latencyMs, packetSizeMax: 300 });
        expect(tally).toMatchObject({ lost: 0, closed: 0 });
      }
    }
  });
});
