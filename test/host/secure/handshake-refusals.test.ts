import { describe, expect, test } from "vitest";
import { HandshakeFrame, SUITES } from "../../../host/secure/frames.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytes, halves, hear, isOpen, kinds, type Name, opened, passAll, refusals, rig, seedOf, upTo } from "./rig.ts";

const MESSAGES = ["first", "second", "third"] as const;
const hearerOf = (message: number): Name => (message === 1 ? "client" : "server");

describe.each([
  ["with a secret", true],
  ["without one", false],
])("a handshake %s that meets wrong bytes", (_, isSecret) => {
  test.each([0, 1, 2])("message %i cut anywhere is refused, and the whole one still opens", (message) => {
    const of = upTo(message, { isSecret });
    const { packet } = of.air[0];
    const before = structuredClone(of[hearerOf(message)].link.attempt);
    for (let size = 0; size < packet.length; size++) {
      const done = hear(of, hearerOf(message), packet.subarray(0, size));
      expect(kinds(done), `${size} bytes`).toEqual(["refused"]);
      const { attempt } = of[hearerOf(message)].link;
      if (attempt !== undefined) attempt.faultCount = 0;
    }
    expect(of[hearerOf(message)].link.attempt).toEqual(before);
    passAll(of);
    expect(isOpen(of)).toBe(true);
  });

  test.each([0, 1, 2])("message %i with any byte changed opens nothing, and the honest one still does", (message) => {
    const size = upTo(message, { isSecret }).air[0].packet.length;
    for (let at = 0; at < size; at++) {
      const of = upTo(message, { isSecret });
      const spoiled = of.air[0].packet.slice();
      spoiled[at] ^= 1 << (at % 8);
      of.air[0] = { ...of.air[0], packet: spoiled };
      const honest = of.overheard.at(-1)?.packet as Uint8Array;
      passAll(of);
      // Without a secret the first message proves nothing: it is the second that does not open.
      expect(isOpen(of), `byte ${at}`).toBe(false);
      const refused = [...refusals(of.client.effects), ...refusals(of.server.effects)];
      expect(refused.length, `byte ${at}`).toBe(1);
      if (message > 0 || isSecret) {
        hear(of, hearerOf(message), honest);
        passAll(of);
        expect(isOpen(of), `byte ${at}`).toBe(true);
      }
    }
  });

  test("longer than any message is refused before it is looked at", () => {
    const of = rig({ isSecret });
    for (const size of [260, 1000, 4096]) {
      const long = new Uint8Array(size);
      long.set([0x61, 0, isSecret ? SUITES.table : SUITES.open]);
      expect(refusals(hear(of, "server", long))).toEqual(["layout broken"]);
    }
  });

  test("out of turn is refused as unexpected, at either end and every stage", () => {
    const whole = opened({ isSecret }).overheard.map(({ packet }) => packet);
    for (const stage of [0, 1, 2]) {
      for (const name of ["client", "server"] as const) {
        const of = upTo(stage, { isSecret, seed: 5 });
        // Of another attempt, with its own keys.
        for (const [at, packet] of whole.slice(0, 3).entries()) {
          if (name === "server" && at === 0) continue;
          const [why] = refusals(hear(of, name, packet));
          expect(["unexpected", "does not open"], `${MESSAGES[at]} at ${name}`).toContain(why);
        }
        passAll(of);
        expect(isOpen(of)).toBe(true);
      }
    }
  });
});

describe("points of low order", () => {
  const LOW = [
    ...[
      "00".repeat(32),
      `01${"00".repeat(31)}`,
      `ec${"ff".repeat(30)}7f`,
      `ed${"ff".repeat(30)}7f`,
      `ee${"ff".repeat(30)}7f`,
    ],
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ].map((hex) => new Uint8Array(Buffer.from(hex, "hex")));

  test("of a client are refused by name: nobody agrees on a key that all know [I12]", () => {
    for (const point of LOW) {
      const of = rig({ isSecret: false });
      of.air.splice(0);
      const first = encode(HandshakeFrame, { type: "first", session: 0, suite: SUITES.open, noise: point });
      expect(refusals(hear(of, "server", first))).toEqual(["low-order point"]);
      expect([of.air, of.server.link.attempt]).toEqual([[], undefined]);
    }
  });

  test("of a server are, and as a static key [I12]", () => {
    for (const point of LOW) {
      const of = upTo(1, { isSecret: false });
      const frame = encode(HandshakeFrame, {
        type: "second",
        session: 0,
        noise: bytes(...point, ...new Uint8Array(160)),
      });
      expect(refusals(hear(of, "client", frame))).toEqual(["low-order point"]);
      const low = rig({ isSecret: false, server: { static: { secret: seedOf(5), public: point } } });
      passAll(low);
      expect(refusals(low.client.effects)).toEqual(["low-order point"]);
    }
  });
});

describe("what comes back", () => {
  test("a client's own first message, as a second, is its own echo", () => {
    const of = rig({ isSecret: false });
    const own = of.air[0].packet.subarray(3);
    const echo = encode(HandshakeFrame, { type: "second", session: 0, noise: bytes(...own, ...new Uint8Array(160)) });
    expect(refusals(hear(of, "client", echo))).toEqual(["reflected"]);
  });

  test("a static key that comes back is an echo too", () => {
    const of = rig({ server: { static: halves(seedOf(101)) } });
    passAll(of);
    expect(refusals(of.client.effects)).toEqual(["reflected"]);
  });
});
