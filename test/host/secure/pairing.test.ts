import { describe, expect, test } from "vitest";
import { noise } from "../../../host/crypto/noise.ts";
import { PAIRING_CODES, PAIRING_TIMEOUT_MS, PAIRINGS_MAX, PAIRINGS_WINDOW_MS } from "../../../host/secure/limits.ts";
import {
  nextDeadline,
  type Pairing,
  type PairingEffect,
  type PairingEvent,
  pairing,
  step,
} from "../../../host/secure/pairing.ts";
import { codeOf, commitmentOf } from "../../../host/secure/pairing-code.ts";
import { beginPairing, pairingDoor } from "../../../host/secure/pairing-door.ts";
import { type GivenTable, PairingRecord } from "../../../host/secure/pairing-record.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { hear, opened, passAll, SECRET, seedOf, TABLE, tell } from "./rig.ts";

type Side = "client" | "server";
const SIDES = ["client", "server"] as const;
const other = (side: Side): Side => (side === "client" ? "server" : "client");

interface Two {
  now: number;
  readonly client: Pairing;
  readonly server: Pairing;
  readonly effects: { readonly [S in Side]: PairingEffect[] };
  readonly passing: { readonly to: Side; readonly body: Uint8Array }[];
}

const GIVEN: GivenTable = { id: TABLE, secret: SECRET };

function two(seed: number, table?: GivenTable): Two {
  const from = chance(seed);
  const transcript = drawBytes(from, 32);
  const effects = { client: [] as PairingEffect[], server: [] as PairingEffect[] };
  const begin = (role: Side): Pairing => {
    const options = { role, transcript, number: drawBytes(from, 32), table: role === "server" ? table : undefined };
    return pairing(options, millis(0), effects[role], noise);
  };
  const made: Two = { now: 0, client: begin("client"), server: begin("server"), effects, passing: [] };
  for (const side of SIDES) dispatch(made, side, effects[side]);
  return made;
}

function dispatch(of: Two, side: Side, effects: readonly PairingEffect[]): void {
  for (const effect of effects) if (effect.type === "send") of.passing.push({ to: other(side), body: effect.body });
}

type Told = PairingEvent extends infer E ? (E extends PairingEvent ? Omit<E, "at"> : never) : never;

function give(of: Two, side: Side, told: Told): PairingEffect[] {
  const done: PairingEffect[] = [];
  step(of[side], { ...told, at: millis(of.now) } as PairingEvent, done, noise);
  of.effects[side].push(...done);
  dispatch(of, side, done);
  return done;
}

function pass(of: Two, lets: () => boolean = () => true): void {
  for (let next = of.passing.shift(); next !== undefined; next = of.passing.shift()) {
    if (lets()) give(of, next.to, { type: "received", body: next.body });
  }
}

function wait(of: Two, ms: number, lets?: () => boolean): void {
  for (const until = of.now + ms; of.now < until; of.now += 500) {
    for (const side of SIDES) if ((nextDeadline(of[side]) ?? Infinity) <= of.now) give(of, side, { type: "tick" });
    pass(of, lets);
  }
}

const shown = (of: Two, side: Side): string[] =>
  of.effects[side].flatMap((effect) => (effect.type === "show" ? [effect.code] : []));
const ends = (of: Two, side: Side): PairingEffect[] =>
  of.effects[side].filter(({ type }) => type === "paired" || type === "failed");

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

test("wrong records are refused by name: cut, of no kind, out of turn", () => {
  const of = two(6);
  const commit = of.passing.splice(0)[0].body;
  for (let size = 0; size < commit.length; size++) {
    const done = give(of, "client", { type: "received", body: commit.subarray(0, size) });
    expect(done).toEqual([{ type: "refused", why: "layout broken" }]);
  }
  const records: PairingRecord[] = [
    { type: "reveal", number: seedOf(1) },
    { type: "number", number: seedOf(1) },
    { type: "answer", isSame: true },
    { type: "give", table: GIVEN },
  ];
  for (const record of records) {
    const done = give(of, "client", { type: "received", body: encode(PairingRecord, record) });
    expect(done).toEqual([{ type: "refused", why: "unexpected" }]);
  }
});

test("a number that was chosen is chosen: another one changes no code, on either side, and nor does another commitment", () => {
  const of = two(10);
  pass(of);
  const [code] = shown(of, "server");
  const tries: [Side, PairingRecord][] = [
    ["server", { type: "number", number: seedOf(1) }],
    ["client", { type: "reveal", number: seedOf(1) }],
    ["client", { type: "commit", commitment: seedOf(1) }],
    ["client", { type: "number", number: seedOf(1) }],
    ["server", { type: "reveal", number: seedOf(1) }],
  ];
  for (const [side, record] of tries) {
    const done = give(of, side, { type: "received", body: encode(PairingRecord, record) });
    expect(done).toEqual([{ type: "refused", why: "unexpected" }]);
  }
  expect([of.client.code, of.server.code]).toEqual([code, code]);
});

test("a number that was not committed to ends it, and both ends know", () => {
  const of = two(7);
  give(of, "client", { type: "received", body: of.passing.splice(0)[0].body });
  const wrong = encode(PairingRecord, { type: "reveal", number: seedOf(9) });
  const done = give(of, "client", { type: "received", body: wrong });
  expect(done.at(-1)).toEqual({ type: "failed", why: "commitment broken" });
  pass(of);
  expect(ends(of, "server")).toEqual([{ type: "failed", why: "codes differ" }]);
  expect(shown(of, "client")).toEqual([]);
});

describe("somebody who stands between", () => {
  /** Two sessions, to a client as its server and to a server as its client. Codes are compared by their last two digits, so
   * that a hundred tries are what a million would be. */
  const SHORT = 100;
  const short = (code: string): number => Number(code) % SHORT;

  /** The best it can do: it ends the client's exchange first, and knows that code when it must choose for the server. */
  function attack(seed: number, mayLook: boolean): boolean {
    const from = chance(seed);
    const [left, right] = [drawBytes(from, 32), drawBytes(from, 32)];
    const client = drawn(left, drawBytes(from, 32), "client");
    const mine = drawBytes(from, 32);
    const number = told(client, { type: "commit", commitment: commitmentOf(left, mine, noise) }, "number");
    told(client, { type: "reveal", number: mine });
    const seen = short(client.state.code as string);
    expect(client.state.code).toBe(codeOf(left, number, mine, noise));

    const server = drawn(right, drawBytes(from, 32), "server");
    const committed = server.said.find(({ type }) => type === "commit") as PairingRecord & { type: "commit" };
    let choice = drawBytes(from, 32);
    for (let tries = 0; tries < 20 * SHORT; tries++) {
      // What it would have to know is the server's number; all that it has is the commitment.
      const guess = mayLook ? server.state.options.number : committed.commitment;
      if (short(codeOf(right, choice, guess, noise)) === seen) break;
      choice = drawBytes(from, 32);
    }
    told(server, { type: "number", number: choice }, "reveal");
    return short(server.state.code as string) === seen;
  }

  interface Drawn {
    readonly state: Pairing;
    readonly said: PairingRecord[];
  }

  function drawn(transcript: Uint8Array, number: Uint8Array, role: Side): Drawn {
    const effects: PairingEffect[] = [];
    const state = pairing({ role, transcript, number, table: undefined }, millis(0), effects, noise);
    return { state, said: recordsOf(effects) };
  }

  function told(of: Drawn, record: PairingRecord, wanted?: "number" | "reveal"): Uint8Array {
    const effects: PairingEffect[] = [];
    step(of.state, { type: "received", at: millis(1), body: encode(PairingRecord, record) }, effects, noise);
    of.said.push(...recordsOf(effects));
    const found = of.said.find(({ type }) => type === wanted);
    return found !== undefined && "number" in found ? found.number : new Uint8Array(0);
  }

  const recordsOf = (effects: readonly PairingEffect[]): PairingRecord[] =>
    effects.flatMap((effect) => {
      if (effect.type !== "send") return [];
      const decoded = decode(PairingRecord, effect.body);
      return decoded.ok ? [decoded.value] : [];
    });

  test("has one guess: it shows the same code no more often than by chance", () => {
    const ROUNDS = 4_000;
    let count = 0;
    for (let seed = 0; seed < ROUNDS; seed++) if (attack(seed, false)) count += 1;
    const mean = ROUNDS / SHORT;
    expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });

  test("would have them all if it saw the server's number first, as without a commitment", () => {
    let count = 0;
    for (let seed = 0; seed < 100; seed++) if (attack(seed, true)) count += 1;
    expect(count).toBe(100);
  });
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
