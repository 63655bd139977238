import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import type { IdentityEffect, IdentityEvent } from "../../../../host/engine/identity/events.ts";
import { step } from "../../../../host/engine/identity/identities.ts";
import { QUEUE_LENGTH_MAX, REFUSED_MAX, SOURCES_MAX } from "../../../../host/engine/identity/limits.ts";
import { PROFILES, type ProfileName, verificationCost } from "../../../../host/engine/identity/profiles.ts";
import { deadlineOf } from "../../../../host/engine/identity/serve.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { feed, judge, keyOf, ports, proved, type Rig, recordOf, rig, show, WALL_MS, words } from "./records.ts";

const BASE = 2 ** PROFILES.bleLight.baseBits;
const ALL: readonly { readonly name: ProfileName }[] = [{ name: "bleLight" }, { name: "ecRust" }, { name: "legacyS0" }];

/** As a kiosk drives it: a worker answers after what a hash takes, and a tick comes when it was asked for. */
function runUntil(here: Rig, until: number, onEffects: (effects: readonly IdentityEffect[]) => void): void {
  for (;;) {
    const due = here.of.underWay.map((one) => ({ ...one, at: one.deadline - 60_000 + costMs(one) }));
    const next = due.sort((left, right) => left.at - right.at)[0];
    const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, deadlineOf(here.of));
    if (at > until) break;
    expect(at).toBeGreaterThanOrEqual(here.at);
    const before = here.at;
    here.at = at;
    here.wallMs = WALL_MS + at;
    const isHonest = next !== undefined && next.identity.claim.difficultyBits === 20;
    const judgement = isHonest ? proved(2 ** 20) : ({ type: "forged" } as const);
    const isAnswer = next !== undefined && next.at <= at;
    const effects = isAnswer
      ? feed(here, { type: "judged", ticket: next.ticket, judgement })
      : feed(here, { type: "tick" });
    // Nobody is woken for nothing.
    if (!isAnswer && at === before) expect(effects).not.toEqual([]);
    onEffects(effects);
  }
  here.at = until;
  here.wallMs = WALL_MS + until;
}

const costMs = ({ identity }: Rig["of"]["underWay"][number]): number =>
  verificationCost(PROFILES[identity.claim.profile]);

test("of a thousand forged identities a minute few are hashed, and an honest newcomer from elsewhere waits a moment [A12]", () => {
  const here = rig();
  let hashes = 0;
  let acceptedAt: number | undefined;
  const look = (effects: readonly IdentityEffect[]): void => {
    for (const effect of effects) {
      if (effect.type === "verify") hashes += 1;
      if (effect.type === "accepted") acceptedAt ??= here.at;
    }
  };
  for (let number = 0; number < 5000; number++) {
    runUntil(here, number * 60, look);
    look(show(here, recordOf(number), `flooder ${number % 3}`));
    if (number === 4000) look(show(here, recordOf(999_999, { difficultyBits: 20 }), "honest"));
  }
  expect(acceptedAt).toBeLessThan(4000 * 60 + 50);
  // Three allowances of ten a second, and what each begins with.
  expect(hashes * 4).toBeLessThanOrEqual(3 * (640 + 300 * 10) + 4);
  expect(hashes * 4).toBeGreaterThan(3 * 300 * 9);
});

test("however many flood, in whatever profile, from many names, all together take what one core in twenty can do [A12]", () => {
  const here = rig({ profiles: ALL, verifierCount: 2, networkSize: 1 });
  const random = chance(1);
  let cost = 0;
  const waits: number[] = [];
  let shownAt: number | undefined;
  const look = (effects: readonly IdentityEffect[]): void => {
    for (const effect of effects) {
      if (effect.type === "verify") cost += verificationCost(PROFILES[effect.identity.claim.profile]);
      if (effect.type === "accepted" && shownAt !== undefined) {
        waits.push(here.at - shownAt);
        shownAt = undefined;
      }
      if (effect.type === "refused" && effect.source === "honest") throw new Error(effect.why);
    }
  };
  const END_MS = 300_000;
  for (let number = 0; here.at < END_MS; number++) {
    runUntil(here, here.at + 20 * draw(random), look);
    const { name } = ALL[drawBelow(random, 3)]!;
    look(show(here, recordOf(number, { profile: name, difficultyBits: 30 }), `name ${number % 40}`));
    if (shownAt === undefined && number % 1000 === 500) {
      shownAt = here.at;
      const timestamp = WALL_MS + number;
      look(show(here, recordOf(5_000_000, { difficultyBits: 20, timestamp }), "honest"));
    }
  }
  expect(cost).toBeLessThanOrEqual(1280 + (END_MS / 1000) * 40 + 640);
  expect(cost).toBeGreaterThan((END_MS / 1000) * 30);
  expect(here.of.sources.length).toBeLessThanOrEqual(SOURCES_MAX);
  // The common allowance is always short; but who cost little goes first.
  expect(waits.length).toBeGreaterThan(20);
  expect(Math.max(...waits)).toBeLessThan(20_000);
}, 120_000);

test("every event is legal in every state, a snapshot goes on as the original, and the bounds hold", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = chance(seed);
    let here = rig({ profiles: ALL, verifierCount: 1 + drawBelow(random, 4) });
    let beaconMs = 0;
    for (let turn = 0; turn < 300; turn++) {
      here.at += drawBelow(random, 2000);
      here.wallMs = WALL_MS + drawBelow(random, 100_000) - 50_000;
      const event = anyEvent(here, random, () => (beaconMs += 1));
      const twin = turn % 10 === 0 ? structuredClone(here.of) : undefined;
      const effects: IdentityEffect[] = [];
      step(here.of, event, effects, ports);
      if (twin !== undefined) {
        const again: IdentityEffect[] = [];
        step(twin, event, again, ports);
        expect(isDeepStrictEqual([twin, again], [here.of, effects])).toBe(true);
        here = { ...here, of: twin };
      }
      const waiting = here.of.sources.reduce((sum, each) => sum + each.waiting.length, 0);
      expect(waiting).toBeLessThanOrEqual(QUEUE_LENGTH_MAX);
      expect(here.of.sources.length).toBeLessThanOrEqual(SOURCES_MAX);
      expect(deadlineOf(here.of)).toBeGreaterThanOrEqual(here.at);
    }
  }
});

function anyEvent(here: Rig, random: ReturnType<typeof chance>, nextBeaconMs: () => number): IdentityEvent {
  const at = millis(here.at);
  const { wallMs } = here;
  switch (drawBelow(random, 8)) {
    case 0:
      return { type: "tick", at };
    case 1:
      return { type: "counted", at, networkSize: drawBelow(random, 1_000_000) };
    case 2:
      return { type: "beacon", at, beacon: { fromMs: nextBeaconMs(), value: keyOf(drawBelow(random, 100)) } };
    case 3:
    case 4: {
      const ticket = drawBelow(random, here.of.nextTicket + 1);
      const kinds = [proved(2 ** drawBelow(random, 48)), { type: "forged" }, { type: "unfit key" }, { type: "lost" }];
      return {
        type: "judged",
        at,
        wallMs,
        ticket,
        judgement: kinds[drawBelow(random, 4)] as (typeof kinds)[0] & { type: "lost" },
      };
    }
    default: {
      const name = ALL[drawBelow(random, 3)]!.name;
      const timestamp = WALL_MS + drawBelow(random, 5) - 100_000;
      const record = recordOf(drawBelow(random, 40), {
        profile: name,
        difficultyBits: drawBelow(random, 48),
        timestamp,
      });
      if (drawBelow(random, 20) === 0) record[0] = drawBelow(random, 5);
      return { type: "arrived", at, wallMs, source: `${drawBelow(random, 100)}`, record };
    }
  }
}

test("sources beyond the bound share one account, and nobody is forgotten for them", () => {
  const here = rig();
  for (let number = 0; number < 200; number++) {
    show(here, recordOf(number, { difficultyBits: 40 }), `name ${number}`);
    const ticket = here.of.underWay[0]?.ticket ?? 0;
    feed(here, { type: "judged", ticket, judgement: proved(2 ** 41) });
  }
  expect(here.of.sources).toHaveLength(SOURCES_MAX);
  const shared = here.of.sources.find(({ name }) => name === "");
  expect(shared?.identities.length).toBeGreaterThan(20);
  expect(words(show(here, recordOf(500), "one more"))).toEqual(["too little work"]);
  expect(words(show(here, recordOf(501, { difficultyBits: 17 }), "name 0"))).toEqual(["verify"]);
  expect(BASE).toBe(65_536);
  // After an hour they are nobody any more.
  here.at += 3_600_000;
  expect(words(show(here, recordOf(502), "one more"))).toContain("verify");
  expect(here.of.sources.length).toBeLessThan(5);
});

test("a source that has spent what it had is not forgotten, to begin anew under its name", () => {
  const here = rig();
  for (let number = 0; number < SOURCES_MAX - 1; number++) {
    show(here, recordOf(number), `name ${number}`);
    judge(here, { type: "lost" });
  }
  show(here, recordOf(100), "one more");
  expect(here.of.sources.map(({ name }) => name)).toContain("");
  expect(here.of.sources).toHaveLength(SOURCES_MAX);
});

test("of what was refused so much is remembered, the latest", () => {
  const here = rig();
  for (let number = 0; number < REFUSED_MAX + 3; number++) {
    here.at += 1000;
    show(here, recordOf(number));
    judge(here, { type: "forged" });
  }
  expect(here.of.refused).toHaveLength(REFUSED_MAX);
  expect(words(show(here, recordOf(REFUSED_MAX + 2)))).toEqual(["refused before"]);
  expect(words(show(here, recordOf(0)))).toEqual(["verify"]);
});
