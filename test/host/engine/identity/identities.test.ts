import { describe, expect, test } from "vitest";
import { KNOWN_MAX, SOURCE_QUEUE_LENGTH_MAX, VERDICT_TIMEOUT_MS } from "../../../../host/engine/identity/limits.ts";
import { deadlineOf } from "../../../../host/engine/identity/serve.ts";
import {
  BASE,
  DAY_MS,
  feed,
  HOUR_MS,
  judge,
  keyOf,
  pass,
  proved,
  recordOf,
  rig,
  show,
  showProved,
  WALL_MS,
  words,
} from "./records.ts";

describe("an identity is accepted", () => {
  test("when a worker has proved what it cost; its own record is then good for a year and costs nothing [A11]", () => {
    const here = rig();
    const record = recordOf(1);
    expect(words(show(here, record))).toEqual(["verify"]);
    expect(here.effects[0]).toMatchObject({
      identity: { claim: { key: keyOf(1) } },
      beacon: here.of.beacons[0]!.value,
    });
    expect(judge(here, proved(BASE))).toEqual([
      {
        ...{ type: "accepted", source: "near", key: keyOf(1), address: keyOf(-1), work: BASE, isNew: true },
        untilMs: WALL_MS + 365 * DAY_MS,
      },
    ]);
    for (const days of [1, 29, 300, 34]) {
      pass(here, days * DAY_MS);
      expect(show(here, record, "far")).toMatchObject([{ type: "accepted", isNew: false }]);
    }
    pass(here, 2 * DAY_MS);
    expect(words(show(here, record))).toEqual(["stale"]);
  });

  test("though the network has grown or its source brought many since: what was enough stays enough [A11]", () => {
    const here = rig();
    showProved(here, recordOf(1), BASE);
    for (let number = 2; number < 8; number++) showProved(here, recordOf(number, { difficultyBits: 30 }), 2 ** 31);
    feed(here, { type: "counted", networkSize: 1_000_000 });
    expect(words(show(here, recordOf(1)))).toEqual(["accepted"]);
  });

  test("again with a later record of the same key, and never with an earlier one [A11]", () => {
    const here = rig();
    showProved(here, recordOf(1), BASE);
    expect(words(showProved(here, recordOf(1, { timestamp: WALL_MS + 1 }), BASE))).toEqual(["accepted"]);
    for (const timestamp of [WALL_MS, WALL_MS - 1, WALL_MS + 1]) {
      expect(words(show(here, recordOf(1, { timestamp, difficultyBits: 20 })))).toEqual(["stale"]);
    }
    // Two at a time: the later one wins, whichever is proved first.
    const pair = rig({ verifierCount: 2 });
    show(pair, recordOf(1));
    show(pair, recordOf(1, { timestamp: WALL_MS + 5 }));
    expect(words(judge(pair, proved(BASE)))).toEqual(["accepted"]);
    expect(words(judge(pair, proved(BASE)))).toEqual(["stale"]);
  });
});

describe("an identity is refused", () => {
  const refused = (effects: ReturnType<typeof show>): unknown =>
    effects.map((effect) => (effect.type === "refused" ? [effect.why, effect.isFault] : effect.type));

  test("malformed, before anything else is looked at [A11]", () => {
    const here = rig();
    for (const record of [new Uint8Array(0), new Uint8Array(122), recordOf(1).subarray(1), new Uint8Array(4096)]) {
      expect(refused(show(here, record))).toEqual([["malformed", true]]);
    }
    expect(here.of.sources).toEqual([]);
  });

  test("with a proof for another profile [A11]", () => {
    const here = rig();
    expect(refused(show(here, recordOf(1, { profile: "ecRust", difficultyBits: 40 })))).toEqual([
      ["another profile", false],
    ]);
    const both = rig({ profiles: [{ name: "bleLight" }, { name: "ecRust" }] });
    expect(words(show(both, recordOf(1, { profile: "ecRust", difficultyBits: 40 })))).toEqual(["verify"]);
  });

  test("from the future, by more than a day [A11]", () => {
    const here = rig();
    expect(refused(show(here, recordOf(1, { timestamp: WALL_MS + DAY_MS + 1 })))).toEqual([["from the future", false]]);
    expect(words(show(here, recordOf(1, { timestamp: WALL_MS + DAY_MS })))).toEqual(["verify"]);
  });

  test("stale: a newcomer's after thirty days, and one from before the beacons that are remembered [A11]", () => {
    const here = rig();
    expect(refused(show(here, recordOf(1, { timestamp: WALL_MS - 30 * DAY_MS - 1 })))).toEqual([["stale", false]]);
    expect(words(show(here, recordOf(1, { timestamp: WALL_MS - 30 * DAY_MS })))).toEqual(["verify"]);
    const later = rig({ beacon: { fromMs: WALL_MS - HOUR_MS, value: keyOf(9) } });
    expect(refused(show(later, recordOf(1, { timestamp: WALL_MS - HOUR_MS - 1 })))).toEqual([["stale", false]]);
    expect(words(show(later, recordOf(1, { timestamp: WALL_MS - HOUR_MS })))).toEqual(["verify"]);
  });

  test("forged, or of a key that nobody may have; and its echo at once [A11]", () => {
    for (const type of ["forged", "unfit key"] as const) {
      const here = rig();
      const record = recordOf(1);
      show(here, record);
      expect(refused(judge(here, { type }))).toEqual([[type, true]]);
      expect(refused(show(here, record, "far"))).toEqual([["refused before", false]]);
      expect(here.of.underWay).toEqual([]);
    }
  });

  test("with too little work: unread where it says so itself, at its sender's cost where it lied [A11]", () => {
    const here = rig();
    expect(show(here, recordOf(1, { difficultyBits: 14 }))).toEqual([
      { type: "refused", source: "near", why: "too little work", isFault: false, requiredWork: BASE },
    ]);
    show(here, recordOf(2));
    expect(refused(judge(here, proved(BASE - 1)))).toEqual([["too little work", true]]);
    // Whole bits say less than the work that they stand for: to have no more than they say is no lie.
    showProved(here, recordOf(3), BASE);
    show(here, recordOf(4));
    expect(refused(judge(here, proved(1.5 * BASE - 1)))).toEqual([["too little work", false]]);
    expect(words(showProved(here, recordOf(4), 1.5 * BASE))).toEqual(["accepted"]);
  });

  test("without a verdict when its worker is lost or does not answer, and may come again", () => {
    const here = rig();
    const record = recordOf(1);
    show(here, record);
    expect(refused(judge(here, { type: "lost" }))).toEqual([["no verdict", false]]);
    show(here, record);
    const ticket = here.of.underWay[0]!.ticket;
    expect(deadlineOf(here.of)).toBe(here.at + VERDICT_TIMEOUT_MS);
    expect(pass(here, VERDICT_TIMEOUT_MS - 1)).toEqual([]);
    expect(refused(pass(here, 1))).toEqual([["no verdict", false]]);
    // Too late.
    expect(feed(here, { type: "judged", ticket, judgement: proved(BASE) })).toEqual([]);
    expect(words(showProved(here, record, BASE))).toEqual(["accepted"]);
  });

  test("while the same record is under way", () => {
    const here = rig();
    show(here, recordOf(1));
    expect(refused(show(here, recordOf(1), "far"))).toEqual([["under way", false]]);
    show(here, recordOf(2));
    expect(refused(show(here, recordOf(2), "far"))).toEqual([["under way", false]]);
  });
});

describe("a clock", () => {
  test("that steps back reopens nothing and breaks nothing", () => {
    const here = rig();
    showProved(here, recordOf(1), BASE);
    here.wallMs = 0;
    expect(words(show(here, recordOf(1)))).toEqual(["from the future"]);
    here.at += 1;
    expect(words(show(here, recordOf(2, { timestamp: 0 })))).toEqual(["verify"]);
    here.wallMs = WALL_MS;
    expect(words(judge(here, proved(BASE)))).toEqual(["stale"]);
  });
});

describe("beacons", () => {
  test("are chosen by the record's own time, and the oldest take their records with them", () => {
    const here = rig({ beacon: { fromMs: WALL_MS - 20 * DAY_MS, value: keyOf(100) } });
    for (let day = 19; day >= 12; day--) {
      feed(here, { type: "beacon", beacon: { fromMs: WALL_MS - day * DAY_MS, value: keyOf(day) } });
    }
    expect(here.of.beacons).toHaveLength(8);
    expect(words(show(here, recordOf(1, { timestamp: WALL_MS - 19 * DAY_MS - 1 })))).toEqual(["stale"]);
    for (const [timestamp, day] of [
      [WALL_MS - 19 * DAY_MS, 19],
      [WALL_MS - 14 * DAY_MS - 1, 15],
      [WALL_MS - 14 * DAY_MS, 14],
      [WALL_MS, 12],
    ] as const) {
      const effects = show(here, recordOf(day, { timestamp }));
      expect(effects).toMatchObject([{ type: "verify", beacon: keyOf(day) }]);
      judge(here, proved(2 ** 40));
      pass(here, HOUR_MS);
      here.wallMs = WALL_MS;
    }
  });
});

test("what is remembered has its bounds, and who is forgotten is only verified again", () => {
  const here = rig({ verifierCount: 4 });
  for (let number = 0; number < KNOWN_MAX + 5; number++) {
    pass(here, 1000);
    here.wallMs = WALL_MS;
    expect(words(showProved(here, recordOf(number, { difficultyBits: 40 }), 2 ** 41, `${number % 9}`))).toEqual([
      "accepted",
    ]);
  }
  expect(here.of.known).toHaveLength(KNOWN_MAX);
  expect(words(show(here, recordOf(KNOWN_MAX + 4, { difficultyBits: 40 })))).toEqual(["accepted"]);
  expect(words(show(here, recordOf(0, { difficultyBits: 40 })))).toEqual(["verify"]);
});

test("a queue is short: what comes beyond it is told so", () => {
  const here = rig();
  const seen: string[] = [];
  for (let number = 0; number < 12; number++) seen.push(...words(show(here, recordOf(number))));
  expect(seen).toEqual(["verify", ...new Array(11 - SOURCE_QUEUE_LENGTH_MAX).fill("too many from a source")]);
  for (let source = 0; source < 10; source++) {
    for (let number = 0; number < 8; number++) show(here, recordOf(100 + source * 10 + number), `${source}`);
  }
  expect(words(here.effects)).toEqual(["queue full"]);
  // Whoever has nobody there finds a place: the last of the longest queue goes.
  expect(show(here, recordOf(300), "new")).toMatchObject([{ why: "queue full" }]);
  expect(here.effects).not.toMatchObject([{ source: "new" }]);
  expect(here.of.sources.find(({ name }) => name === "new")?.waiting).toHaveLength(1);
});

test("what is kept is no view of the caller's bytes", () => {
  const here = rig();
  const record = recordOf(1);
  show(here, record);
  show(here, recordOf(2), "far");
  record.fill(0);
  expect(here.of.underWay[0]!.identity.claim.key).toEqual(keyOf(1));
  expect(judge(here, proved(BASE))).toMatchObject([{ type: "accepted", key: keyOf(1) }, { type: "verify" }]);
});
