import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { client, figure, planOf, recordOf, rig, server } from "./rig.ts";

const nrf = boards.nrf52.name;
const esp = boards.esp32.name;

/** A pair whose client asks for this interval. */
const pairAt = (board: string, intervalMs: number) =>
  rig([server("left", board), client("right", board)], {
    boardOf: ({ facts }) => ({
      ...facts,
      ble: { ...facts.ble, intervalMinMs: intervalMs, intervalMaxMs: intervalMs },
    }),
  });

describe("a sweep on virtual boards", () => {
  it("finds what the stack's queue lets pass: one fragment of an nRF52 each interval at most, and acknowledgements take no interval of their own", async () => {
    for (const intervalMs of [20, 60]) {
      const { points } = await recordOf(pairAt(nrf, intervalMs), planOf({ payloads: [50, 200], measureMs: 6000 }));
      for (const point of points) {
        const queue = (boards.nrf52.ble.stackQueue * point.payload * 1000) / intervalMs;
        const ratio = figure(point, "throughputDown") / queue;
        // With its own time for full packets it is busy at 20 ms before the queue is.
        expect(ratio, point.id).toBeGreaterThan(0.53);
        expect(ratio, point.id).toBeLessThan(1.03);
      }
    }
  });

  it("finds the deeper queue of an ESP32, and never more than its queue an interval", async () => {
    const { points } = await recordOf(pairAt(esp, 50), planOf({ payloads: [50, 200], measureMs: 4000, window: 8 }));
    for (const point of points) {
      const anInterval = (boards.esp32.ble.stackQueue * point.payload * 1000) / 50;
      for (const way of ["throughputDown", "throughputUp"]) {
        expect(figure(point, way), point.id).toBeGreaterThan(anInterval / 2);
        expect(figure(point, way), point.id).toBeLessThan(anInterval);
      }
    }
  });

  it("finds the wire: a client's two links at 115200 baud carry less than at 921600, and less than 8N1 allows", async () => {
    const map = [server("one", esp), server("two", esp), client("hub", esp)];
    const plan = planOf({ bauds: [115_200, 921_600], payloads: [200], links: [2], measureMs: 4000, window: 8 });
    const record = await recordOf(rig(map), plan);
    const [slow, fast] = record.points;
    for (const way of ["throughputDown", "throughputUp"]) {
      expect(figure(slow, way)).toBeLessThan(11_520);
      expect(figure(slow, way)).toBeLessThan(0.8 * figure(fast, way));
    }
    expect(record.radios.map(({ baud }) => baud)).toEqual([921_600, 921_600, 921_600]);
    expect(slow.edges).toEqual([
      { server: "one", client: "hub" },
      { server: "two", client: "hub" },
    ]);
  });

  it("finds the reach: the same at 40 dB, nothing linked at 70, and the attenuator is turned back", async () => {
    const map = [server("left", nrf, { attenuator: "virtual" }), client("right", nrf)];
    const turned: number[] = [];
    const of = rig(map, {}, (place) => ({
      ...place,
      attenuate(radio, db) {
        turned.push(db);
        place.attenuate(radio, db);
      },
    }));
    const { points } = await recordOf(of, planOf({ attenuationsDb: [0, 40, 70], retries: 1 }));
    expect(points.map(({ status, attempts }) => [status, attempts])).toEqual([
      ["measured", 1],
      ["measured", 1],
      ["unreachable", 2],
    ]);
    expect(figure(points[1], "throughput")).toBeGreaterThan(0.9 * figure(points[0], "throughput"));
    expect(turned).toEqual([40, 0, 70, 0, 70, 0]);
  });

  it("counts frames that a bad cable spoiled, while every packet still arrives once", async () => {
    const plan = planOf({ payloads: [200], measureMs: 4000 });
    const map = [server("left", nrf), client("right", nrf)];
    const clean = await recordOf(rig(map), plan);
    const bad = await recordOf(rig(map, { world: { errorRate: 1e-3 } }), plan);
    expect(figure(clean.points[0], "wireDamaged")).toBe(0);
    expect(figure(bad.points[0], "wireDamaged")).toBeGreaterThan(0.02);
    expect(figure(bad.points[0], "dropped") + figure(bad.points[0], "unknown")).toBe(0);
  });

  it("holds a pace that the window allows, and its latency is then without a queue", async () => {
    const map = [server("left", nrf), client("right", nrf)];
    const full = await recordOf(rig(map), planOf({ measureMs: 5000 }));
    const paced = await recordOf(rig(map), planOf({ measureMs: 5000, packetsPerSecond: 5 }));
    const [point] = paced.points;
    expect(figure(point, "throughputDown")).toBeCloseTo(500, -1);
    expect(figure(point, "throughputUp")).toBeCloseTo(500, -1);
    expect(figure(point, "oneWayP95")).toBeLessThan(figure(full.points[0], "oneWayP50"));
  });

  it("takes repeats of a point together, and the same seed gives the same record to the last digit", async () => {
    const life = async () => {
      const map = [server("left", nrf), client("right", nrf)];
      const of = rig(map, { seed: 7, world: { errorRate: 1e-3 } });
      const record = await recordOf(of, planOf({ repeats: 2, measureMs: 1000 }));
      return { record, shown: of.shown };
    };
    const first = await life();
    expect(first.record.points[0].attempts).toBe(2);
    expect(first.record.points[0].measurements.find(({ name }) => name === "throughput")?.samples).toBe(20);
    expect(first.shown.map((each) => each.slice(-3))).toEqual(["1/2", "2/2"]);
    expect(await life()).toEqual(first);
  });
});
