import { describe, expect, test } from "vitest";
import { noise } from "../../../host/crypto/noise.ts";
import { PAIRING_CODES, PAIRING_TIMEOUT_MS, PAIRINGS_MAX, PAIRINGS_WINDOW_MS } from "../../../host/secure/limits.ts";
import { nextDeadline, type PairingEffect, pairing, step } from "../../../host/secure/pairing.ts";
import { codeOf, commitmentOf } from "../../../host/secure/pairing-code.ts";
import { beginPairing, pairingDoor } from "../../../host/secure/pairing-door.ts";
import type { GivenTable } from "../../../host/secure/pairing-record.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { hear, opened, passAll, SECRET, seedOf, tell } from "./rig.ts";
import { ends, GIVEN, give, pass, SIDES, type Side, shown, type Two, two } from "./two-screens.ts";

function wait(of: Two, ms: number, lets?: () => boolean): void {
  for (const until = of.now + ms; of.now < until; of.now += 500) {
    for (const side of SIDES) if ((nextDeadline(of[side]) ?? Infinity) <= of.now) give(of, side, { type: "tick" });
    pass(of, lets);
  }
}

const given = (of: Two, side: Side): GivenTable[] =>
  of.effects[side].flatMap((effect) => (effect.type === "given" ? [effect.table] : []));

describe("two people with two screens", () => {
  test("see the same six digits, say so, and one kiosk gives the other the table's secret", () => {
    const of = two(1, GIVEN);
    pass(of);
    const [code] = shown(of, "client");
    expect(code).toMatch(/^\d{6}$/);
    expect(shown(of, "server")).toEqual([code]);
    give(of, "server", { type: "answer", isSame: true });
    pass(of);
    expect([ends(of, "client"), ends(of, "server")]).toEqual([[], []]);
    give(of, "client", { type: "answer", isSame: true });
    pass(of);
    for (const side of SIDES) expect(ends(of, side)).toEqual([{ type: "paired" }]);
    expect([given(of, "client"), given(of, "server")]).toEqual([[GIVEN], []]);
    expect([nextDeadline(of.client), nextDeadline(of.server)]).toEqual([undefined, undefined]);
  });

  test("one of whom sees another code ends it for both, and nothing is given", () => {
    for (const side of SIDES) {
      const of = two(2, GIVEN);
      pass(of);
      give(of, side, { type: "answer", isSame: false });
      pass(of);
      for (const each of SIDES) expect(ends(of, each)).toEqual([{ type: "failed", why: "codes differ" }]);
      expect(given(of, "client")).toEqual([]);
    }
  });

  test("come to an end although a quarter of what is said is lost", () => {
    for (let seed = 0; seed < 50; seed++) {
      const of = two(seed, GIVEN);
      const from = chance(seed);
      const lets = (): boolean => drawBytes(from, 1)[0] < 192;
      wait(of, 60_000, lets);
      expect([shown(of, "client").length, shown(of, "server").length], `seed ${seed}`).toEqual([1, 1]);
      for (const side of SIDES) give(of, side, { type: "answer", isSame: true });
      wait(of, 59_000, lets);
      expect(
        SIDES.map((side) => ends(of, side)[0]?.type),
        `seed ${seed}`,
      ).toEqual(["paired", "paired"]);
    }
  });

  test("do not answer each other for ever, however often an answer comes again", () => {
    const of = two(9);
    pass(of);
    for (const side of SIDES) give(of, side, { type: "answer", isSame: true });
    const answers = of.passing.splice(0);
    for (const { to, body } of answers) give(of, to, { type: "received", body });
    expect(of.passing).toEqual([]);
    for (let i = 0; i < 20; i++) for (const { to, body } of answers) give(of, to, { type: "received", body });
    const count = of.passing.length;
    for (const { to, body } of of.passing.splice(0)) give(of, to, { type: "received", body });
    expect([count, of.passing.length]).toEqual([40, 0]);
    for (const side of SIDES) expect(ends(of, side)).toEqual([{ type: "paired" }]);
  });

  test("of whom only one says yes give nothing away: not even what was never looked at", () => {
    const of = two(8, GIVEN);
    pass(of);
    give(of, "server", { type: "answer", isSame: true });
    const secret = Buffer.from(SECRET).toString("hex");
    const passed = of.passing.map(({ body }) => Buffer.from(body).toString("hex")).join(" ");
    expect(passed).not.toContain(secret);
    pass(of);
    give(of, "client", { type: "answer", isSame: false });
    pass(of);
    wait(of, 200_000);
    expect(given(of, "client")).toEqual([]);
    expect(ends(of, "server")).toEqual([{ type: "failed", why: "codes differ" }]);
  });

  test("of whom one is not there: it ends after two minutes, and says no more", () => {
    const of = two(3);
    of.passing.splice(0);
    wait(of, PAIRING_TIMEOUT_MS + 1_000, () => false);
    for (const side of SIDES) expect(ends(of, side)).toEqual([{ type: "failed", why: "no answer" }]);
    expect(nextDeadline(of.server)).toBeUndefined();
  });

  test("cannot answer before there is a code, nor twice", () => {
    const of = two(4);
    expect(give(of, "client", { type: "answer", isSame: true })).toEqual([{ type: "refused", why: "unexpected" }]);
    pass(of);
    give(of, "client", { type: "answer", isSame: true });
    expect(give(of, "client", { type: "answer", isSame: false })).toEqual([{ type: "refused", why: "unexpected" }]);
  });

  test("begin few in an hour", () => {
    const door = pairingDoor();
    const begun = Array.from({ length: 20 }, (_, minute) => beginPairing(door, millis(minute * 60_000)));
    expect(begun.filter(Boolean)).toHaveLength(PAIRINGS_MAX);
    expect(beginPairing(door, millis(PAIRINGS_WINDOW_MS - 1))).toBe(false);
    expect(beginPairing(door, millis(PAIRINGS_WINDOW_MS))).toBe(true);
    expect(door.begunAt).toHaveLength(PAIRINGS_MAX);
  });
});

test("the codes are spread evenly over a million", () => {
  const from = chance(5);
  const buckets = new Array<number>(100).fill(0);
  for (let i = 0; i < 20_000; i++) {
    const code = Number(codeOf(drawBytes(from, 32), drawBytes(from, 32), drawBytes(from, 32), noise));
    buckets[Math.floor((code * 100) / PAIRING_CODES)] += 1;
  }
  const chiSquare = buckets.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  // Ninety-nine degrees of freedom: beyond 180 once in a million.
  expect(chiSquare).toBeLessThan(180);
});

test("a code is of one session and both numbers, a commitment of one session and one number", () => {
  const [a, b, c, d] = [1, 2, 3, 4].map(seedOf);
  const codes = [codeOf(a, b, c, noise), codeOf(d, b, c, noise), codeOf(a, d, c, noise), codeOf(a, b, d, noise)];
  expect(new Set([...codes, codeOf(a, c, b, noise)]).size).toBe(5);
  expect(commitmentOf(a, b, noise)).not.toEqual(commitmentOf(c, b, noise));
  expect(commitmentOf(a, b, noise)).not.toEqual(commitmentOf(a, c, noise));
});

test("a pairing runs within a session of two who share nothing", () => {
  const of = opened({ isSecret: false });
  const seen: string[] = [];
  const begun = SIDES.map((role) => {
    const transcript = of[role].link.current?.transcript as Uint8Array;
    const effects: PairingEffect[] = [];
    const state = pairing(
      { role, transcript, number: seedOf(role === "client" ? 5 : 6), table: undefined },
      millis(0),
      effects,
      noise,
    );
    return { role, state, effects };
  });
  for (let round = 0; round < 8; round++) {
    for (const each of begun) {
      for (const effect of each.effects.splice(0)) {
        if (effect.type === "send") tell(of, each.role, { type: "send", kind: "pairing", class: 2, body: effect.body });
        if (effect.type === "show") seen.push(effect.code);
      }
    }
    for (const end of SIDES) of[end].effects.splice(0);
    passAll(of);
    for (const each of begun) {
      for (const effect of of[each.role].effects.splice(0)) {
        if (effect.type !== "heard" || effect.kind !== "pairing") continue;
        step(each.state, { type: "received", at: millis(0), body: effect.body }, each.effects, noise);
      }
    }
  }
  expect(seen).toHaveLength(2);
  expect(seen[0]).toBe(seen[1]);
  expect(hear(of, "client", new Uint8Array(0))).toHaveLength(1);
});
