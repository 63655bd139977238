import { describe, expect, test } from "vitest";
import { LATE_MAX_MS, SESSION_IDLE_MS, SESSION_MESSAGES_MAX } from "../../../host/secure/limits.ts";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import { CRITICAL, LOW } from "../../../protocol/core/packet-class.ts";
import { numbered, numbers, spoken, upTo } from "./numbered.ts";
import {
  bytes,
  hear,
  heardBy,
  isOpen,
  kinds,
  opened,
  passAll,
  type Rig,
  refusals,
  rig,
  say,
  tell,
  wait,
} from "./rig.ts";

describe("sessions end", () => {
  test("and the next one is there before: three thousand messages each way, each delivered once [I12]", () => {
    const of = opened();
    for (let at = 0; at < 3_000; at++) {
      say(of, "client", numbered(at), CRITICAL);
      say(of, "server", numbered(at), LOW);
      wait(of, 50);
    }
    expect(numbers(heardBy(of, "server"))).toEqual(upTo(3_000));
    expect(numbers(heardBy(of, "client"))).toEqual(upTo(3_000));
    const sessions = of.client.effects.filter((effect) => effect.type === "opened" && effect.isRenewal).length;
    expect(sessions).toBeGreaterThanOrEqual(3_000 / SESSION_MESSAGES_MAX);
    expect(of.client.effects.filter(({ type }) => type === "closed" || type === "unsent")).toEqual([]);
  });

  test("and it is there for a client that alone speaks, and hears nothing that asks for it", () => {
    const of = opened();
    for (let at = 0; at < 2_100; at++) {
      say(of, "client", numbered(at));
      wait(of, 20);
    }
    expect(numbers(heardBy(of, "server"))).toEqual(upTo(2_100));
    expect(of.client.effects.filter(({ type }) => type === "closed")).toEqual([]);
  });

  test("a server that alone speaks is given the next one as well, though some of what asks for it is lost", () => {
    const of = opened();
    const from = chance(3);
    let count = 0;
    for (let at = 0; at < 2_000; at++) {
      say(of, "server", numbered(at));
      wait(of, 50, () => {
        const isLost = drawBelow(from, 10) === 0;
        if (isLost) count += 1;
        return !isLost;
      });
    }
    expect(count).toBeGreaterThan(130);
    expect(of.server.effects.filter(({ type }) => type === "closed" || type === "unsent")).toEqual([]);
    expect(heardBy(of, "client").length).toBeGreaterThan(1_600);
  });

  test("and what is late of the old one is still opened for a minute, and then no more", () => {
    const of = opened();
    const [early, later] = spoken(of, 2);
    const before = of.client.link.current?.transcript;
    wait(of, 10_000);
    hear(of, "client", bytes(0x64));
    wait(of, 1_000);
    expect(of.server.link.current?.transcript).not.toEqual(before);
    hear(of, "server", early);
    expect(heardBy(of, "server")).toEqual([numbered(0)]);
    wait(of, LATE_MAX_MS);
    expect(refusals(hear(of, "server", later))).toEqual(["no session"]);
  });

  test("and of those before that nothing is kept, however quickly they follow each other", () => {
    const of = opened();
    const keys: Uint8Array[] = [];
    for (let count = 0; count < 4; count++) {
      for (const { link } of [of.client, of.server]) keys.push(link.current?.sending.key as Uint8Array);
      wait(of, 6_000);
      hear(of, "client", bytes(0x64));
      wait(of, 1_000);
    }
    const zeros = keys.map((key) => key.every((byte) => byte === 0));
    expect(zeros).toEqual([...new Array(6).fill(true), false, false]);
  });

  test("after a thousand messages: no more leaves under it, and what is said waits for the next [I12]", () => {
    const of = opened();
    const bodies = upTo(SESSION_MESSAGES_MAX + 5);
    for (const at of bodies) say(of, "client", numbered(at));
    const packets = of.air.splice(0).filter(({ packet }) => packet[0] >= 0x80);
    expect(packets).toHaveLength(SESSION_MESSAGES_MAX);
    expect(of.client.effects).toContainEqual({ type: "closed", why: "worn out" });
    wait(of, 60_000);
    expect(numbers(heardBy(of, "server"))).toEqual(bodies.slice(SESSION_MESSAGES_MAX));
  });

  test("after an hour, renewed before it where the other end is there, and over where it is not [I12]", () => {
    const of = opened();
    const hour = (lets: () => boolean): void => {
      for (let minute = 0; minute < 61; minute++) {
        say(of, "client", bytes(minute));
        say(of, "server", bytes(minute));
        wait(of, 60_000, lets);
      }
    };
    const first = of.client.link.current?.transcript;
    hour(() => true);
    expect(of.client.link.current?.transcript).not.toEqual(first);
    expect(of.client.effects.filter(({ type }) => type === "closed")).toEqual([]);
    expect([heardBy(of, "server").length, heardBy(of, "client").length]).toEqual([61, 61]);
    hour(() => false);
    expect(of.client.effects.filter(({ type }) => type === "closed")).toEqual([{ type: "closed", why: "worn out" }]);
    expect(isOpen(of)).toBe(false);
  });

  test("after five minutes of silence, with their keys; the next word of either begins another [I12]", () => {
    for (const name of ["client", "server"] as const) {
      const of = opened();
      wait(of, SESSION_IDLE_MS - 1);
      expect(isOpen(of)).toBe(true);
      wait(of, 10);
      expect([of.client.link.current, of.server.link.current]).toEqual([undefined, undefined]);
      expect(of.client.effects.at(-1)).toEqual({ type: "closed", why: "idle" });
      const quiet = of.overheard.length;
      wait(of, 3_600_000);
      expect(of.overheard).toHaveLength(quiet);
      say(of, name, bytes(7));
      wait(of, 1_000);
      expect([...heardBy(of, "client"), ...heardBy(of, "server")]).toEqual([bytes(7)]);
    }
  });

  test("when a host starts afresh: the other end's words are refused, and a new one is made at once", () => {
    for (const name of ["client", "server"] as const) {
      const of = opened();
      of.now += 60_000;
      const fresh = rig({ seed: 50 });
      const changed: Rig = { ...of, [name]: fresh[name] };
      if (name === "client") of.air.push(...fresh.air.splice(0));
      say(changed, name === "client" ? "server" : "client", bytes(1));
      wait(changed, 2_000);
      expect(isOpen(changed), name).toBe(true);
      say(changed, "client", bytes(2));
      say(changed, "server", bytes(3));
      passAll(changed);
      expect([heardBy(changed, "server").at(-1), heardBy(changed, "client").at(-1)]).toEqual([bytes(2), bytes(3)]);
    }
  });

  test("which a server asks for in the clear, and not more often than every other second", () => {
    const of = rig();
    of.air.splice(0);
    for (let at = 0; at < 100; at++) {
      of.now += 100;
      hear(of, "server", new Uint8Array(144).fill(0x80, 0, 1));
    }
    expect(of.air.map(({ packet }) => [...packet])).toEqual([[0x64], [0x64], [0x64], [0x64], [0x64]]);
  });

  test("with the link, and everything that it knew is gone", () => {
    const of = opened();
    const key = of.client.link.current?.sending.key as Uint8Array;
    expect(kinds(tell(of, "client", { type: "down" }))).toEqual(["closed"]);
    expect(key.every((byte) => byte === 0)).toBe(true);
    expect(refusals(hear(of, "client", new Uint8Array(144).fill(0x80)))).toEqual(["down"]);
    expect(kinds(say(of, "client", bytes(1)))).toEqual(["unsent"]);
  });

  test("a wish for a session by who knows what costs one handshake in a while", () => {
    const of = opened();
    for (let at = 0; at < 1_000; at++) {
      hear(of, "client", bytes(0x64));
      wait(of, 10);
    }
    expect(of.client.effects.filter(({ type }) => type === "opened").length).toBeLessThanOrEqual(3);
  });
});
