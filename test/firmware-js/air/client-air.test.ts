import { describe, expect, test } from "vitest";
import { SUBSCRIBED_WITHIN_MS } from "../../../firmware-js/air/client-setup.ts";
import type { StackCalls } from "../../../firmware-js/air/stack.ts";
import { peer } from "../modem/rig.ts";
import { ADVERT, advance, linked, of, pair } from "./pair.ts";

describe("a client's air", () => {
  test("scans again after a connection, on a stack that throws when it scans already", () => {
    const all = pair({ nimble: true });
    all.clientAir.scan(100, 50);
    all.clientAir.scan(100, 20);
    linked(all);
    all.clientAir.scan(100, 50);
    expect(of(all.atClient, "log")).toEqual([]);
    expect([all.client.scanning, all.client.uses]).toEqual([true, 2]);
  });

  test("ends an attempt where the stack can, and tells the modem", () => {
    const all = pair();
    all.clientAir.connect(peer(1));
    advance(all, 1_000);
    all.clientAir.cancel();
    advance(all, 1_000);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    linked(all);
    expect(of(all.atClient, "connected")).toHaveLength(1);
  });

  test("says nothing of an attempt that the stack cannot end: the modem restarts the board", () => {
    const all = pair({ nimble: true });
    all.clientAir.connect(peer(1));
    all.clientAir.cancel();
    advance(all, 10_000);
    expect(of(all.atClient, "connectFailed")).toEqual([]);
  });

  test.each([
    ["ends it by native code where that is built in", true],
    ["tells its end where the stack had failed in silence, and native code found nothing to cancel", false],
  ])("%s", (_words, found) => {
    const calls: StackCalls = { requestParameters: () => true, intervalMs: () => 0, cancelConnect: () => found };
    const all = pair({ nimble: true, calls });
    all.clientAir.connect(peer(1));
    all.clientAir.cancel();
    advance(all, 1_000);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
  });

  test("hangs up on a connection that was cancelled too late", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    all.clientAir.connect(peer(1));
    all.clientAir.cancel();
    all.client.pending = true;
    advance(all, 1_000);
    expect(of(all.atClient, "connected")).toEqual([]);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    expect(all.client.connected).toBe(false);
  });

  test("gives up on who has no such service", () => {
    const all = pair();
    all.client.serves = false;
    linked(all);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    expect(all.client.connected).toBe(false);
  });

  test("gives up on who never greets", () => {
    const all = pair();
    all.ether.lose = (what) => what === "down";
    linked(all);
    advance(all, SUBSCRIBED_WITHIN_MS);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    expect(of(all.atServer, "connected")).toEqual([]);
  });

  test("asks for the signal, and tells a new interval where native code knows it", () => {
    let intervalMs = 20;
    const calls: StackCalls = {
      requestParameters: () => true,
      intervalMs: () => intervalMs,
      cancelConnect: () => true,
    };
    const all = linked(pair({ calls }));
    advance(all, 5_000);
    expect(of(all.atClient, "rssi").at(-1)).toEqual({ type: "rssi", handle: 3, rssi: -61 });
    intervalMs = 100;
    advance(all, 10_000);
    expect(of(all.atClient, "interval").map((each) => each.intervalMs)).toEqual([20, 100]);
  });
});
