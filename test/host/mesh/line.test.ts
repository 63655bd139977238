import { describe, expect, test } from "vitest";
import { bucket, take, takeAt } from "../../../host/mesh/bucket.ts";
import type { Item } from "../../../host/mesh/item.ts";
import { LINE_LENGTH_MAX, LINE_STARVED_AFTER_MS, SEEN_MAX, SEEN_MS } from "../../../host/mesh/limits.ts";
import { type Line, line, put, takeNext } from "../../../host/mesh/line.ts";
import { idBytes, markSeen, messageId, seen, wasSeen } from "../../../host/mesh/seen.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { CRITICAL, HIGH, LOW, NORMAL, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";

const item = (packetClass: PacketClass, origin: string, since = 0): Item => ({
  ...{ id: undefined, packet: Uint8Array.of(packetClass), packetClass, origin, tries: 0, since: millis(since) },
});
const drained = (of: Line, count: number, nowMs = 0): string[] =>
  [...Array(count)].map(() => {
    const next = takeNext(of, millis(nowMs));
    return next === undefined ? "nothing" : `${next.origin}${next.packetClass}`;
  });

describe("a line", () => {
  test("gives the most urgent class first, and within a class the signers in turn", () => {
    const of = line();
    for (const each of [
      item(LOW, "a"),
      item(NORMAL, "a"),
      item(CRITICAL, "a"),
      item(CRITICAL, "a"),
      item(CRITICAL, "b"),
    ]) {
      put(of, each);
    }
    expect(drained(of, 6)).toEqual(["a0", "b0", "a0", "a2", "a3", "nothing"]);
  });

  test("lets whoever said more than its share go after everyone else, whatever its class [H11]", () => {
    const of = line();
    for (let i = 0; i < 60; i++) {
      put(of, item(CRITICAL, "loud"));
      takeNext(of, millis(0));
    }
    put(of, item(CRITICAL, "loud"));
    put(of, item(LOW, "quiet"));
    expect(drained(of, 2)).toEqual(["quiet3", "loud0"]);
    // A while later its share is there again.
    put(of, item(CRITICAL, "loud"));
    put(of, item(HIGH, "quiet"));
    expect(drained(of, 2, 5_000)).toEqual(["loud0", "quiet1"]);
  });

  test("that is full takes room from whoever has most in that class, and the oldest of it [H11]", () => {
    const of = line();
    expect(put(of, item(CRITICAL, "quiet"))).toBeUndefined();
    for (let i = 1; i < LINE_LENGTH_MAX; i++) expect(put(of, item(CRITICAL, "loud", i))).toBeUndefined();
    expect(put(of, item(CRITICAL, "quiet"))).toMatchObject({ origin: "loud", since: 1 });
    expect(put(of, item(LOW, "loud"))).toBeUndefined();
    expect(of.items).toHaveLength(LINE_LENGTH_MAX + 1);
  });

  test("lets one in eight go that waited long, before what is more urgent", () => {
    const of = line();
    put(of, item(LOW, "late"));
    for (let i = 0; i < 16; i++) put(of, item(CRITICAL, `${i % 9}`, LINE_STARVED_AFTER_MS));
    const order = drained(of, 17, LINE_STARVED_AFTER_MS);
    expect(order.indexOf("late3")).toBe(7);
  });

  test("keeps no account of who has been silent", () => {
    const of = line();
    for (let i = 0; i < 500; i++) {
      put(of, item(HIGH, `signer ${i}`));
      takeNext(of, millis(i * 100));
    }
    expect(of.shares.size).toBeLessThan(30);
  });
});

describe("a bucket", () => {
  test("gives its burst, then its rate, and says when the next token is there", () => {
    const of = bucket(millis(0), 3);
    const takes = [0, 0, 0, 0].map((at) => take(of, millis(at), 10, 3));
    expect(takes).toEqual([true, true, true, false]);
    expect(takeAt(of, 10)).toBeCloseTo(100);
    expect(take(of, millis(99), 10, 3)).toBe(false);
    expect(take(of, millis(takeAt(of, 10)), 10, 3)).toBe(true);
    expect([0, 0, 0, 0].map(() => take(of, millis(10_000), 10, 3))).toEqual([true, true, true, false]);
  });
});

describe("what was seen", () => {
  const chances = chance(1);
  const fresh = () => messageId(drawBytes(chances, 32));

  test("is known for at least five minutes and for at most ten [O06]", () => {
    const of = seen(millis(0));
    const [first, second, third] = [fresh(), fresh(), fresh()];
    markSeen(of, first, millis(SEEN_MS - 1));
    markSeen(of, second, millis(SEEN_MS));
    expect([first, second].map((id) => wasSeen(of, id))).toEqual([true, true]);
    markSeen(of, third, millis(2 * SEEN_MS - 1));
    expect(wasSeen(of, first)).toBe(true);
    markSeen(of, fresh(), millis(2 * SEEN_MS));
    expect([first, second, third].map((id) => wasSeen(of, id))).toEqual([false, true, true]);
    expect(SEEN_MS).toBe(300_000);
  });

  test("is known of the last ten thousand messages, by their bytes and by what is signed, however many come [O06]", () => {
    const of = seen(millis(0));
    const ids = [...Array(3 * SEEN_MAX)].map(fresh);
    for (const id of ids) markSeen(of, id, millis(1));
    expect(ids.slice(-SEEN_MAX).every((id) => wasSeen(of, id))).toBe(true);
    expect(of.young.size + of.old.size).toBeLessThanOrEqual(2 * SEEN_MAX);
    expect(SEEN_MAX).toBe(2 * 10_000);
  });

  test("has a name that goes into bytes and back", () => {
    for (let i = 0; i < 100; i++) {
      const digest = drawBytes(chances, 32);
      expect(idBytes(messageId(digest))).toEqual(digest.slice(0, 16));
    }
  });
});
