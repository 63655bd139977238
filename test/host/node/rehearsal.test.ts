import { describe, expect, it } from "vitest";
import { noise } from "../../../hardware/virtual/noise.ts";
import { backlog, nextArrival, put, take, type Wire, wire } from "../../../hardware/virtual/wire.ts";
import { sign, verify } from "../../../host/crypto/ed25519.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import {
  nextDeadline,
  type Rehearsal,
  type RehearsalEffect,
  type RehearsalEvent,
  rehearsal,
  step,
} from "../../../host/node/rehearsal.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

const ROOM = 256;
const pairs = [1, 2].map((byte) => keyPairFromSeed(new Uint8Array(32).fill(byte)));
const members = pairs.map((pair) => pair.publicKey.bytes);

/** Two kiosks in virtual time, a noisy wire each way. */
function rehearse(untilMs: number, errorRate: number, restMs: number): readonly Rehearsal[] {
  const states = [0, 1].map((me) => rehearsal(me, new Uint8Array(16).fill(7), members));
  const wires: Wire[] = [5, 6].map((seed) => wire(921_600, 0.5, noise(errorRate, chance(seed))));
  const turn = (me: number, event: RehearsalEvent): void => {
    const effects: RehearsalEffect[] = [];
    step(states[me], event, effects, {
      sign: (signed) => sign(pairs[me].privateKey, signed),
      verify: (key, signed, signature) => verify(pairs[members.indexOf(key)].publicKey, signed, signature),
    });
    for (const effect of effects) put(wires[me], effect.bytes, event.at);
  };
  const other = (me: number): Wire => wires[1 - me];
  const roomAt = (me: number): number =>
    states[me].link.room >= ROOM / 2 ? Number.POSITIVE_INFINITY : wires[me].busyUntil;
  let now: Millis = millis(0);
  let resting = false;
  for (const me of [0, 1]) turn(me, { type: "begin", at: now, session: me + 1 });
  for (;;) {
    const next = Math.min(
      ...[0, 1].flatMap((me) => [
        nextArrival(other(me)) ?? Number.POSITIVE_INFINITY,
        nextDeadline(states[me]),
        roomAt(me),
      ]),
    );
    now = millis(Math.max(now, Math.min(next, resting ? untilMs : restMs)));
    if (now >= untilMs) return states;
    if (now >= restMs && !resting) {
      resting = true;
      for (const me of [0, 1]) turn(me, { type: "rest", at: now });
    }
    for (const me of [0, 1]) {
      for (let bytes = take(other(me), now); bytes !== undefined; bytes = take(other(me), now)) {
        turn(me, { type: "received", at: now, bytes });
      }
      if (roomAt(me) <= now) turn(me, { type: "writable", at: now, room: ROOM - backlog(wires[me], now) });
      if (nextDeadline(states[me]) <= now) turn(me, { type: "tick", at: now });
    }
  }
}

describe("the rehearsal", () => {
  it("every vote said is heard once, and what a bad neighbour sends is refused by name [B11] [H07]", () => {
    const [left, right] = rehearse(15_000, 1e-3, 13_000);
    for (const [said, heard] of [
      [left, right],
      [right, left],
    ]) {
      expect(said.tally.votesSent).toBeGreaterThan(200);
      expect(heard.tally.votesHeard).toBe(said.tally.votesSent);
      expect(heard.tally.longHeard).toBe(Math.floor(said.tally.votesSent / 20));
      const mischief = Math.floor(said.tally.votesSent / 60);
      expect(heard.tally.refused).toEqual({ repeated: mischief, "bad signature": mischief });
      expect(said.link.counters.resent).toBeGreaterThan(0);
      expect(heard.link.counters.damaged).toBeGreaterThan(0);
    }
  });

  it("the same noise gives the same run, to the last counter", () => {
    const [first, again] = [rehearse(2000, 3e-3, 1500), rehearse(2000, 3e-3, 1500)];
    expect(again).toEqual(first);
  });
});
