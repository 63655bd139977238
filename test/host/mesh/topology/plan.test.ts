import { describe, expect, test } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import { connectivity } from "../../../../host/mesh/topology/connectivity.ts";
import { type PlannedLink, plan, planInWords, type TopologyPlan } from "../../../../host/mesh/topology/plan.ts";
import { castings, type KioskRadios, type RadioLimits } from "../../../../host/mesh/topology/radios.ts";
import { linksOf } from "../../../../host/mesh/topology/search.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { largestConnectivity } from "./exhaustive.ts";

const nrf = boards.itsybitsy.ble;
const esp = boards.esp32.ble;
const c3 = boards.esp32c3.ble;
/** As builds with more links, a proved dual, or half a stack would be. */
const wide: RadioLimits = { ...esp, linksAsServer: 3 };
const dual: RadioLimits = { ...nrf, dualProved: true, linksAsServer: 3, linksAsClient: 3 };
const deaf: RadioLimits = { ...esp, server: false };
const mute: RadioLimits = { ...nrf, client: false, linksAsServer: 4 };
const ALL = [nrf, esp, c3, wide, dual, deaf, mute];

const table = (...kiosks: readonly (readonly RadioLimits[])[]): KioskRadios[] => kiosks.map((radios) => ({ radios }));
const alike = (count: number, ...radios: readonly RadioLimits[]): KioskRadios[] =>
  [...Array(count)].map(() => ({ radios }));

/** What a plan may not do, whatever else it is. */
function check(kiosks: readonly KioskRadios[], made: TopologyPlan): void {
  const used = new Map<string, number>();
  const pairs = new Set<string>();
  for (const { client, server } of made.links) {
    expect(client.kiosk).not.toBe(server.kiosk);
    pairs.add([client.kiosk, server.kiosk].sort().join());
    expect(["client", "dual"]).toContain(made.roles[client.kiosk][client.radio]);
    expect(["server", "dual"]).toContain(made.roles[server.kiosk][server.radio]);
    for (const [place, side] of [
      [client, "opens"],
      [server, "accepts"],
    ] as const) {
      const key = `${place.kiosk} ${place.radio} ${side}`;
      used.set(key, (used.get(key) ?? 0) + 1);
    }
  }
  expect(pairs.size).toBe(made.links.length);
  for (const [key, count] of used) {
    const [kiosk, radio, side] = key.split(" ");
    const limits = kiosks[Number(kiosk)].radios[Number(radio)];
    expect(count).toBeLessThanOrEqual(side === "opens" ? limits.linksAsClient : limits.linksAsServer);
  }
  for (const [kiosk, roles] of made.roles.entries()) {
    for (const [radio, role] of roles.entries()) {
      const limits = kiosks[kiosk].radios[radio];
      if (role === "dual") expect(limits.dualProved).toBe(true);
      else expect(limits[role]).toBe(true);
    }
  }
  const edges = made.links.map(({ client, server }) => [client.kiosk, server.kiosk] as const);
  expect(connectivity(linksOf(kiosks.length, edges))).toBe(made.connectivity);
}

describe("connectivity", () => {
  test("of graphs that everyone knows", () => {
    const of = (count: number, ...edges: (readonly [number, number])[]): number => connectivity(linksOf(count, edges));
    expect(of(1)).toBe(0);
    expect(of(2)).toBe(0);
    expect(of(2, [0, 1])).toBe(1);
    expect(of(4, [0, 1], [1, 2], [2, 3])).toBe(1);
    expect(of(4, [0, 1], [1, 2], [2, 3], [3, 0])).toBe(2);
    expect(of(5, [0, 1], [1, 2], [2, 0], [2, 3], [3, 4], [4, 2])).toBe(1);
    const all = [...Array(36).keys()].map((i) => [i % 6, Math.floor(i / 6)] as const).filter(([a, b]) => a < b);
    expect(of(6, ...all)).toBe(5);
    const petersen = [0, 1, 2, 3, 4].flatMap((i) => [
      [i, (i + 1) % 5] as const,
      [i, i + 5] as const,
      [i + 5, ((i + 2) % 5) + 5] as const,
    ]);
    expect(of(10, ...petersen)).toBe(3);
  });
});

describe("roles", () => {
  test("are those that a board has proved, and of them the ones that no others better", () => {
    const of = (...radios: RadioLimits[]): string[] =>
      castings({ radios }).map(
        ({ roles, accepts, opens }) => `${roles.map((role) => role[0]).join("")} ${accepts}/${opens}`,
      );
    expect(of(nrf)).toEqual(["s 1/0", "c 0/1"]);
    expect(of(nrf, nrf)).toEqual(["sc 1/1", "ss 2/0", "cc 0/2"]);
    expect(of(dual)).toEqual(["d 3/3"]);
    expect(of(deaf, mute)).toEqual(["cs 4/2"]);
    expect(castings({ radios: [nrf, nrf], roles: ["client", "client"] }).map(({ roles }) => roles)).toEqual([
      ["client", "client"],
    ]);
  });
});

describe("a plan", () => {
  test.each<[string, KioskRadios[], number]>([
    ["four with two stock boards each: a ring", alike(4, nrf, nrf), 2],
    ["seven with two stock boards each: a ring", alike(7, nrf, nrf), 2],
    ["ten with two stock boards each: a ring", alike(10, nrf, nrf), 2],
    ["four with an ESP32 and an nRF52 each", alike(4, esp, nrf), 2],
    ["seven with three stock boards each", alike(7, esp, esp, nrf), 4],
    ["ten with four ESP32 each", alike(10, esp, esp, esp, esp), 5],
    ["ten with a proved dual each", alike(10, dual), 6],
    ["a pair with one board each", table([nrf], [nrf]), 1],
  ])("of %s", (_, kiosks, expected) => {
    const made = plan(kiosks);
    check(kiosks, made);
    expect(made.connectivity).toBe(expected);
  });

  test("is the same each time, and for everyone", () => {
    const kiosks = table([nrf, esp], [dual], [esp, esp, c3], [nrf, nrf], [wide, deaf], [esp, nrf, nrf]);
    expect(plan(kiosks)).toEqual(plan(structuredClone(kiosks)));
  });

  test.each([...Array(4).keys()])(
    "has the largest connectivity that a search of everything finds, part %i",
    (part) => {
      const chances = chance(100 + part);
      const found: number[] = [];
      for (let i = 0; i < 40; i++) {
        const count = 2 + drawBelow(chances, 7);
        const kinds = part === 0 ? [nrf, esp] : part === 1 ? [esp, c3, wide] : ALL;
        const kiosks = [...Array(count)].map(() => ({
          radios: [...Array(1 + drawBelow(chances, part === 3 ? 2 : 4))].map(
            () => kinds[drawBelow(chances, kinds.length)],
          ),
        }));
        const made = plan(kiosks);
        check(kiosks, made);
        expect({ part, i, connectivity: made.connectivity }).toEqual({
          part,
          i,
          connectivity: largestConnectivity(kiosks),
        });
        expect(made.bearsFaults).toBe(made.connectivity >= Math.min(count - 1, Math.floor((count - 1) / 3) + 1));
        found.push(made.connectivity);
      }
      expect(new Set(found).size).toBeGreaterThan(2);
    },
    60_000,
  );

  test.each<[string, KioskRadios[]]>([
    ["eight of two stock boards each", alike(8, nrf, nrf)],
    ["eight of three", alike(8, esp, esp, nrf)],
    ["seven, of which one has a single board", [...alike(6, nrf, nrf), ...table([nrf])]],
    ["seven, of which two have a single board", [...alike(5, esp, nrf), ...table([esp], [nrf])]],
    ["eight that only open, and two that only accept", [...alike(6, deaf), ...table([mute, mute], [mute, mute])]],
    ["five of mixed boards", table([nrf, nrf], [esp, esp], [c3, nrf], [esp, nrf], [dual])],
  ])("of a table of %s has it as well", (_, kiosks) => {
    const made = plan(kiosks);
    check(kiosks, made);
    expect(made.connectivity).toBe(largestConnectivity(kiosks));
  });

  test("leaves no kiosk needed where the radios allow it, and says so where they do not", () => {
    const ring = plan(alike(7, nrf, nrf));
    expect([ring.faults, ring.bearsFaults]).toEqual([2, false]);
    expect(planInWords(ring)).toBe(
      "All kiosks are linked, and still hear each other when any one of them falls silent; the table should bear 2: more radios are wanted, or boards with more links.",
    );
    const more = plan(alike(7, esp, esp, nrf));
    expect([more.faults, more.bearsFaults]).toEqual([2, true]);
    expect(planInWords(more)).toBe("All kiosks are linked, and still hear each other when any 3 of them fall silent.");
    const four = plan(alike(4, nrf, nrf));
    expect([four.faults, four.bearsFaults]).toEqual([1, true]);
    const alone = plan([...alike(3, nrf, nrf), { radios: [] }]);
    expect([alone.connectivity, alone.bearsFaults]).toEqual([0, false]);
    expect(planInWords(alone)).toContain("do not suffice");
  });

  test("opens no link that nobody needs: a radio that is free takes in whoever comes", () => {
    expect(plan(alike(4, dual)).links.length).toBe(6);
    expect(plan(alike(10, nrf, nrf)).links.length).toBe(10);
    const withOneBoard = plan([...alike(5, esp, esp), ...table([nrf])]);
    expect([withOneBoard.connectivity, withOneBoard.links.length]).toEqual([1, 5]);
  });
});

describe("another plan, after a loss", () => {
  const pairsOf = (links: readonly PlannedLink[]): string[] => links.map((link) => JSON.stringify(link)).sort();

  /** The same kiosks without one, or with other radios, and the links that still stand. */
  function without(kiosks: readonly KioskRadios[], made: TopologyPlan, gone: number): [KioskRadios[], PlannedLink[]] {
    const rest = kiosks.flatMap(({ radios }, kiosk) => (kiosk === gone ? [] : [{ radios, roles: made.roles[kiosk] }]));
    const shift = (kiosk: number): number => (kiosk > gone ? kiosk - 1 : kiosk);
    const standing = made.links
      .filter(({ client, server }) => client.kiosk !== gone && server.kiosk !== gone)
      .map(({ client, server }) => ({
        client: { ...client, kiosk: shift(client.kiosk) },
        server: { ...server, kiosk: shift(server.kiosk) },
      }));
    return [rest, standing];
  }

  test("keeps every link that works and every role, and closes the ring again", () => {
    for (const count of [4, 5, 7, 10]) {
      const kiosks = alike(count, nrf, nrf);
      const made = plan(kiosks);
      for (let gone = 0; gone < count; gone++) {
        const [rest, standing] = without(kiosks, made, gone);
        const next = plan(rest, standing);
        check(rest, next);
        expect(pairsOf(next.links)).toEqual(expect.arrayContaining(pairsOf(standing)));
        expect(next.roles).toEqual(rest.map(({ roles }) => roles));
        expect(next.connectivity).toBe(Math.min(2, count - 2));
        expect(next.links.length).toBe(standing.length + 1);
      }
    }
  });

  test("keeps what works in tables of any boards, and bears the faults again where it can", () => {
    const chances = chance(7);
    for (let i = 0; i < 30; i++) {
      const count = 5 + drawBelow(chances, 5);
      const kiosks = alike(count, esp, esp, ...(drawBelow(chances, 2) === 0 ? [nrf] : [c3, esp]));
      const made = plan(kiosks);
      const [rest, standing] = without(kiosks, made, drawBelow(chances, count));
      const next = plan(rest, standing);
      check(rest, next);
      expect(pairsOf(next.links)).toEqual(expect.arrayContaining(pairsOf(standing)));
      expect(next.bearsFaults).toBe(true);
    }
  });

  test("begins anew only where the table could not bear its faults otherwise", () => {
    // Two kiosks took both ends of a chain that a ring needs in another way.
    const kiosks = alike(4, nrf, nrf).map(({ radios }) => ({ radios, roles: ["server", "client"] as const }));
    const standing: PlannedLink[] = [
      { client: { kiosk: 0, radio: 1 }, server: { kiosk: 1, radio: 0 } },
      { client: { kiosk: 1, radio: 1 }, server: { kiosk: 2, radio: 0 } },
      { client: { kiosk: 2, radio: 1 }, server: { kiosk: 0, radio: 0 } },
    ];
    const next = plan(kiosks, standing);
    check(kiosks, next);
    expect(next.connectivity).toBe(2);
    expect(pairsOf(next.links)).not.toEqual(expect.arrayContaining(pairsOf(standing)));
  });
});
