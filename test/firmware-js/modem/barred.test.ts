import { describe, expect, it } from "vitest";
import { bar, barred, isBarred, unbar } from "../../../firmware-js/modem/barred.ts";
import { type PeerKey, peerKey } from "../../../firmware-js/modem/facts.ts";
import { RADIO_PEERS_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";

const peer = (number: number): PeerKey =>
  peerKey({ kind: "public", address: Uint8Array.of(0, 0, 0, 0, number >> 8, number) });
const A = peer(10_000);
const B = peer(10_001);

describe("the barred list", () => {
  it("bars until the time is up, and not longer", () => {
    const table = barred();
    expect(bar(table, A, 10, millis(500))).toBe(true);
    expect(isBarred(table, A, millis(10_499))).toBe(true);
    expect(isBarred(table, A, millis(10_500))).toBe(false);
    expect(isBarred(table, B, millis(500))).toBe(false);
  });

  it("a full table refuses a new order rather than let a barred peer in", () => {
    const table = barred();
    for (let i = 0; i < RADIO_PEERS_MAX; i++) expect(bar(table, peer(i), 100, millis(0))).toBe(true);
    for (let i = 0; i < 1000; i++) expect(bar(table, peer(1000 + i), 1000, millis(1))).toBe(false);
    expect(table.refused).toBe(1000);
    expect(isBarred(table, peer(0), millis(1))).toBe(true);
    expect(table.entries).toHaveLength(RADIO_PEERS_MAX);
  });

  it("room comes back with time or by the host's order, and a shorter order never shortens", () => {
    const table = barred();
    for (let i = 0; i < RADIO_PEERS_MAX; i++) bar(table, peer(i), i === 0 ? 1 : 100, millis(0));
    bar(table, peer(1), 5, millis(0));
    expect(isBarred(table, peer(1), millis(50_000))).toBe(true);
    expect(bar(table, peer(3000), 10, millis(1000))).toBe(true);
    unbar(table, peer(2));
    expect(isBarred(table, peer(2), millis(1000))).toBe(false);
    expect(bar(table, peer(3001), 10, millis(1000))).toBe(true);
  });
});
