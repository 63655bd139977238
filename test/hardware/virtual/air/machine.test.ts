import { describe, expect, it } from "vitest";
import { FREE, Run, radiosOf } from "./measure.ts";
import { ADVERT, ESP, ignored, NRF, of, pairOf } from "./pairs.ts";

describe("two radios", () => {
  it("discover each other while both advertise and both scan", () => {
    const run = pairOf(FREE, FREE);
    for (const node of [0, 1]) {
      run.feed({ type: "advertise", node, data: ADVERT, intervalMs: 100 });
      run.feed({ type: "scan", node, intervalMs: 50, windowMs: 25 });
    }
    run.until(2000);
    const found = of(run, "discovered");
    expect(new Set(found.map(({ node, address }) => `${node}${address}`))).toEqual(new Set(["0b", "1a"]));
    expect(found[0]!.data).toEqual(ADVERT);
    expect(found[0]!.rssiDbm).toBeGreaterThan(-50);
    expect(found[0]!.rssiDbm).toBeLessThan(-30);
  });

  it("link only by order; that stops the scan and the adverts, and begins at MTU 23", () => {
    const run = pairOf(NRF, NRF);
    run.feed({ type: "advertise", node: 1, data: ADVERT, intervalMs: 20 });
    run.feed({ type: "scan", node: 0, intervalMs: 20, windowMs: 20 });
    run.until(500);
    expect(of(run, "connected")).toEqual([]);
    run.feed({ type: "connect", node: 0, to: "b" });
    run.until(1000);
    expect(of(run, "connected").map(({ node, role, peer }) => [node, role, peer])).toEqual([
      [0, "client", "b"],
      [1, "server", "a"],
    ]);
    expect(run.air.nodes[0]!.scan).toBeUndefined();
    expect(run.air.nodes[1]!.adverts).toBeUndefined();
    run.feed({ type: "value", node: 0, link: 1, bytes: new Uint8Array(21) });
    run.feed({ type: "value", node: 1, link: 1, bytes: new Uint8Array(20) });
    run.until(1200);
    expect(of(run, "queueDropped")).toEqual([{ type: "queueDropped", node: 0, link: 1, why: "tooLong" }]);
    run.feed({ type: "exchangeMtu", node: 1, link: 1, mtu: 247 });
    run.feed({ type: "exchangeMtu", node: 0, link: 1, mtu: 200 });
    run.until(1500);
    expect(ignored(run)).toEqual(["clientOnly"]);
    expect(of(run, "mtu").map(({ node, mtu }) => [node, mtu])).toEqual([
      [1, 200],
      [0, 200],
    ]);
    run.feed({ type: "value", node: 0, link: 1, bytes: new Uint8Array(197) });
    run.until(1600);
    expect(of(run, "value").map(({ node, bytes }) => [node, bytes.length])).toEqual([
      [0, 20],
      [1, 197],
    ]);
  });

  it("have one link of a stock nRF52, and the peer that is linked advertises no more", () => {
    const run = new Run({ radios: radiosOf(NRF, NRF, NRF) });
    run.link(0, 1, {});
    run.feed({ type: "connect", node: 0, to: "c" });
    run.feed({ type: "advertise", node: 1, data: ADVERT, intervalMs: 20 });
    expect(ignored(run)).toEqual(["linksFull", "linksFull"]);
  });

  it("know the strength of a link at the client only", () => {
    const run = pairOf(NRF, NRF);
    const link = run.link(0, 1, {});
    run.feed({ type: "readRssi", node: 0, link });
    run.feed({ type: "readRssi", node: 1, link });
    expect(of(run, "rssi").map(({ node }) => node)).toEqual([0]);
    expect(ignored(run)).toEqual(["noRssi"]);
  });
});

describe("a pending connection", () => {
  it("waits for ever on a stock ESP32, refuses another, and ends by a restart", () => {
    const run = pairOf(ESP, ESP);
    run.feed({ type: "connect", node: 0, to: "b" });
    run.feed({ type: "connect", node: 0, to: "c" });
    run.feed({ type: "cancel", node: 0 });
    expect(ignored(run)).toEqual(["pending", "noCancel"]);
    run.feed({ type: "reset", node: 0 });
    run.feed({ type: "advertise", node: 1, data: ADVERT, intervalMs: 20 });
    run.until(1000);
    expect(of(run, "connected")).toEqual([]);
  });

  it("is cancelled on an nRF52", () => {
    const run = pairOf(NRF, NRF);
    run.feed({ type: "cancel", node: 0 });
    run.feed({ type: "connect", node: 0, to: "b" });
    run.feed({ type: "cancel", node: 0 });
    expect(ignored(run)).toEqual(["nothingPending"]);
    expect(of(run, "cancelled")).toHaveLength(1);
  });

  it("does not ask for a layer that the chip has not", () => {
    const run = pairOf(ESP, ESP);
    run.feed({ type: "connect", node: 0, to: "b", wish: { phy: "2M" } });
    expect(ignored(run)).toEqual(["noPhy"]);
  });
});
