import { describe, expect, it } from "vitest";
import { disturb, noise } from "../../../hardware/virtual/noise.ts";
import { backlog, cut, nextArrival, put, take, tune, type Wire, wire } from "../../../hardware/virtual/wire.ts";
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

describe("a listener", () => {
  const all = (line: Wire): { at: number; size: number }[] => {
    const heard: { at: number; size: number }[] = [];
    for (let at = nextArrival(line); at !== undefined; at = nextArrival(line)) {
      heard.push({ at, size: (take(line, at) as Uint8Array).length });
    }
    return heard;
  };

  it("that comes late takes all whole pieces that have come, and the end of what was put in without waiting for more", () => {
    const line = wire(10_000, 0, undefined, 16);
    put(line, new Uint8Array(40), millis(0));
    expect(take(line, millis(39))?.length).toBe(32);
    expect(take(line, millis(39))).toBeUndefined();
    expect(nextArrival(line)).toBe(40);
    expect(all(line)).toEqual([{ at: 40, size: 8 }]);
  });

  it("at another rate hears as many bytes more or fewer, and none of those that were said", () => {
    for (const [hearer, share] of [
      [5000, 0.5],
      [20_000, 2],
    ] as const) {
      const line = wire(10_000, 0, noise(0, chance(1)));
      tune(line, 10_000, hearer);
      const said = new Uint8Array(1000).fill(0x55);
      put(line, said, millis(0));
      const heard: number[] = [];
      while (line.underway.length > 0) heard.push(...(take(line, millis(1000)) as Uint8Array));
      expect(heard).toHaveLength(1000 * share);
      expect(heard.filter((byte) => byte === 0x55).length).toBeLessThan(30);
    }
  });

  it("hears nothing of what was in a cable when it was cut", () => {
    const line = wire(10_000, 0);
    put(line, new Uint8Array(40), millis(0));
    cut(line, millis(20));
    expect([backlog(line, millis(20)), nextArrival(line)]).toEqual([0, undefined]);
    put(line, new Uint8Array(1), millis(20));
    expect(all(line)).toEqual([{ at: 21, size: 1 }]);
  });

  it("behind a bridge that splits and merges hears the same bytes in other pieces", () => {
    const said = drawBytes(chance(3), 400);
    const heardUnder = (split: number, merge: number) => {
      const line = wire(10_000, 0);
      line.pieces = { split, merge, chance: chance(4) };
      for (let at = 0; at < 400; at += 40) put(line, said.subarray(at, at + 40), millis(at));
      const heard: number[] = [];
      let count = 0;
      for (let at = nextArrival(line); at !== undefined; at = nextArrival(line), count++) {
        heard.push(...(take(line, at) as Uint8Array));
      }
      expect(Uint8Array.from(heard)).toEqual(said);
      return count;
    };
    const plain = heardUnder(0, 0);
    expect(heardUnder(0.9, 0)).toBeGreaterThan(2 * plain);
    expect(heardUnder(0, 0.5)).toBeLessThan(plain);
  });

  it("waits while the cable stalls, and then has all at once", () => {
    const line = wire(10_000, 0, noise({ stall: 1, stallMs: 500 }, chance(1)));
    put(line, new Uint8Array(40), millis(0));
    expect(all(line)).toEqual([{ at: 500, size: 40 }]);
  });
});
