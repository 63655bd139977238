import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  KEY_EPOCH_MAX,
  KEY_MESSAGES_MAX,
  KEY_MS,
  LATE_MAX_MS,
  PACKET_SIZES,
  SESSION_IDLE_MS,
  SESSION_MESSAGES_MAX,
  SESSION_MS,
} from "../../../host/secure/limits.ts";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import { numbers, spoken, upTo } from "./numbered.ts";
import { bytes, hear, heardBy, opened, passAll, refusals, rig, say, tell, wait } from "./rig.ts";

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
