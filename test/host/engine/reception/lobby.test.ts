import { describe, expect, test } from "vitest";
import { ANNOUNCERS_MAX, TABLE_FORGOTTEN_MS, TABLES_HEARD_MAX } from "../../../../host/engine/reception/limits.ts";
import {
  forget,
  type Lobby,
  listTables,
  lobby,
  nextDeadline,
  onAnnouncement,
} from "../../../../host/engine/reception/lobby.ts";
import { planFault } from "../../../../host/engine/reception/plan.ts";
import { NO_TOLERANCE, toleranceOf } from "../../../../host/engine/reception/tolerance.ts";
import { epoch, millis } from "../../../../protocol/core/units.ts";
import { FEATURES } from "../../../../protocol/core/version.ts";
import type { TableAnnouncement } from "../../../../protocol/message/announcement.ts";
import { key, keys, TABLE, VERSION } from "./rig.ts";

const announced = (change: Partial<TableAnnouncement> = {}): TableAnnouncement => ({
  ...{
    version: VERSION,
    name: "Table one",
    rules: 1,
    epoch: epoch(0),
    members: 4,
    seats: 8,
    seatsFree: 4,
    door: "open",
  },
  ...change,
});
const table = (fill: number): Uint8Array => new Uint8Array(16).fill(fill);
function hear(
  of: Lobby,
  from: Uint8Array,
  change: Partial<TableAnnouncement> = {},
  id: Uint8Array = TABLE,
  isKnown = false,
  at = 0,
) {
  return onAnnouncement(of, {
    at: millis(Math.max(of.now, at)),
    table: id,
    from,
    isKnown,
    announcement: announced(change),
  });
}
const list = (of: Lobby) => listTables(of, VERSION, [1]);

describe("tables nearby", () => {
  test("are listed once each, as their members announce them, and forgotten when nobody does", () => {
    const of = lobby(millis(0));
    expect([hear(of, key(0)), hear(of, key(1)), hear(of, key(0))]).toEqual(["new", "new", "again"]);
    expect(hear(of, key(2), { name: "Other" }, table(8), true)).toBe("new");
    expect(list(of).map(({ announcement, announcers, isKnown }) => [announcement.name, announcers, isKnown])).toEqual([
      ["Other", 1, true],
      ["Table one", 2, false],
    ]);
    expect(nextDeadline(of)).toBe(TABLE_FORGOTTEN_MS);
    hear(of, key(1), {}, TABLE, false, 30_000);
    forget(of, millis(TABLE_FORGOTTEN_MS));
    expect(list(of).map(({ announcement, announcers }) => [announcement.name, announcers])).toEqual([["Table one", 1]]);
    forget(of, millis(TABLE_FORGOTTEN_MS + 30_000));
    expect([list(of), nextDeadline(of)]).toEqual([[], undefined]);
  });

  test("say why one cannot sit down", () => {
    const obstacle = (change: Partial<TableAnnouncement>): string | undefined => {
      const of = lobby(millis(0));
      hear(of, key(0), change);
      return list(of)[0].obstacle;
    };
    expect([
      obstacle({}),
      obstacle({ version: { ...VERSION, major: 2 } }),
      obstacle({ version: { ...VERSION, features: FEATURES.distributedRandomness } }),
      obstacle({ rules: 2 }),
      obstacle({ door: "full" }),
      obstacle({ door: "closed" }),
      obstacle({ seatsFree: 0 }),
    ]).toEqual([undefined, "other version", "unknown features", "unknown rules", "full", "closed", "no seat"]);
  });

  test("are shown by the highest epoch, and by those who are known before strangers", () => {
    const of = lobby(millis(0));
    hear(of, key(0), { epoch: epoch(3), members: 5 });
    hear(of, key(1), { epoch: epoch(2), members: 4 }, TABLE, false, 10);
    expect(list(of)[0].announcement.members).toBe(5);
    hear(of, key(2), { epoch: epoch(2), members: 6 }, TABLE, true, 20);
    expect(list(of)[0].announcement.members).toBe(6);
  });

  test("of strangers without number fill their room, push out nobody, and give way to who is known", () => {
    const of = lobby(millis(0));
    hear(of, key(0), {}, table(200), true);
    for (let each = 0; each < 100; each++) hear(of, key(each), {}, table(each));
    expect(of.tables).toHaveLength(TABLES_HEARD_MAX);
    expect(hear(of, key(120), {}, table(120))).toBe("full");
    expect(hear(of, key(121), {}, table(121), true)).toBe("new");
    expect(list(of).filter(({ isKnown }) => isKnown)).toHaveLength(2);
    expect(of.tables).toHaveLength(TABLES_HEARD_MAX);
    const crowded = lobby(millis(0));
    for (let each = 0; each < ANNOUNCERS_MAX; each++) hear(crowded, key(each));
    expect([hear(crowded, key(50)), hear(crowded, key(51), {}, TABLE, true)]).toEqual(["full", "new"]);
    expect(crowded.tables[0].announcers).toHaveLength(ANNOUNCERS_MAX);
  });

  test("are refused that cannot be: without members, with more free than there are, by who announces too many", () => {
    const of = lobby(millis(0));
    expect(hear(of, key(0), { members: 0 })).toBe("no members");
    expect(hear(of, key(0), { seatsFree: 9 })).toBe("more free than there are");
    hear(of, key(0), {}, table(1));
    hear(of, key(0), {}, table(2));
    expect(hear(of, key(0), {}, table(3))).toBe("announces too many");
  });
});

test("a table of two or three is labelled: no Byzantine tolerance, in every list; from four on it says how many may lie [B17]", () => {
  const labels = keys(10).map((_, at) => toleranceOf(at + 1));
  expect(labels.map(({ isByzantine }) => isByzantine)).toEqual([false, false, false, ...new Array(7).fill(true)]);
  expect(labels.map(({ label }) => label.startsWith(NO_TOLERANCE))).toEqual([
    false,
    true,
    true,
    ...new Array(7).fill(false),
  ]);
  expect(NO_TOLERANCE).toBe("no Byzantine tolerance");
  expect([labels[3].label, labels[9].label]).toEqual(["one kiosk may lie or fail", "3 kiosks may lie or fail"]);
  for (const members of [2, 3, 4]) {
    const of = lobby(millis(0));
    hear(of, key(0), { members });
    expect(list(of)[0].tolerance).toEqual(toleranceOf(members));
  }
});

test("a new table has two to eight seats, a name that fits, and rules that this software has [H12]", () => {
  const plan = { table: TABLE, name: "Table one", seats: 8, rules: 1 };
  const fault = (change: Partial<typeof plan>) => planFault({ ...plan, ...change }, [1]);
  expect([fault({}), fault({ seats: 2 })]).toEqual([undefined, undefined]);
  expect([fault({ seats: 1 }), fault({ seats: 9 }), fault({ seats: 2.5 })]).toEqual([
    "too few seats",
    "too many seats",
    "too few seats",
  ]);
  expect([
    fault({ name: " " }),
    fault({ name: "ü".repeat(17) }),
    fault({ table: key(0) }),
    fault({ rules: 2 }),
  ]).toEqual(["no name", "name too long", "id of another size", "unknown rules"]);
});
