import { describe, expect, it } from "vitest";
import { disturb, noise } from "../../../hardware/virtual/noise.ts";
import { backlog, nextArrival, put, take, wire } from "../../../hardware/virtual/wire.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

describe("a virtual wire", () => {
  it("takes ten bits a byte, adds its latency, and keeps the order", () => {
    const line = wire(10_000, 5);
    const bytes = drawBytes(chance(1), 40);
    put(line, bytes, millis(100));
    expect(backlog(line, millis(100))).toBe(40);
    expect(backlog(line, millis(110))).toBe(30);
    expect(nextArrival(line)).toBe(100 + 16 + 5);
    expect(take(line, millis(120.9))).toBeUndefined();
    const heard: number[] = [];
    let last: Millis = millis(0);
    for (let at = nextArrival(line); at !== undefined; at = nextArrival(line)) {
      last = at;
      heard.push(...(take(line, at) as Uint8Array));
    }
    expect(Uint8Array.from(heard)).toEqual(bytes);
    expect(last).toBe(100 + 40 + 5);
  });

  it("counts no byte too many after hours of rounding", () => {
    const line = wire(921_600, 0);
    for (let at = 0; at < 10_000_000; at += 12_345.678) {
      put(line, new Uint8Array(48), millis(at));
      for (const left of [32, 16, 1]) {
        expect(backlog(line, millis(line.busyUntil - left * line.byteMs))).toBe(left);
      }
    }
  });
});

describe("noise", () => {
  it("flips, loses and inserts in equal parts at its rate, the same for the same seed", () => {
    const run = (seed: number) => {
      const cable = noise(0.01, chance(seed));
      const heard: Uint8Array[] = [];
      for (let i = 0; i < 1000; i++) heard.push(disturb(cable, new Uint8Array(100)));
      return { cable, size: heard.reduce((sum, bytes) => sum + bytes.length, 0), heard };
    };
    const { cable, size, heard } = run(3);
    for (const count of [cable.flipped, cable.lost, cable.inserted]) {
      expect(count).toBeGreaterThan(260);
      expect(count).toBeLessThan(410);
    }
    expect(size).toBe(100_000 - cable.lost + cable.inserted);
    const changed = heard.reduce((sum, bytes) => sum + bytes.filter((byte) => byte !== 0).length, 0);
    expect(changed).toBeGreaterThanOrEqual(cable.flipped);
    expect(run(3).heard).toEqual(heard);
    expect(run(4).heard).not.toEqual(heard);
  });

  it("a clean wire hands on the very bytes it was given", () => {
    const bytes = new Uint8Array(10);
    expect(disturb(noise(0, chance(1)), bytes)).toBe(bytes);
  });
});
