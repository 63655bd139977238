import { describe, expect, test } from "vitest";
import { noise } from "../../../host/crypto/noise.ts";
import { type Pairing, type PairingEffect, pairing, step } from "../../../host/secure/pairing.ts";
import { codeOf, commitmentOf } from "../../../host/secure/pairing-code.ts";
import { PairingRecord } from "../../../host/secure/pairing-record.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { seedOf } from "./rig.ts";
import { ends, GIVEN, give, pass, type Side, shown, two } from "./two-screens.ts";

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
