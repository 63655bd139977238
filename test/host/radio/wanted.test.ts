import { describe, expect, it } from "vitest";
import type { Order } from "../../../host/radio/events.ts";
import { nextBar, remember, restoring, type Wanted, wanted } from "../../../host/radio/wanted.ts";
import { RADIO_PEERS_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";

const BOOT = 77;
const peer = (last: number) => ({ kind: "random", address: Uint8Array.of(0, 0, 0, 0, last >> 8, last) }) as const;
const bar = (last: number, seconds = 60): Order => ({ type: "bar", peer: peer(last), seconds });
const at = millis;

function bars(state: Wanted, boot: number, now: number): Order[] {
  const told: Order[] = [];
  for (let next = nextBar(state, boot, at(now)); next !== undefined; next = nextBar(state, boot, at(now)))
    told.push(next);
  return told;
}

describe("what was ordered of a radio", () => {
  it("is ordered again in an order that works, the last word of each kind", () => {
    const state = wanted();
    const advert = { version: 1, flags: 0, kiosk: new Uint8Array(4), component: new Uint8Array(4) };
    const orders: Order[] = [
      { type: "scan", on: true, intervalMs: 100, windowMs: 50 },
      { type: "start", role: "dual", name: "k" },
      { type: "logLevel", level: 3 },
      { type: "advertise", on: true, intervalMs: 100, advert },
      { type: "advertise", on: true, intervalMs: 200, advert },
      { type: "power", state: "sleep" },
    ];
    for (const order of orders) expect(remember(state, order, undefined, at(0))).toBe(true);
    expect(restoring(state).map(({ type }) => type)).toEqual(["logLevel", "power", "start", "advertise", "scan"]);
    expect(restoring(state)).toContain(orders[4]);
    remember(state, { type: "advertise", on: false, intervalMs: 0, advert }, undefined, at(0));
    remember(state, { type: "power", state: undefined }, undefined, at(0));
    remember(state, { type: "start", role: "client", name: "k" }, undefined, at(0));
    expect(restoring(state).map(({ type }) => type)).toEqual(["logLevel", "start"]);
    for (const order of [{ type: "counters" }, { type: "connect", to: peer(1) }] as const) {
      expect(remember(state, order, undefined, at(0))).toBe(false);
    }
  });

  it("who is barred is told to each new boot once, for the time that is left", () => {
    const state = wanted();
    remember(state, bar(1, 60), BOOT, at(0));
    remember(state, bar(2, 10), undefined, at(0));
    expect(bars(state, BOOT, 1000)).toEqual([bar(2, 9)]);
    expect(bars(state, BOOT, 1000)).toEqual([]);
    expect(bars(state, BOOT + 1, 20_000)).toEqual([bar(1, 40)]);
    expect(bars(state, BOOT + 2, 60_000)).toEqual([]);
  });

  it("whom nobody bars any more is let in again, also by a radio that was not there when it was said", () => {
    const state = wanted();
    remember(state, bar(1), BOOT, at(0));
    remember(state, { type: "unbar", peer: peer(1) }, BOOT, at(1));
    expect(bars(state, BOOT + 1, 2)).toEqual([]);
    remember(state, bar(1), BOOT, at(3));
    remember(state, { type: "unbar", peer: peer(1) }, undefined, at(4));
    expect(bars(state, BOOT, 5)).toEqual([{ type: "unbar", peer: peer(1) }]);
    expect(bars(state, BOOT + 1, 6)).toEqual([]);
  });

  it("a flood of bars drives nobody out of a full list; what expired makes room [E02]", () => {
    const state = wanted();
    for (let last = 0; last < RADIO_PEERS_MAX; last++) remember(state, bar(last, last === 0 ? 1 : 60), BOOT, at(0));
    for (let last = 100; last < 400; last++) expect(remember(state, bar(last), BOOT, at(1))).toBe(false);
    expect(state.bars).toHaveLength(RADIO_PEERS_MAX);
    expect(remember(state, bar(500), BOOT, at(1000))).toBe(true);
    expect(bars(state, BOOT + 1, 1000).map((order) => order.type === "bar" && order.peer.address[5])).not.toContain(0);
  });
});
