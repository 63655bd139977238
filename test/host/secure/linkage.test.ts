import { describe, expect, test } from "vitest";
import { nextDeadline as airDeadline, step as stepAir } from "../../../hardware/virtual/air/air.ts";
import type { AirEffect } from "../../../hardware/virtual/air/events.ts";
import { air } from "../../../hardware/virtual/air/state.ts";
import { noise } from "../../../host/crypto/noise.ts";
import { memberTag, readAdvertTag } from "../../../host/secure/advert-tag.ts";
import { ROTATION_MS, ROTATION_SILENCE_MAX_MS, ROTATION_SILENCE_MIN_MS } from "../../../host/secure/limits.ts";
import {
  nextDeadline,
  type RotationEffect,
  type RotationEvent,
  rotation,
  step,
} from "../../../host/secure/rotation.ts";
import { tableKeys } from "../../../host/secure/table-secret.ts";
import { type Chance, chance, draw, drawBytes } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { advertisement } from "../../../protocol/radio/advertisement.ts";
import { FREE, radiosOf } from "../../hardware/virtual/air/measure.ts";
import { type Log, link, sightings } from "./observer.ts";
import { SECRET, seedOf, TABLE } from "./rig.ts";

const KIOSKS = 8;
const INTERVAL_MS = 1_000;
const PERIOD_MS = 40_000;
const ROTATIONS = 240;

const { adverts: KEY } = tableKeys(SECRET, TABLE, noise);
const IDENTITIES = Array.from({ length: KIOSKS }, (_, at) => seedOf(at + 1));

interface Tags {
  readonly kiosk: Uint8Array;
  readonly component: Uint8Array;
}

/** What a kiosk advertises when: undefined for nothing. The next change is due at `next`. */
interface Habit {
  readonly at: (now: number) => readonly (Tags | undefined)[];
  readonly next: () => number;
}

/** Kiosks with such habits on the virtual air, and all that anybody could hear there. */
function heard(habits: readonly Habit[], seed: number): Log {
  const state = air({ seed, radios: radiosOf(...habits.map(() => FREE)), watched: true });
  const all: ReturnType<typeof sightings> = [];
  const effects: AirEffect[] = [];
  const until = ROTATIONS * PERIOD_MS;
  for (;;) {
    const due = Math.min(...habits.map((habit) => habit.next()));
    if (due >= until) break;
    while ((airDeadline(state) ?? Infinity) < due) {
      stepAir(state, { type: "tick", at: millis(airDeadline(state) as number) }, effects);
      all.push(...sightings(state.sights?.splice(0) ?? []));
      effects.length = 0;
    }
    for (const [node, habit] of habits.entries()) {
      if (habit.next() > due) continue;
      for (const tags of habit.at(due)) {
        const data = tags === undefined ? undefined : advertisement({ version: 1, flags: 0, ...tags });
        stepAir(state, { type: "advertise", at: millis(due), node, data, intervalMs: INTERVAL_MS }, effects);
      }
    }
  }
  const moments = Array.from({ length: ROTATIONS - 1 }, (_, at) => (at + 1) * PERIOD_MS - 1);
  return { sightings: all, moments, intervalMs: INTERVAL_MS };
}

/** As the program does it. */
function ours(kiosk: number): Habit {
  const own = drawBytes(chance(1000 + kiosk), 32);
  const options = { key: KEY, identity: IDENTITIES[kiosk], own, radio: 0, periodMs: PERIOD_MS };
  // Each alone in its part of the mesh, so that a part would tell as much as a name.
  const state = rotation(options, millis(0), 7 + kiosk);
  const feed = (event: RotationEvent): (Tags | undefined)[] => {
    const effects: RotationEffect[] = [];
    step(state, event, effects, noise);
    return effects.map((effect) => (effect.type === "advertise" ? effect.tag : undefined));
  };
  feed({ type: "advertise", at: millis(0), on: true });
  return {
    at: (now) => feed({ type: "tick", at: millis(now) }),
    next: () => nextDeadline(state) ?? Infinity,
  };
}

/** New names at moments of its own choice, and something between them. */
function other(next: (before: number) => number, tags: () => Tags): Habit {
  let due = 0;
  return {
    at() {
      due = next(due);
      return [tags()];
    },
    next: () => due,
  };
}

const random = (from: Chance): Tags => ({ kiosk: drawBytes(from, 4), component: drawBytes(from, 4) });

describe("an observer of the air without signal strength and addresses", () => {
  const kiosks = Array.from({ length: KIOSKS }, (_, kiosk) => kiosk);

  test("knows everyone again while nobody rotates [I13]", () => {
    const habits = kiosks.map((kiosk) => {
      const from = chance(kiosk + 1);
      const tags = random(from);
      return other(
        (before) => before + PERIOD_MS,
        () => tags,
      );
    });
    const { count, right } = link(heard(habits, 1));
    expect(count).toBeGreaterThan(900);
    expect(right / count).toBeGreaterThan(0.99);
  });

  test("knows everyone again whose names change in one of two fields only [I13]", () => {
    const habits = kiosks.map((kiosk) => {
      const from = chance(kiosk + 1);
      const still = drawBytes(from, 4);
      // With the silence that the program keeps, so that it is the bytes that tell.
      const pause = (before: number): number => (Math.floor(before / PERIOD_MS) + 1) * PERIOD_MS + draw(from) * 10_000;
      return other(pause, () => ({ kiosk: drawBytes(from, 4), component: still }));
    });
    const { count, right } = link(heard(habits, 2));
    expect(right / count).toBeGreaterThan(0.99);
  });

  test("knows them again by time alone where each rotates when it likes, without a silence [I13]", () => {
    const habits = kiosks.map((kiosk) => {
      const from = chance(kiosk + 1);
      const offset = draw(from) * 0.7 * PERIOD_MS + 1_000;
      const next = (before: number): number => (Math.floor(before / PERIOD_MS) + 1) * PERIOD_MS + offset;
      return other(next, () => random(from));
    });
    const { count, right } = link(heard(habits, 3));
    expect(right / count).toBeGreaterThan(0.7);
  });

  test("does no better than chance where the program rotates [I13]", () => {
    const log = heard(kiosks.map(ours), 4);
    const { count, right } = link(log);
    expect(count).toBeGreaterThan(900);
    const rounds = count / KIOSKS;
    // A permutation has one fixed point in the mean, with variance one.
    expect((right - rounds) / Math.sqrt(rounds)).toBeLessThan(4);
    // The friends of the table know every one of them.
    const members = IDENTITIES.map((identity) => memberTag(KEY, identity, noise));
    for (const { data, node } of log.sightings.filter((_, at) => at % 97 === 0)) {
      const tag = { kiosk: data.subarray(-8, -4), component: data.subarray(-4) };
      expect(readAdvertTag(tag, KEY, members, noise)).toEqual({ member: node, part: 7 + node });
    }
  });
});

describe("a name in the air", () => {
  test("is another with each rotation, radio and start, and never twice the same [I13]", () => {
    const seen = new Set<string>();
    for (let start = 0; start < 3; start++) {
      for (let radio = 0; radio < 2; radio++) {
        const options = { key: KEY, identity: IDENTITIES[0], own: seedOf(50 + start), radio };
        const state = rotation(options, millis(0));
        const effects: RotationEffect[] = [];
        step(state, { type: "advertise", at: millis(0), on: true }, effects, noise);
        for (let at = nextDeadline(state); at !== undefined && at < 100 * ROTATION_MS; at = nextDeadline(state)) {
          step(state, { type: "tick", at }, effects, noise);
        }
        for (const effect of effects) {
          if (effect.type === "advertise") seen.add(Buffer.from(effect.tag.kiosk).toString("hex"));
        }
      }
    }
    expect(seen.size).toBe(600);
  });

  test("is given up at the same moment by all, and taken after a silence of each one's own [I13]", () => {
    const silences = new Set<number>();
    for (let kiosk = 0; kiosk < KIOSKS; kiosk++) {
      const options = { key: KEY, identity: IDENTITIES[kiosk], own: seedOf(60 + kiosk), radio: 0 };
      const state = rotation(options, millis(5_000));
      const effects: RotationEffect[] = [];
      step(state, { type: "advertise", at: millis(5_000), on: true }, effects, noise);
      step(state, { type: "tick", at: millis(20_000) }, effects, noise);
      expect(nextDeadline(state)).toBe(ROTATION_MS);
      step(state, { type: "tick", at: millis(ROTATION_MS) }, effects, noise);
      expect(effects.map(({ type }) => type)).toEqual(["advertise", "silence"]);
      const silence = (nextDeadline(state) as number) - ROTATION_MS;
      expect(silence).toBeGreaterThanOrEqual(ROTATION_SILENCE_MIN_MS);
      expect(silence).toBeLessThan(ROTATION_SILENCE_MAX_MS);
      silences.add(silence);
    }
    expect(silences.size).toBe(KIOSKS);
  });

  test("tells a friend the part of the mesh, as soon as that is another, and a stranger nothing", () => {
    const options = { key: KEY, identity: IDENTITIES[0], own: seedOf(9), radio: 0 };
    const state = rotation(options, millis(0), 1);
    const effects: RotationEffect[] = [];
    step(state, { type: "advertise", at: millis(0), on: true }, effects, noise);
    step(state, { type: "tick", at: millis(15_000) }, effects, noise);
    step(state, { type: "part", at: millis(16_000), part: 513 }, effects, noise);
    const members = IDENTITIES.map((identity) => memberTag(KEY, identity, noise));
    const tags = effects.flatMap((effect) => (effect.type === "advertise" ? [effect.tag] : []));
    expect(tags.map((tag) => readAdvertTag(tag, KEY, members, noise)?.part)).toEqual([1, 513]);
    const stranger = tableKeys(seedOf(3), TABLE, noise).adverts;
    const theirs = IDENTITIES.map((identity) => memberTag(stranger, identity, noise));
    expect(readAdvertTag(tags[0], stranger, theirs, noise)).toBeUndefined();
  });

  test("stops at once when it is told to, and a clock that is set back does not keep it silent", () => {
    const options = { key: KEY, identity: IDENTITIES[0], own: seedOf(9), radio: 0 };
    const state = rotation(options, millis(10 * ROTATION_MS));
    const effects: RotationEffect[] = [];
    step(state, { type: "advertise", at: millis(10 * ROTATION_MS), on: true }, effects, noise);
    step(state, { type: "tick", at: millis(60_000) }, effects, noise);
    step(state, { type: "tick", at: millis(60_000 + ROTATION_SILENCE_MAX_MS) }, effects, noise);
    expect(effects.map(({ type }) => type)).toEqual(["advertise"]);
    step(state, { type: "advertise", at: millis(80_000), on: false }, effects, noise);
    expect(effects.at(-1)).toEqual({ type: "silence" });
    expect(nextDeadline(state)).toBeUndefined();
    // Within a rotation, too.
    const late = rotation(options, millis(600_000));
    step(late, { type: "advertise", at: millis(600_000), on: true }, effects, noise);
    step(late, { type: "tick", at: millis(100_000) }, effects, noise);
    expect(nextDeadline(late)).toBeLessThanOrEqual(100_000 + ROTATION_SILENCE_MAX_MS);
  });
});

test("a table's keys differ from each other, from its secret, and from table to table", () => {
  const { handshake, adverts } = tableKeys(SECRET, TABLE, noise);
  const elsewhere = tableKeys(SECRET, seedOf(1).subarray(16), noise);
  const all = [SECRET, handshake, adverts, elsewhere.handshake, elsewhere.adverts];
  expect(new Set(all.map((key) => Buffer.from(key).toString("hex"))).size).toBe(5);
});
