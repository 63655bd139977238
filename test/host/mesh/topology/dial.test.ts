import { describe, expect, test } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import { connectivity } from "../../../../host/mesh/topology/connectivity.ts";
import { step } from "../../../../host/mesh/topology/dial.ts";
import { type DialEffect, dialler } from "../../../../host/mesh/topology/dial-state.ts";
import { plan } from "../../../../host/mesh/topology/plan.ts";
import { linksOf } from "../../../../host/mesh/topology/search.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { nameOf } from "../letters.ts";
import { edges, leave, type Room, type RoomOptions, type RoomRadio, room, runUntil, STOCK_PAIR } from "./room.ts";

const SEEDS = 60;

const stock = (count: number): (readonly RoomRadio[])[] => [...Array(count)].map(() => STOCK_PAIR);
const bears = (made: Room): number => connectivity(linksOf(made.diallers.length, edges(made)));

function planned(count: number, radiosEach: number): Pick<RoomOptions, "kiosks" | "planned"> {
  const { ble } = boards.esp32;
  const of = plan([...Array(count)].map(() => ({ radios: [...Array(radiosEach)].map(() => ble) })));
  const kiosks = of.roles.map((roles) =>
    roles.map((role) => ({ role, linksMax: role === "server" ? ble.linksAsServer : ble.linksAsClient })),
  );
  const opens = kiosks.map((_, kiosk) =>
    of.links.filter(({ client }) => client.kiosk === kiosk).map(({ server }) => server.kiosk),
  );
  return { kiosks, planned: opens };
}

/** Of so many rooms, how many are one ring in the end. */
function rings(options: Omit<RoomOptions, "seed">, ms: number): number {
  let count = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const made = room({ ...options, seed });
    runUntil(made, ms);
    const isRing = edges(made).length === options.kiosks.length && bears(made) === 2;
    if (isRing) count += 1;
  }
  return count;
}

describe("two stock boards a kiosk", () => {
  test.each([4, 7, 10])("make one ring of %i, every time, without a plan", (count) => {
    expect(rings({ kiosks: stock(count) }, 180_000)).toBe(SEEDS);
  });

  test.each([4, 7, 10])("and of %i with one", (count) => {
    const kiosks = stock(count);
    const inTurn = kiosks.map((_, kiosk) => [(kiosk + 1) % count]);
    expect(rings({ kiosks, planned: inTurn }, 60_000)).toBe(SEEDS);
  });

  test("that dial whom they hear do not", () => {
    for (const count of [4, 7, 10])
      expect(rings({ kiosks: stock(count), independent: true }, 60_000)).toBeLessThan(0.8 * SEEDS);
  });

  test("close the ring again when a kiosk that was lost comes back, and keep every other link meanwhile", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const made = room({ kiosks: stock(5), seed });
      runUntil(made, 120_000);
      expect(bears(made)).toBe(2);
      const standing = made.links.filter(({ client, server }) => client[0] !== 2 && server[0] !== 2);
      const { closed } = made;
      leave(made, 2);
      runUntil(made, 180_000);
      expect(made.links.map(({ name }) => name)).toEqual(expect.arrayContaining(standing.map(({ name }) => name)));
      made.away.delete(2);
      runUntil(made, 300_000);
      expect(bears(made)).toBe(2);
      expect(made.links.map(({ name }) => name)).toEqual(expect.arrayContaining(standing.map(({ name }) => name)));
      expect(made.closed).toBe(closed);
    }
  });
});

describe("a plan for more boards", () => {
  test("comes up whole, whatever is heard first", () => {
    for (const [count, radiosEach] of [
      [4, 2],
      [7, 3],
      [10, 3],
    ]) {
      const options = planned(count, radiosEach);
      for (let seed = 1; seed <= 10; seed++) {
        const made = room({ ...options, seed });
        runUntil(made, 90_000);
        for (const [kiosk, opens] of (options.planned ?? []).entries()) {
          const opened = edges(made).filter(([client]) => client === kiosk);
          expect(opened.map(([, server]) => server).sort()).toEqual([...opens].sort());
        }
      }
    }
  });

  test("comes up also where other links were there first and hold the radios that it wants", () => {
    for (const [count, radiosEach] of [
      [4, 2],
      [7, 2],
      [7, 3],
    ] as const) {
      const options = planned(count, radiosEach);
      for (let seed = 1; seed <= 20; seed++) {
        const made = room({ ...options, plannedFromMs: 40_000, seed });
        runUntil(made, 400_000);
        expect(bears(made), `seed ${seed}`).toBeGreaterThan(1);
        const { closed } = made;
        runUntil(made, 600_000);
        expect(made.closed).toBe(closed);
      }
    }
  });

  test("of one kiosk more lets that in, though all radios are taken by links that were planned before or by none", () => {
    for (const [count, radiosEach] of [
      [4, 2],
      [5, 2],
      [7, 3],
    ] as const) {
      const options = planned(count, radiosEach);
      const before = planned(count - 1, radiosEach).planned ?? [];
      for (let seed = 1; seed <= 20; seed++) {
        const made = room({ ...options, plannedBefore: before, plannedFromMs: 90_000, seed });
        runUntil(made, 89_000);
        expect(made.links.length).toBeGreaterThanOrEqual(count - 1);
        runUntil(made, 300_000);
        expect(bears(made), `${count} kiosks, seed ${seed}`).toBeGreaterThan(1);
      }
    }
  });

  test("gives way where two do not hear each other: the table is whole by other links", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const kiosks = stock(4).map(([server, client]) => [{ ...server, linksMax: 2 }, client]);
      const inTurn = kiosks.map((_, kiosk) => [(kiosk + 1) % 4]);
      // Kiosk 0 and its two neighbours in the plan.
      const isApart = (left: number, right: number): boolean => (left === 0 || right === 0) && (left + right) % 2 === 1;
      const made = room({ kiosks, planned: inTurn, seed, deaf: isApart });
      runUntil(made, 120_000);
      expect(bears(made)).toBeGreaterThan(0);
    }
  });
});

describe("an advert", () => {
  const [me, low, high] = [nameOf(5), nameOf(1), nameOf(9)];
  const whole = { name: low, isWhole: true, opens: undefined, isFragile: false, loose: [] };
  const own = { ...whole, name: me, isWhole: false };

  function hears(
    part: typeof whole,
    kiosk: typeof low | undefined,
    of: typeof low,
    plannedFor?: readonly (typeof low)[],
  ) {
    const made = dialler(me, millis(0), 1);
    const effects: DialEffect<string>[] = [];
    step(made, { type: "started", at: millis(0), radio: 0, role: "client", linksMax: 2 }, effects);
    step(made, { type: "started", at: millis(0), radio: 1, role: "server", linksMax: 1 }, effects);
    step(made, { type: "view", at: millis(0), part, planned: plannedFor }, effects);
    const advert = (at: number, radio = 0) =>
      step(made, { type: "advert", at: millis(at), radio, address: "there", kiosk, part: of }, effects) ?? "dialled";
    return { made, effects, advert };
  }

  test("of our own radio, of strangers, and for a server is not answered", () => {
    expect(hears(own, me, me).advert(1)).toBe("own radio");
    expect(hears(own, undefined, low).advert(1)).toBe("not of our table");
    expect(hears(own, low, low).advert(1, 1)).toBe("not a client");
  });

  test("of another part is answered by the higher, and at last by the lower", () => {
    expect(hears(own, low, low).advert(1)).toBe("dialled");
    const { advert } = hears(own, high, high);
    expect([0, 8_000, 14_999, 15_000].map((at) => advert(at))).toEqual([
      "they dial us",
      "they dial us",
      "they dial us",
      "dialled",
    ]);
    const seldom = hears(own, high, high);
    expect([0, 12_000, 24_000].map((at) => seldom.advert(at))).toEqual([
      "they dial us",
      "they dial us",
      "they dial us",
    ]);
  });

  test("of the same part closes the ring when the table is whole, and not before", () => {
    expect(hears({ ...own, name: low }, high, low).advert(1)).toBe("not before the table is whole");
    expect(hears(whole, high, low).advert(1)).toBe("dialled");
    expect(hears(whole, high, low, [nameOf(2)]).advert(1)).toBe("not planned");
  });

  test("of who is planned is answered at once, of others when the plan had its time", () => {
    expect(hears(own, high, high, [high]).advert(1)).toBe("dialled");
    const { advert } = hears(own, low, low, [high]);
    expect([0, 9_000, 18_000, 20_000].map((at) => advert(at))).toEqual([
      "the plan first",
      "the plan first",
      "the plan first",
      "dialled",
    ]);
  });

  test("is not answered while another call is on its way, when linked, or just after it failed", () => {
    const { made, advert, effects } = hears(own, low, low);
    expect([advert(0), advert(1)]).toEqual(["dialled", "no link free"]);
    step(made, { type: "notConnected", at: millis(2), radio: 0 }, effects);
    expect([advert(3), advert(5_000)]).toEqual(["failed lately", "dialled"]);
    step(made, { type: "linkUp", at: millis(5_100), radio: 0, link: 7, peer: low, isOpener: true }, effects);
    expect(advert(5_200)).toBe("linked already");
    step(made, { type: "linkDown", at: millis(5_300), link: 7 }, effects);
    // A link that ended as soon as it was there is not opened again at once.
    expect([advert(5_400), advert(9_000)]).toEqual(["failed lately", "dialled"]);
    expect(effects).toEqual(new Array(3).fill({ type: "connect", radio: 0, address: "there" }));
  });

  test("that both answer makes two links, of which the higher closes its own", () => {
    const close = (peer: typeof low, part: typeof whole): DialEffect<string>[] => {
      const { made, effects } = hears(part, peer, peer);
      step(made, { type: "linkUp", at: millis(1), radio: 0, link: 1, peer, isOpener: true }, effects);
      step(made, { type: "linkUp", at: millis(2), radio: 1, link: 2, peer, isOpener: false }, effects);
      return effects;
    };
    expect(close(low, own)).toEqual([{ type: "close", link: 1, why: "double" }]);
    expect(close(high, own)).toEqual([]);
    // Nobody needs its radios.
    expect(close(low, whole)).toEqual([]);
  });

  test("that comes second closes its link only if it is the higher, or called twice itself", () => {
    const second = (peer: typeof low, isOpener: boolean): DialEffect<string>[] => {
      const { made, effects } = hears(own, peer, peer);
      step(made, { type: "linkUp", at: millis(1), radio: 1, link: 1, peer, isOpener }, effects);
      step(made, { type: "linkUp", at: millis(2), radio: 0, link: 2, peer, isOpener: true }, effects);
      return effects;
    };
    expect(second(low, false)).toEqual([{ type: "close", link: 2, why: "double" }]);
    expect(second(high, false)).toEqual([]);
    expect(second(high, true)).toEqual([{ type: "close", link: 2, why: "double" }]);
  });
});

test("a ring that keeps others out is opened by who opened its last link, when the map has had its time; under a plan by who opened what no plan has, at a time of its own", () => {
  const [me, other] = [nameOf(5), nameOf(4)];
  const ring = {
    ...{ name: nameOf(1), isWhole: false, opens: [me, other] as const },
    ...{ isFragile: false, loose: [other, nameOf(3)] },
  };
  const closes = (
    isOpener: boolean,
    planned: readonly (typeof me)[] | undefined,
    times: readonly number[],
  ): string[] => {
    const made = dialler(me, millis(0), 1);
    const effects: DialEffect<string>[] = [];
    step(made, { type: "started", at: millis(0), radio: 0, role: "dual", linksMax: 2 }, effects);
    step(made, { type: "linkUp", at: millis(0), radio: 0, link: 7, peer: other, isOpener }, effects);
    for (const at of times) step(made, { type: "view", at: millis(at), part: ring, planned }, effects);
    return effects.map((effect) => (effect.type === "close" ? effect.why : effect.type));
  };
  expect(closes(true, undefined, [0, 5_000, 11_999])).toEqual([]);
  expect(closes(true, undefined, [0, 12_000])).toEqual(["ring too soon"]);
  expect(closes(false, undefined, [0, 12_000])).toEqual([]);
  expect(closes(true, [other], [0, 24_000])).toEqual([]);
  expect(closes(true, [], [0, 12_000])).toEqual([]);
  expect(closes(true, [], [0, 24_000])).toEqual(["in the way"]);
  expect(closes(false, [], [0, 24_000])).toEqual([]);
});
