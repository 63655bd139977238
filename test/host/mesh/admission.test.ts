import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type Admission, type AdmissionEvent, admission, step, type Verdict } from "../../../host/mesh/admission.ts";
import {
  BAN_MS,
  CONNECTION_COOLDOWN_MS,
  CONNECTIONS_MAX,
  CONNECTIONS_RESERVED,
  LINK_PACKETS_BURST_MAX,
  LINK_PACKETS_PER_SECOND,
  NEW_CONNECTIONS_MAX,
  NEW_CONNECTIONS_RESERVED,
  NEW_CONNECTIONS_WINDOW_MS,
  PEER_CONNECTIONS_MAX,
  PEERS_REMEMBERED_MAX,
  VIOLATIONS_MAX,
} from "../../../host/mesh/limits.ts";
import { PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

const START = 1_000;

/** "admitted", or why not. */
function heard(door: Admission, event: AdmissionEvent): string {
  const verdict = step(door, event);
  return verdict.admitted ? "admitted" : verdict.why;
}

const at = (ms: number): Millis => millis(START + ms);
const connect = (door: Admission, ms: number, link: string, peer: string, isStranger = false): string =>
  heard(door, { type: "connecting", at: at(ms), link, peer, isStranger });
const send = (door: Admission, ms: number, link: string, size = 100): string =>
  heard(door, { type: "received", at: at(ms), link, size });
const blame = (door: Admission, ms: number, link: string): string =>
  heard(door, { type: "violation", at: at(ms), link });
const close = (door: Admission, ms: number, link: string): string => heard(door, { type: "closed", at: at(ms), link });

describe("connections", () => {
  test("the numbers are those that were asked for [H11]", () => {
    expect([CONNECTIONS_MAX, PEER_CONNECTIONS_MAX, NEW_CONNECTIONS_MAX, NEW_CONNECTIONS_WINDOW_MS]).toEqual([
      100, 3, 10, 60_000,
    ]);
    expect([CONNECTION_COOLDOWN_MS, LINK_PACKETS_PER_SECOND, VIOLATIONS_MAX, BAN_MS]).toEqual([60_000, 50, 3, 300_000]);
  });

  test("one peer has three links, and a fourth when one of them is gone for a minute [H11]", () => {
    const door = admission(at(0));
    for (const link of ["a", "b", "c"]) expect(connect(door, 0, link, "peer")).toBe("admitted");
    expect(connect(door, 0, "d", "peer")).toBe("too many links of one peer");
    expect(connect(door, 0, "e", "other")).toBe("admitted");
    close(door, 60_000, "a");
    expect(connect(door, 60_000, "f", "peer")).toBe("admitted");
  });

  test("ten links begin in a minute, in any minute [H11]", () => {
    const door = admission(at(0));
    for (let i = 0; i < 10; i++) expect(connect(door, i * 1000, `l${i}`, `p${i}`)).toBe("admitted");
    expect(connect(door, 59_999, "late", "q")).toBe("too many new links");
    expect(connect(door, 60_000, "now", "q")).toBe("admitted");
    expect(connect(door, 60_000, "again", "r")).toBe("too many new links");
    expect(connect(door, 61_000, "later", "r")).toBe("admitted");
  });

  test("a hundred links are kept and no more, thirty of them out of the reach of strangers [H11]", () => {
    const door = admission(at(0));
    let ms = 0;
    let strangers = 0;
    for (; connect(door, ms, `s${ms}`, `s${ms}`, true) !== "too many links"; ms += 10_000) strangers += 1;
    expect(strangers).toBe(CONNECTIONS_MAX - CONNECTIONS_RESERVED);
    let neighbours = 0;
    for (; connect(door, ms, `n${ms}`, `n${ms}`) !== "too many links"; ms += 10_000) neighbours += 1;
    expect(neighbours).toBe(CONNECTIONS_RESERVED);
    expect(door.links.size).toBe(CONNECTIONS_MAX);
    close(door, ms, "n700000");
    expect(connect(door, ms, "last", "last")).toBe("admitted");
  });

  test("a peer that comes and goes three times in a minute is left out for one [H11]", () => {
    const door = admission(at(0));
    for (let i = 0; i < 3; i++) {
      expect(connect(door, i * 5000, `l${i}`, "flapping")).toBe("admitted");
      close(door, i * 5000 + 1000, `l${i}`);
    }
    expect(connect(door, 20_000, "x", "flapping")).toBe("cooling down");
    expect(connect(door, 79_999, "x", "flapping")).toBe("cooling down");
    expect(connect(door, 80_000, "x", "flapping")).toBe("admitted");
  });
});

describe("packets", () => {
  test("fifty a second pass, whatever their rhythm, and a burst of fifty after a silence [H11]", () => {
    const door = admission(at(0));
    connect(door, 0, "a", "peer");
    let passed = 0;
    for (let i = 0; i < 1000; i++) if (send(door, 0, "a") === "admitted") passed += 1;
    expect(passed).toBe(LINK_PACKETS_BURST_MAX);
    expect(send(door, 19, "a")).toBe("too fast");
    expect(send(door, 20, "a")).toBe("admitted");
    expect(send(door, 20, "a")).toBe("too fast");
    for (let ms = 40; ms < 10_000; ms += 20) expect(send(door, ms, "a")).toBe("admitted");
    passed = 0;
    for (let i = 0; i < 1000; i++) if (send(door, 3_600_000, "a") === "admitted") passed += 1;
    expect(passed).toBe(LINK_PACKETS_BURST_MAX);
  });

  test("in no span of time more pass than the burst and the rate allow [H11]", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 400 }), (gaps) => {
        const door = admission(at(0));
        connect(door, 0, "a", "peer");
        let ms = 0;
        let passed = 0;
        for (const gap of gaps) {
          ms += gap;
          if (send(door, ms, "a") === "admitted") passed += 1;
          expect(passed).toBeLessThanOrEqual(LINK_PACKETS_BURST_MAX + (ms * LINK_PACKETS_PER_SECOND) / 1000);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("each link has its own bucket: one that is too fast slows no other, and is not to blame for it [H11]", () => {
    const door = admission(at(0));
    connect(door, 0, "a", "loud");
    connect(door, 0, "b", "quiet");
    for (let i = 0; i < 500; i++) send(door, 0, "a");
    expect(send(door, 0, "a")).toBe("too fast");
    expect(send(door, 0, "b")).toBe("admitted");
    expect(send(door, 1000, "a")).toBe("admitted");
  });

  test("a packet larger than any may be is refused and a violation [H11]", () => {
    const door = admission(at(0));
    connect(door, 0, "a", "peer");
    expect(send(door, 0, "a", PACKET_SIZE_MAX)).toBe("admitted");
    for (let i = 0; i < 3; i++) expect(send(door, 0, "a", PACKET_SIZE_MAX + 1)).toBe("too large");
    expect(send(door, 0, "a")).toBe("banned");
  });

  test("a link that was never admitted, or is closed, brings nothing", () => {
    const door = admission(at(0));
    expect(send(door, 0, "a")).toBe("no such link");
    expect(blame(door, 0, "a")).toBe("no such link");
    expect(close(door, 0, "a")).toBe("no such link");
    connect(door, 0, "a", "peer");
    close(door, 0, "a");
    expect(send(door, 0, "a")).toBe("no such link");
  });
});

describe("violations", () => {
  test("the third bans the peer for five minutes, on all its links and through new ones [H11]", () => {
    const door = admission(at(0));
    connect(door, 0, "a", "peer");
    connect(door, 0, "b", "peer");
    expect([blame(door, 0, "a"), blame(door, 1, "b"), send(door, 1, "a"), blame(door, 2, "a")]).toEqual([
      "admitted",
      "admitted",
      "admitted",
      "banned",
    ]);
    expect([send(door, 3, "a"), send(door, 3, "b")]).toEqual(["banned", "banned"]);
    close(door, 4, "a");
    close(door, 4, "b");
    expect(connect(door, 300_001, "c", "peer")).toBe("banned");
    expect(connect(door, 300_002, "c", "peer")).toBe("admitted");
  });

  test("closing and coming back does not wipe them out, five clean minutes do [H11]", () => {
    const door = admission(at(0));
    connect(door, 0, "a", "peer");
    blame(door, 0, "a");
    close(door, 1, "a");
    connect(door, 100_000, "b", "peer");
    blame(door, 100_000, "b");
    expect(blame(door, 399_999, "b")).toBe("banned");

    const patient = admission(at(0));
    connect(patient, 0, "a", "peer");
    blame(patient, 0, "a");
    blame(patient, 1, "a");
    expect(blame(patient, 300_001, "a")).toBe("admitted");
  });

  test("a forged signature is charged to the link that brought it and to nobody it names [H11]", () => {
    const door = admission(at(0));
    connect(door, 0, "a", "forger");
    connect(door, 0, "b", "honest");
    // What the packet says of its sender is no part of the event: there is nobody else to charge.
    expectTypeOf<Extract<AdmissionEvent, { type: "violation" }>>().toEqualTypeOf<{
      readonly type: "violation";
      readonly at: Millis;
      readonly link: string;
    }>();
    for (let i = 0; i < 3; i++) blame(door, i, "a");
    expect(send(door, 3, "a")).toBe("banned");
    expect(send(door, 3, "b")).toBe("admitted");
    expect(connect(door, 3, "c", "honest")).toBe("admitted");
  });
});

describe("a flood", () => {
  test("of strangers and of packets leaves honest neighbours and bans as they were [H11]", () => {
    const door = admission(at(0));
    connect(door, 0, "honest", "honest");
    connect(door, 0, "villain", "villain");
    for (let i = 0; i < 3; i++) blame(door, 0, "villain");
    close(door, 0, "villain");

    let rememberedMax = 0;
    let strangersIn = 0;
    let refusedOfHonest = 0;
    let bannedAgain = 0;
    const outcomes = new Set<string>();
    // Ten minutes, a hundred new addresses a second, each admitted one as loud and as wrong as it can be.
    for (let ms = 10; ms < 600_000; ms += 10) {
      const name = `stranger ${ms}`;
      const outcome = connect(door, ms, name, name, true);
      outcomes.add(outcome);
      if (outcome === "admitted") {
        strangersIn += 1;
        for (let i = 0; i < 100; i++) send(door, ms, name);
        if (strangersIn % 2 === 0) {
          for (let i = 0; i < 5; i++) blame(door, ms, name);
          close(door, ms, name);
        }
      }
      if (ms % 50 === 0 && send(door, ms, "honest") !== "admitted") refusedOfHonest += 1;
      if (ms < BAN_MS && ms % 1000 === 0 && connect(door, ms, `v${ms}`, "villain") === "banned") bannedAgain += 1;
      rememberedMax = Math.max(rememberedMax, door.peers.size);
    }
    expect([...outcomes].sort()).toEqual(["admitted", "too many new links"]);
    expect(strangersIn).toBe(10 * (NEW_CONNECTIONS_MAX - NEW_CONNECTIONS_RESERVED));
    expect(refusedOfHonest).toBe(0);
    expect(bannedAgain).toBe(299);
    expect(rememberedMax).toBeLessThanOrEqual(PEERS_REMEMBERED_MAX);
    expect(door.begun.length).toBeLessThanOrEqual(NEW_CONNECTIONS_MAX);

    // The honest one restarts in the middle of it, and comes back with all its links.
    close(door, 600_000, "honest");
    for (const link of ["h1", "h2", "h3"]) expect(connect(door, 600_000, link, "honest")).toBe("admitted");
  });

  test("as fast as the rate allows, on and on, fills no table beyond its bound [H11]", () => {
    const door = admission(at(0));
    let most = 0;
    for (let minute = 0; minute < 40; minute++) {
      for (let i = 0; i < NEW_CONNECTIONS_MAX; i++) {
        const name = `${minute}.${i}`;
        if (connect(door, minute * 60_000, name, name) === "admitted" && minute > 9) close(door, minute * 60_000, name);
      }
      if (minute > 9) for (let i = 0; i < NEW_CONNECTIONS_MAX; i++) close(door, minute * 60_000, `${minute - 10}.${i}`);
      most = Math.max(most, door.peers.size);
    }
    expect(most).toBeGreaterThan(CONNECTIONS_MAX);
    expect(most).toBeLessThanOrEqual(PEERS_REMEMBERED_MAX);
  });
});

describe("the machine", () => {
  const names = fc.constantFrom("a", "b", "c", "d", "e");
  const anyEvents = fc.array(
    fc.record({
      type: fc.constantFrom("connecting", "received", "violation", "closed"),
      wait: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(30_000, 60_000, 300_000)),
      link: fc.integer({ min: 0, max: 30 }),
      peer: names,
      isStranger: fc.boolean(),
      size: fc.constantFrom(0, PACKET_SIZE_MAX, PACKET_SIZE_MAX + 1),
    }),
    { maxLength: 200 },
  );

  test("every event is legal in every state, and a snapshot goes on as the original would", () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let door = admission(at(0));
        let now = 0;
        for (const { type, wait, link, peer, isStranger, size } of events) {
          now += wait;
          const name = `l${link}`;
          if (type === "connecting" && door.links.has(name)) continue;
          const event = { type, at: at(now), link: name, peer, isStranger, size } as AdmissionEvent;
          const copy = structuredClone(door);
          const verdict: Verdict = step(door, event);
          expect(step(copy, event)).toEqual(verdict);
          expect(copy).toEqual(door);
          door = copy;
          const counts = new Map<string, number>();
          for (const each of door.links.values()) counts.set(each.peer, (counts.get(each.peer) ?? 0) + 1);
          for (const [who, record] of door.peers) {
            expect(record.linkCount).toBe(counts.get(who) ?? 0);
            expect(record.linkCount).toBeLessThanOrEqual(PEER_CONNECTIONS_MAX);
          }
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("time that runs back, and a link's name used twice, are our mistakes", () => {
    const door = admission(at(10));
    connect(door, 10, "a", "peer");
    expect(() => send(door, 9, "a")).toThrow("time runs forward");
    expect(() => connect(door, 10, "a", "peer")).toThrow("a link's name is used once");
  });
});
