import { describe, expect, it } from "vitest";
import type { BenchPlace, BenchRadio } from "../../../hardware/bench/bench-radio.ts";
import { BenchRecord } from "../../../hardware/bench/record.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import type { Order } from "../../../host/radio/events.ts";
import type { Told } from "../../../host/radio/run-driver.ts";
import { bench, client, happensAt, planOf, recordOf, rig, server } from "./rig.ts";

const nrf = boards.nrf52.name;
const pair = (over = {}) => [server("left", nrf, { power: "virtual", ...over }), client("right", nrf)];

/** Writes down every order, and lets a test change what radios say. */
function watched(place: BenchPlace, orders: [string, Order][], change = (_: string, told: Told) => [told]): BenchPlace {
  return {
    ...place,
    open(radio, testsWire) {
      const inner = place.open(radio, testsWire);
      const outer: BenchRadio = {
        ...inner,
        on() {},
        order(order) {
          orders.push([radio.name, order]);
          inner.order(order);
        },
      };
      inner.on = (told) => {
        for (const each of change(radio.name, told)) outer.on(each);
      };
      return outer;
    },
  };
}

describe("teardown", () => {
  it("happens after a measurement: links are ended, nobody looks any more, and the next point finds none", async () => {
    const orders: [string, Order][] = [];
    const of = rig(pair(), {}, (place) => watched(place, orders));
    const { points } = await recordOf(of, planOf({ payloads: [50, 100] }));
    expect(points.map(({ status }) => status)).toEqual(["measured", "measured"]);
    expect(orders.filter(([, { type }]) => type === "disconnect")).toHaveLength(2);
    expect(orders.filter(([, { type }]) => type === "connect")).toHaveLength(2);
    const last = orders.slice(-3).map(([name, order]) => [name, order.type]);
    expect(last).toEqual([
      ["left", "advertise"],
      ["right", "scan"],
      ["right", "disconnect"],
    ]);
    expect(of.said).toEqual([]);
  });

  it("happens after a failure in the middle, and a retry with power off and on measures the point", async () => {
    const of = rig(pair({ attenuator: "virtual" }), {}, (place) =>
      happensAt(
        place,
        () => place.now() > 4000,
        () => place.power(of.map.radios[0], false),
      ),
    );
    const turned: number[] = [];
    const { attenuate } = of.place;
    Object.assign(of.place, {
      attenuate(...given: Parameters<typeof attenuate>) {
        turned.push(given[1]);
        attenuate(...given);
      },
    });
    const { points } = await recordOf(of, planOf({ attenuationsDb: [10], measureMs: 5000 }));
    expect(points[0]).toMatchObject({ status: "measured", attempts: 2 });
    expect(of.said).toEqual([expect.stringMatching(/left went away \(silent\); trying again$/)]);
    expect(turned).toEqual([10, 0, 10, 0]);
  });

  it("happens after Ctrl-C: what was measured is in the record, the rest was not run, and the radios are quiet", async () => {
    const orders: [string, Order][] = [];
    const of = rig(pair(), {}, (place) =>
      happensAt(
        watched(place, orders),
        () => place.now() > 8000,
        () => of.abort.abort(),
      ),
    );
    const result = await bench(of, planOf({ payloads: [50, 100, 200], measureMs: 3000 }));
    expect(result).toMatchObject({ ok: false, code: "interrupted" });
    if (!("record" in result)) throw new Error("an interrupted bench leaves its record");
    expect(result.record.points.map(({ status }) => status)).toEqual(["measured", "notRun", "notRun"]);
    expect(result.record.interrupted).toBe(true);
    expect(orders.at(-1)).toMatchObject(["right", { type: "disconnect" }]);
  });

  it("ends a link of which only one end is known, and says so when none ends", async () => {
    const orders: [string, Order][] = [];
    const isHidden = (name: string, told: Told) =>
      told.type === "news" && told.report.type === "linkUp" && name === "right";
    const of = rig(pair(), {}, (place) => watched(place, orders, (name, told) => (isHidden(name, told) ? [] : [told])));
    const { points } = await recordOf(of, planOf({ retries: 0 }));
    expect(points[0]).toMatchObject({ status: "failed", phase: "prepare", attempts: 1 });
    expect(points[0].why).toMatch(/^right did not link to left at 0 dB/);
    expect(orders.filter(([name, { type }]) => name === "left" && type === "disconnect")).toHaveLength(1);
  });
});

describe("a point that does not come about", () => {
  it("is tried as often as the plan says, and its record names the phase, the reason and the next thing to try", async () => {
    // It never hears anybody, as a board with a broken antenna.
    const isDeaf = (told: Told) => told.type === "news" && told.report.type === "discovered";
    const of = rig(pair(), {}, (place) => watched(place, [], (_, told) => (isDeaf(told) ? [] : [told])));
    const result = await bench(of, planOf({ retries: 2 }));
    expect(result).toMatchObject({ ok: false, code: "unmeasured" });
    if (!("record" in result)) throw new Error("a failed bench leaves its record");
    const [point] = result.record.points;
    expect(point).toMatchObject({ status: "failed", phase: "prepare", attempts: 3, measurements: [] });
    expect(point.why).toBe("right did not link to left at 0 dB");
    expect(point.next).not.toBe("");
    expect(of.said).toHaveLength(2);
    expect(BenchRecord.parse(JSON.parse(JSON.stringify(result.record)))).toEqual(result.record);
  });

  it("a promise that a radio broke is no bad luck: it fails at once, whatever the plan allows", async () => {
    const broken: readonly [RegExp, (told: Told) => Told[]][] = [
      [/packets called sent and never arrived/, (told) => (isEighth(told) ? [] : [told])],
      [/packets arrived twice/, (told) => (isEighth(told) ? [told, told] : [told])],
      [/packets arrived that nobody gave so/, (told) => [isEighth(told) ? spoilt(told) : told]],
    ];
    for (const [words, change] of broken) {
      const of = rig(pair(), {}, (place) => watched(place, [], (_, told) => change(told)));
      const { points } = await recordOf(of, planOf({ retries: 3 }));
      expect(points[0]).toMatchObject({ status: "failed", phase: "measure", attempts: 1 });
      expect(points[0].why).toMatch(words);
    }
  });

  it("a link that is lost in the middle is not hidden: its packets are counted, and no new one is made", async () => {
    const map = [server("left", nrf), client("right", nrf)];
    const of = rig(map, {}, (place) =>
      happensAt(
        place,
        () => place.now() > 4000,
        () => place.attenuate(of.map.radios[0], 100),
      ),
    );
    const { points } = await recordOf(of, planOf({ measureMs: 5000 }));
    expect(points[0]).toMatchObject({ status: "measured", linksLost: 1, attempts: 1 });
    expect(points[0].measurements.find(({ name }) => name === "unknown")?.value).toBeGreaterThan(0);
  });
});

describe("a bench that cannot begin", () => {
  it("names each radio that is not there, and the command that finds out why", async () => {
    const of = rig(pair());
    of.place.power(of.map.radios[0], false);
    const result = await bench(of, planOf());
    expect(result).toMatchObject({ ok: false, code: "radioMissing" });
    if (result.ok) throw new Error("a bench needs its radios");
    expect(result.why).toMatch(/^left \(virtual:left\): /);
    expect(result.next).toContain("hardway doctor virtual:left");
  });

  it("says what a radio says it is when the map says otherwise", async () => {
    const of = rig(pair(), { boardOf: ({ name, facts }) => (name === "left" ? boards.itsybitsy : facts) });
    expect(await bench(of, planOf())).toMatchObject({
      ok: false,
      code: "mapWrong",
      why: 'map.json:1:63: radios[0].board: it is "nrf52-dk", and the radio says "itsybitsy-nrf52840"',
    });
  });
});

const isEighth = (told: Told): boolean => told.type === "arrived" && told.packet[3] % 8 === 7;

function spoilt(told: Told): Told {
  if (told.type !== "arrived") return told;
  const packet = told.packet.slice();
  packet[packet.length - 1] ^= 1;
  return { ...told, packet };
}
