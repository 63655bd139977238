import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  KEY_EPOCH_MAX,
  KEY_MESSAGES_MAX,
  KEY_MS,
  LATE_MAX_MS,
  PACKET_SIZES,
  RECORD_BODY_SIZE_MAX,
  RECORD_OVERHEAD,
  SESSION_IDLE_MS,
  SESSION_MESSAGES_MAX,
  SESSION_MS,
} from "../../../host/secure/limits.ts";
import { unwrap, wrap } from "../../../host/secure/record.ts";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import {
  ENVELOPE_SIZE_MAX,
  GATT_VALUE_SIZE_MAX,
  VOTE_SIZE_MAX,
  WHOLE_OVERHEAD,
} from "../../../protocol/core/limits.ts";
import { CRITICAL, LOW } from "../../../protocol/core/packet-class.ts";
import { hear, heardBy, isOpen, kinds, opened, passAll, type Rig, refusals, rig, say, tell, wait } from "./rig.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const numbered = (value: number): Uint8Array => bytes(value >> 8, value & 0xff);
const numbers = (bodies: readonly Uint8Array[]): number[] => bodies.map((body) => body[0] * 0x100 + body[1]);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** What one end says, as packets that wait. */
function spoken(of: Rig, count: number): Uint8Array[] {
  for (let at = 0; at < count; at++) say(of, "client", numbered(at));
  return of.air.splice(0).map(({ packet }) => packet);
}

describe("a session", () => {
  test("has the bounds that were asked for [I12]", () => {
    expect([KEY_MS, KEY_MESSAGES_MAX, SESSION_MS, SESSION_MESSAGES_MAX, SESSION_IDLE_MS]).toEqual([
      300_000, 100, 3_600_000, 1_000, 300_000,
    ]);
  });

  test("delivers each packet once, in whatever order they come, over several keys", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const of = opened();
        const packets = spoken(of, 350);
        const from = chance(seed);
        for (let at = packets.length - 1; at > 0; at--) {
          const with_ = drawBelow(from, at + 1);
          [packets[at], packets[with_]] = [packets[with_], packets[at]];
        }
        for (const packet of packets) hear(of, "server", packet);
        expect(numbers(heardBy(of, "server")).sort((a, b) => a - b)).toEqual(upTo(350));
        for (const packet of packets) expect(refusals(hear(of, "server", packet))).toEqual(["repeated"]);
        expect(heardBy(of, "server")).toHaveLength(350);
      }),
      { seed: 4, numRuns: 10 },
    );
  });

  test("goes on whatever is lost", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 0.97, noNaN: true }), (seed, share) => {
        const of = opened();
        const from = chance(seed);
        const kept = spoken(of, 600).filter((_, at) => at === 599 || drawBelow(from, 1000) >= share * 1000);
        for (const packet of kept) hear(of, "server", packet);
        expect(heardBy(of, "server")).toHaveLength(kept.length);
      }),
      { seed: 4, numRuns: 10 },
    );
  });

  test("opens nothing of which a bit is changed, and remembers nothing of it [I12]", () => {
    const of = opened();
    const [packet] = spoken(of, 1);
    const before = structuredClone(of.server.link.current);
    for (let bit = 0; bit < packet.length * 8; bit++) {
      const spoiled = packet.slice();
      spoiled[bit >> 3] ^= 1 << (bit & 7);
      const [why] = refusals(hear(of, "server", spoiled));
      expect(["does not open", "no session", "out of range", "plaintext", "unknown frame"]).toContain(why);
    }
    expect(of.server.link.current).toEqual(before);
    expect(heardBy(of, "server")).toEqual([]);
    hear(of, "server", packet);
    expect(heardBy(of, "server")).toHaveLength(1);
  });

  test("opens nothing that is cut, nor what is longer", () => {
    const of = opened();
    const [packet] = spoken(of, 1);
    for (let size = 0; size < packet.length; size++) {
      const why = size === 0 ? "layout broken" : "odd size";
      expect(refusals(hear(of, "server", packet.subarray(0, size)))).toEqual([why]);
    }
    for (const size of PACKET_SIZES.slice(1)) {
      const long = new Uint8Array(size);
      long.set(packet);
      expect(refusals(hear(of, "server", long))).toEqual(["does not open"]);
    }
    expect(heardBy(of, "server")).toEqual([]);
  });

  test("takes back none of its own words, and none of another session", () => {
    const of = opened();
    // The server's own first one was its confirmation.
    const packet = spoken(of, 2)[1];
    expect(refusals(hear(of, "client", packet))).toEqual(["does not open"]);
    const later = opened({ seed: 77 });
    expect(refusals(hear(later, "server", packet))).toEqual(["does not open"]);
  });

  test("a forged number ahead shuts nobody out", () => {
    const of = opened();
    const forged = new Uint8Array(144).fill(1);
    for (let epoch = 0; epoch <= KEY_EPOCH_MAX; epoch++) {
      forged[0] = 0x80 | epoch;
      expect(refusals(hear(of, "server", forged))).toEqual(["does not open"]);
    }
    for (let counter = 100; counter <= 0xff; counter++) {
      forged[1] = counter;
      expect(refusals(hear(of, "server", forged))).toEqual(["out of range"]);
    }
    for (const packet of spoken(of, 250)) hear(of, "server", packet);
    expect(heardBy(of, "server")).toHaveLength(250);
  });
});

describe("keys are replaced", () => {
  test("after a hundred messages, each time [I12]", () => {
    const of = opened();
    const epochs = spoken(of, 450).map((packet) => packet[0] & 31);
    for (let epoch = 0; epoch < 4; epoch++) expect(epochs.filter((each) => each === epoch)).toHaveLength(100);
  });

  test("after five minutes, before anything else is said [I12]", () => {
    const of = opened();
    const keys = new Set<string>();
    for (let minute = 0; minute < 50; minute++) {
      const [packet] = spoken(of, 1);
      keys.add(Buffer.from(of.client.link.current?.sending.key ?? []).toString("hex"));
      expect(packet[0] & 31).toBe(Math.floor(minute / 5));
      hear(of, "server", packet);
      of.now += 60_000;
    }
    expect(keys.size).toBe(10);
    expect(heardBy(of, "server")).toHaveLength(50);
  });

  test("and the old one is nowhere any more: at once at the sender, when nothing can be late at the receiver [I12]", () => {
    const of = opened();
    const inUse = of.client.link.current?.sending.key as Uint8Array;
    const theirs = of.server.link.current?.receiving.keys[0].key as Uint8Array;
    const first = inUse.slice();
    const held = (): string =>
      JSON.stringify([of.client.link, of.server.link], (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
      );
    const key = Buffer.from(first).toString("hex");
    expect(held().split(key)).toHaveLength(3);
    for (const packet of spoken(of, 101)) hear(of, "server", packet);
    expect(held().split(key)).toHaveLength(2);
    // Whoever still has the bytes has zeros.
    expect(inUse.every((byte) => byte === 0)).toBe(true);
    wait(of, LATE_MAX_MS - 1);
    expect(held()).toContain(key);
    wait(of, 1);
    expect(held()).not.toContain(key);
    expect(theirs.every((byte) => byte === 0)).toBe(true);
  });

  test("what is late by as much as a radio may hold it is still opened, and later is refused by name", () => {
    const of = opened();
    const [early, later, ...rest] = spoken(of, 320);
    for (const packet of rest) hear(of, "server", packet);
    of.now += LATE_MAX_MS - 1;
    hear(of, "server", early);
    expect(heardBy(of, "server")).toHaveLength(319);
    of.now += 1;
    expect(refusals(hear(of, "server", later))).toEqual(["too late"]);
  });
});

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

describe("sizes", () => {
  test("a packet has one of few sizes, whatever it carries [I13]", () => {
    const of = opened();
    const sizes = new Set<number>();
    for (let size = 0; size <= RECORD_BODY_SIZE_MAX; size += 1 + Math.floor(size / 20)) {
      const [effect] = say(of, "client", new Uint8Array(size).fill(0xee));
      if (effect.type === "transmit") sizes.add(effect.packet.length);
    }
    expect([...sizes]).toEqual(PACKET_SIZES);
    expect(PACKET_SIZES).toHaveLength(10);
  });

  test("a vote, a heartbeat and a bet look alike, and two votes still fit one fragment [I13]", () => {
    const of = opened();
    const sizeOf = (size: number): number => {
      const [effect] = say(of, "client", new Uint8Array(size));
      return effect.type === "transmit" ? effect.packet.length : 0;
    };
    expect(upTo(VOTE_SIZE_MAX + 1).map(sizeOf)).toEqual(upTo(VOTE_SIZE_MAX + 1).map(() => 144));
    expect(sizeOf(2 * VOTE_SIZE_MAX)).toBeLessThanOrEqual(GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD);
    expect(sizeOf(ENVELOPE_SIZE_MAX)).toBe(4096);
  });

  test("a body comes back as it was, zeros at its end and all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: RECORD_BODY_SIZE_MAX }), fc.nat(20), (body, zeros) => {
        const whole = bytes(...body, ...new Uint8Array(zeros)).subarray(0, RECORD_BODY_SIZE_MAX);
        expect(unwrap(wrap({ kind: "message", body: whole }))).toEqual({ kind: "message", body: whole });
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test("padding says nothing in secret: another size, an unknown kind or no kind at all is refused", () => {
    const text = wrap({ kind: "message", body: bytes(1, 2) });
    const longer = new Uint8Array(PACKET_SIZES[1] - RECORD_OVERHEAD + 1);
    longer.set(text);
    const unknown = text.slice();
    unknown[2] = 0x7f;
    for (const wrong of [longer, unknown, new Uint8Array(text.length), new Uint8Array(0)]) {
      expect(unwrap(wrong)).toBeUndefined();
    }
  });
});

test("every event is taken in every state, whatever its bytes, and a copy of the state goes the same way", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const of = rig({ seed: 6, isSecret: (seed & 1) === 0 });
      const from = chance(seed);
      const recorded: Uint8Array[] = [];
      for (let count = 0; count < 120; count++) {
        recorded.push(...of.air.map(({ packet }) => packet));
        const name = drawBelow(from, 2) === 0 ? "client" : "server";
        const roll = drawBelow(from, 12);
        const any = recorded[drawBelow(from, recorded.length)] ?? bytes(0);
        if (roll < 4) passAll(of);
        else if (roll === 4) of.air.splice(0);
        else if (roll === 5) hear(of, name, any);
        else if (roll === 6) {
          const spoiled = any.slice();
          spoiled[drawBelow(from, spoiled.length)] ^= 1 << drawBelow(from, 8);
          hear(of, name, spoiled);
        } else if (roll === 7) of.now += [10, 1_000, 12_000, 400_000, 4_000_000][drawBelow(from, 5)];
        else if (roll === 8) tell(of, name, { type: "tick" });
        else if (roll === 9 && drawBelow(from, 8) === 0) tell(of, name, { type: drawBelow(from, 2) ? "up" : "down" });
        else if (roll === 10) tell(of, name, { type: "drawn", bytes: new Uint8Array(32).fill(count + 1) });
        else for (let i = 0; i < 30; i++) say(of, name, bytes(count, i));
        if (count % 20 === 0) expect(structuredClone(of[name].link)).toEqual(of[name].link);
      }
      tell(of, "server", { type: "up" });
      tell(of, "client", { type: "up" });
      of.air.splice(0);
      wait(of, 200_000);
      say(of, "client", bytes(250, 250));
      wait(of, 20_000);
      expect(heardBy(of, "server").at(-1)).toEqual(bytes(250, 250));
    }),
    { seed: 8, numRuns: 25 },
  );
});
