import { describe, expect, test } from "vitest";
import { ANSWERED_WITHIN_MS, GONE_WITHIN_MS } from "../../../firmware-js/air/server-setup.ts";
import { peer } from "../modem/rig.ts";
import { ADVERT, advance, linked, of, pair } from "./pair.ts";

describe("a server's air", () => {
  test("hangs up on who never subscribes, and advertises again, with no word to the modem but a log line", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    // Its program does nothing with the connection.
    all.client.callbacks = undefined;
    all.client.connect(peer(1));
    advance(all, ANSWERED_WITHIN_MS - 100);
    expect(all.client.connected).toBe(true);
    advance(all, 500);
    expect(all.client.connected).toBe(false);
    expect(of(all.atServer, "connected")).toEqual([]);
    expect(of(all.atServer, "disconnected")).toEqual([]);
    expect(of(all.atServer, "log")).toHaveLength(1);
    expect(all.server.advertising).toBeDefined();
  });

  test("replaces an advert and stops before the first, on a stack that throws at either", () => {
    const all = pair();
    all.serverAir.stopAdvertising();
    all.serverAir.advertise(100, ADVERT);
    all.serverAir.advertise(200, ADVERT);
    expect(all.server.advertising).toMatchObject({ intervalMs: 200 });
    expect(of(all.atServer, "log")).toEqual([]);
  });

  test("tries again when the stack refuses to advertise, and says so", () => {
    const all = pair();
    all.server.advertising = { intervalMs: 1, advert: ADVERT };
    all.serverAir.advertise(100, ADVERT);
    expect(of(all.atServer, "log")).toEqual([{ type: "log", level: 0, text: "the stack refused to advertise" }]);
    all.server.advertising = undefined;
    advance(all, 1_100);
    expect(all.server.advertising).toMatchObject({ intervalMs: 100 });
  });

  test("advertises again after a connection that did not come about", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    // As NimBLE says so.
    all.server.advertising = undefined;
    all.serverAir.onConnected(0xffff, { kind: "public", address: new Uint8Array(6) });
    advance(all, ANSWERED_WITHIN_MS + GONE_WITHIN_MS);
    expect(all.server.advertising).toBeDefined();
    expect([all.atServer, linked(all).server.client]).toEqual([expect.anything(), all.client]);
  });

  test("advertises again although a stack never says that who was told to go is gone", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    all.client.callbacks = undefined;
    all.client.connect(peer(1));
    all.server.clings = true;
    advance(all, ANSWERED_WITHIN_MS + GONE_WITHIN_MS - 100);
    expect(all.server.advertising).toBeUndefined();
    // It is gone all the same.
    all.server.client = undefined;
    advance(all, 1_000);
    expect(all.server.advertising).toBeDefined();
  });

  test("drops values of who has not subscribed", () => {
    const all = pair();
    all.serverAir.onConnected(7, peer(9));
    all.serverAir.onValue(Uint8Array.of(1, 2, 3));
    expect(of(all.atServer, "value")).toEqual([]);
  });
});
