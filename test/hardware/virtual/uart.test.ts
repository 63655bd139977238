import { describe, expect, it } from "vitest";
import { looksAt, read, receive, reopen, stall, type Uart, uart } from "../../../hardware/virtual/uart.ts";

const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7);

function sizes(from: Uart): number[] {
  const all: number[] = [];
  for (let each = read(from); each !== undefined; each = read(from)) all.push(each.length);
  return all;
}

describe("a board's receive side", () => {
  it("keeps what it has room for, and counts the rest", () => {
    const own = uart(100, false, true);
    for (const size of [60, 60, 5]) receive(own, bytes(size), 0, false);
    expect(own.overflowed).toBe(25);
    expect(sizes(own)).toEqual([60, 40]);
    receive(own, bytes(100), 1, false);
    expect([own.size, own.overflowed]).toEqual([100, 25]);
  });

  it("of one chip stops at an error, until its program's next look", () => {
    for (const [stalls, kept] of [
      [true, [10, 1]],
      [false, [10, 10, 10]],
    ] as const) {
      const own = uart(100, stalls, true);
      receive(own, bytes(10), 0, false);
      receive(own, bytes(10), 1, true);
      receive(own, bytes(10), 2, false);
      expect(looksAt(own, 3)).toBe(stalls ? 10 : 3);
      expect(sizes(own)).toEqual(kept);
    }
  });

  it("stays deaf when its call was lost, unless the program looks by itself", () => {
    for (const [polls, looks] of [
      [true, [30, 20]],
      [false, [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]],
    ] as const) {
      const own = uart(100, true, polls);
      own.uncalled = true;
      expect(looksAt(own, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
      expect(looksAt(own, 25)).toBe(looks[0]);
      stall(own, 12);
      expect(looksAt(own, 25)).toBe(looks[1]);
      reopen(own);
      expect(looksAt(own, 25)).toBe(25);
    }
  });
});
