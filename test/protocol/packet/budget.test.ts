import { describe, expect, test } from "vitest";
import { BUDGET_DEBT_MAX } from "../../../protocol/core/limits.ts";
import { CRITICAL, HIGH, NORMAL, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { Air, numbered } from "./air.ts";

describe("the budget", () => {
  /** The most bytes that left in any span of so many milliseconds. */
  function most(sent: readonly { at: number; bytes: Uint8Array }[], spanMs: number): number {
    let best = 0;
    for (let from = 0; from < sent.length; from++) {
      let sum = 0;
      for (let i = from; i < sent.length && sent[i].at < sent[from].at + spanMs; i++) sum += sent[i].bytes.length;
      best = Math.max(best, sum);
    }
    return best;
  }

  function saturate(packetClass: PacketClass, bytesPerSecond: number): Air {
    const air = new Air({ stackQueue: 8, intervalMs: 7.5, delayMs: 1, takeMs: 0, bytesPerSecond });
    let token = 0;
    const fill = (): void => {
      while (air.ends[0].outbox.flows[0].sender.waiting[packetClass].length < 10) {
        air.submit(0, packetClass, numbered(token++, 235), token);
      }
      if (air.now < 10_000) air.at(air.now + 5, fill);
    };
    fill();
    air.run(10_000);
    return air;
  }

  test("no span carries more than the bandwidth times its length and one interval's burst [I04]", () => {
    for (const bytesPerSecond of [5_000, 20_000, 50_000]) {
      const { transmitted } = saturate(NORMAL, bytesPerSecond).ends[0];
      const burst = Math.max(244, (bytesPerSecond * 20) / 1000) + 244;
      for (const spanMs of [20, 50, 100, 200, 1000, 5000]) {
        expect(most(transmitted, spanMs)).toBeLessThanOrEqual((bytesPerSecond * spanMs) / 1000 + burst);
      }
      const total = transmitted.reduce((sum, { bytes }) => sum + bytes.length, 0);
      expect(total).toBeGreaterThan(bytesPerSecond * 10 * 0.8);
    }
  });

  test("votes borrow, but no more than they may [I04]", () => {
    const { transmitted } = saturate(CRITICAL, 5_000).ends[0];
    expect(most(transmitted, 1000)).toBeGreaterThan(5_000 + 2_000);
    expect(most(transmitted, 5000)).toBeLessThanOrEqual(25_000 + BUDGET_DEBT_MAX + 2 * 244);
    const air = new Air({ stackQueue: 8, bytesPerSecond: 2_000, delayMs: 1 });
    for (let token = 0; token < 10; token++) air.submit(0, HIGH, numbered(token, 235), token);
    air.run(300);
    air.submit(0, CRITICAL, numbered(77, 235), 77);
    expect(air.ends[0].transmitted[air.ends[0].transmitted.length - 1].at).toBe(300);
  });
});
