import { describe, expect, test } from "vitest";
import { prologueOf } from "../../../host/secure/binding.ts";
import { HandshakeFrame, SUITES } from "../../../host/secure/frames.ts";
import { introduce, meet } from "../../../host/secure/introduction.ts";
import {
  HANDSHAKE_ANSWERS_MAX,
  HANDSHAKE_FAULTS_MAX,
  HANDSHAKE_REFILL_MS,
  HANDSHAKE_TIMEOUT_MS,
  HANDSHAKES_BURST_MAX,
} from "../../../host/secure/limits.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import {
  CLIENT_RADIO,
  cryptoOf,
  halves,
  hear,
  heardBy,
  isOpen,
  kinds,
  type Name,
  opened,
  other,
  PROLOGUE,
  pass,
  passAll,
  type Rig,
  refusals,
  rig,
  SECRET,
  SERVER_RADIO,
  say,
  seedOf,
  TABLE,
  tell,
  VERSION,
  type Wishes,
  wait,
} from "./rig.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Up to the moment when a message of that number (from 0) is in the air. */
function upTo(message: number, wishes: Wishes = {}): Rig {
  const of = rig(wishes);
  for (let at = 0; at < message; at++) pass(of);
  expect(of.air).toHaveLength(1);
  return of;
}

const MESSAGES = ["first", "second", "third"] as const;
const hearerOf = (message: number): Name => (message === 1 ? "client" : "server");

describe("two kiosks that share a table's secret", () => {
  test("open a session in three messages and a confirmation, and each has the other's identity [I12]", () => {
    const of = opened();
    expect(of.overheard.map(({ from }) => from)).toEqual(["client", "server", "client", "server"]);
    for (const name of ["client", "server"] as const) {
      const told = of[name].effects.filter((effect) => effect.type === "opened");
      expect(told).toEqual([
        {
          type: "opened",
          peer: of[other(name)].ports.identity,
          version: VERSION,
          transcript: of.client.link.current?.transcript,
          agreement: 0,
          isRenewal: false,
        },
      ]);
    }
    say(of, "client", bytes(1, 2, 3));
    say(of, "server", bytes(4, 5));
    passAll(of);
    expect([heardBy(of, "server"), heardBy(of, "client")]).toEqual([[bytes(1, 2, 3)], [bytes(4, 5)]]);
  });

  test("what is said before there is a session waits for it, and leaves in its order", () => {
    const of = rig();
    for (let i = 0; i < 3; i++) say(of, "client", bytes(i));
    say(of, "server", bytes(9));
    passAll(of);
    expect([heardBy(of, "server"), heardBy(of, "client")]).toEqual([[bytes(0), bytes(1), bytes(2)], [bytes(9)]]);
  });

  test("no byte of either identity is in the clear, nor of the secret", () => {
    const of = opened();
    const air = of.overheard.map(({ packet }) => Buffer.from(packet).toString("hex")).join(" ");
    for (const secret of [of.client.ports.identity, of.server.ports.identity, SECRET, TABLE]) {
      expect(air).not.toContain(Buffer.from(secret.subarray(0, 8)).toString("hex"));
    }
  });

  test("lose any of the messages, several times, and still open: what is lost is said again", () => {
    for (let pattern = 0; pattern < 64; pattern++) {
      const of = rig();
      let count = 0;
      const lets = (): boolean => count >= 6 || (pattern & (1 << count++)) === 0;
      wait(of, 3 * HANDSHAKE_TIMEOUT_MS, lets);
      expect(isOpen(of), `pattern ${pattern}`).toBe(true);
      say(of, "client", bytes(1));
      say(of, "server", bytes(2));
      passAll(of);
      expect([heardBy(of, "server"), heardBy(of, "client")]).toEqual([[bytes(1)], [bytes(2)]]);
    }
  });

  test("a repeated message is answered with the same bytes, and with nothing new", () => {
    const of = rig();
    const first = of.air[0].packet;
    pass(of);
    const second = of.air[0].packet;
    expect(hear(of, "server", first)).toEqual([{ type: "transmit", class: 0, packet: second }]);
    pass(of);
    const [repeated, third] = of.air.map(({ packet }) => packet);
    expect(repeated).toEqual(second);
    expect(hear(of, "client", second)).toEqual([{ type: "transmit", class: 0, packet: third }]);
  });

  test("an attempt that nobody answers is given up, and tried again later and later", () => {
    const of = rig();
    wait(of, 600_000, () => false);
    const failed = of.client.effects.filter(({ type }) => type === "failed").length;
    // 10 s each and 2, 4, 8, 16, 32, then 60 s between them.
    expect(failed).toBe(12);
    expect(of.overheard).toHaveLength(4 * failed);
    wait(of, 100_000);
    expect(isOpen(of)).toBe(true);
  });
});

describe("encryption is required", () => {
  test("a handshake without encryption is refused as plaintext, and gets no answer [F09]", () => {
    const of = rig();
    of.air.splice(0);
    const plain = encode(HandshakeFrame, { type: "first", session: 0, suite: SUITES.plain, noise: bytes(1, 2) });
    expect(hear(of, "server", plain)).toEqual([{ type: "refused", why: "plaintext", verdict: "reject" }]);
    expect(of.server.link.counters).toEqual({ plaintext: 1 });
    expect(of.air).toEqual([]);
  });

  test("an envelope in the clear is refused as plaintext, before, during and in a session [F09]", () => {
    for (const of of [rig(), upTo(1), upTo(2), opened()]) {
      for (const name of ["client", "server"] as const) {
        for (let tag = 0; tag < 0x60; tag++) {
          const done = hear(of, name, bytes(tag, ...new Uint8Array(143)));
          expect(done).toEqual([{ type: "refused", why: "plaintext", verdict: "reject" }]);
        }
      }
      passAll(of);
      expect(isOpen(of)).toBe(true);
    }
  });

  test("nothing that is to be said leaves without a session, however long there is none [F09]", () => {
    const of = rig();
    const body = new Uint8Array(64).fill(0x5a);
    for (let i = 0; i < 30; i++) {
      say(of, "client", body);
      say(of, "server", body);
      wait(of, 1_000, () => false);
    }
    for (const { packet } of of.overheard) expect(Buffer.from(packet).includes(Buffer.from(body))).toBe(false);
    const unsent = of.client.effects.filter(({ type }) => type === "unsent");
    expect(unsent.length).toBeGreaterThan(15);
  });

  test("a table takes no handshake without its secret: the downgrade has a name [F09]", () => {
    const of = rig({ client: { agreements: [{ prologue: PROLOGUE, secret: undefined }] } });
    pass(of);
    expect(refusals(of.server.effects)).toEqual(["secret required"]);
    expect(of.air).toEqual([]);
  });

  test("a suite of later days is refused by its name", () => {
    const of = rig();
    const later = encode(HandshakeFrame, { type: "first", session: 0, suite: 9, noise: new Uint8Array(48) });
    expect(refusals(hear(of, "server", later))).toEqual(["unknown suite"]);
  });

  test("who changes the suite on the way gets no session", () => {
    for (const [said, heard] of [
      [true, SUITES.open],
      [false, SUITES.table],
    ] as const) {
      const both = [SECRET, undefined].map((secret) => ({ prologue: PROLOGUE, secret }));
      const of = rig({ isSecret: said, server: { agreements: both } });
      const frame = decode(HandshakeFrame, of.air.splice(0)[0].packet);
      if (!frame.ok || frame.value.type !== "first") throw new Error("a client says the first");
      hear(of, "server", encode(HandshakeFrame, { ...frame.value, suite: heard }));
      passAll(of);
      expect(isOpen(of)).toBe(false);
    }
  });
});

describe("a handshake is bound", () => {
  const unlike: { readonly [what: string]: Partial<Wishes> } = {
    "another secret": { server: { agreements: [{ prologue: PROLOGUE, secret: seedOf(9) }] } },
    "another table": {
      server: {
        agreements: [{ prologue: prologueOf(seedOf(8).subarray(16), CLIENT_RADIO, SERVER_RADIO), secret: SECRET }],
      },
    },
    "no table": {
      server: { agreements: [{ prologue: prologueOf(undefined, CLIENT_RADIO, SERVER_RADIO), secret: SECRET }] },
    },
    "another radio": {
      server: {
        agreements: [
          {
            prologue: prologueOf(TABLE, { ...CLIENT_RADIO, address: seedOf(3).subarray(26) }, SERVER_RADIO),
            secret: SECRET,
          },
        ],
      },
    },
    "the same two radios the other way round": {
      server: { agreements: [{ prologue: prologueOf(TABLE, SERVER_RADIO, CLIENT_RADIO), secret: SECRET }] },
    },
  };

  test.each(Object.keys(unlike))("to its place: with %s it does not open, and is nobody's fault [I12]", (what) => {
    const of = rig(unlike[what]);
    pass(of);
    expect(of.server.effects).toEqual([{ type: "refused", why: "other secret", verdict: "ignore" }]);
    expect(of.air).toEqual([]);
  });

  test("without a secret it is bound as well: the second message does not open [I12]", () => {
    const prologue = prologueOf(undefined, SERVER_RADIO, CLIENT_RADIO);
    const of = rig({ isSecret: false, server: { agreements: [{ prologue, secret: undefined }] } });
    passAll(of);
    expect(refusals(of.client.effects)).toEqual(["does not open"]);
    expect(isOpen(of)).toBe(false);
  });

  test("to whom was called: another identity is refused, on either side [I12]", () => {
    for (const name of ["client", "server"] as const) {
      const of = rig({ [name]: { expected: cryptoOf(9).identity } });
      passAll(of);
      expect(refusals(of[name].effects)).toEqual(["wrong identity"]);
      expect(isOpen(of)).toBe(false);
      const right = rig({ [name]: { expected: cryptoOf(name === "client" ? 2 : 1).identity } });
      passAll(right);
      expect(isOpen(right)).toBe(true);
    }
  });

  test("to two kiosks: nobody has a link to itself [I12]", () => {
    const of = rig({ identities: [1, 1] });
    passAll(of);
    expect(refusals(of.client.effects)).toEqual(["own identity"]);
  });

  test("to the one that has the session: a renewal is no way in for somebody else [I12]", () => {
    const of = opened();
    const thief = rig({ identities: [3, 2], seed: 9 });
    of.now = 20_000;
    // Who knows the secret and sits on the link, but is not the peer.
    hear(of, "server", thief.air.splice(0)[0].packet);
    hear(thief, "client", of.air.splice(0)[0].packet);
    expect(refusals(hear(of, "server", thief.air[0].packet))).toEqual(["other identity"]);
    expect(of.server.link.current?.peer).toEqual(of.client.ports.identity);
  });

  test("to the key that it names: a signature by another does not hold [I12]", () => {
    const honest = rig();
    const liar = { ...cryptoOf(3), identity: cryptoOf(1).identity };
    const of: Rig = { ...honest, client: { ...honest.client, ports: liar } };
    passAll(of);
    expect(refusals(of.server.effects)).toEqual(["bad signature"]);
    // What it said has moved nothing: said again, it is looked at again.
    const third = of.overheard.at(-1)?.packet as Uint8Array;
    expect(refusals(hear(of, "server", third))).toEqual(["bad signature"]);
    expect(of.server.link.current).toBeUndefined();
  });

  test("to this attempt: a signature that a kiosk gave in another one does not hold [I12]", () => {
    // A member of the table lets a kiosk introduce itself, and says the same elsewhere.
    const own = rig({ identities: [1, 3], seed: 30 });
    const given: Uint8Array[] = [];
    const sign = (signed: Uint8Array): Uint8Array => {
      given.push(own.client.ports.sign(signed));
      return given[0];
    };
    const victim: Rig = { ...own, client: { ...own.client, ports: { ...own.client.ports, sign } } };
    passAll(victim);
    expect([isOpen(victim), given.length]).toEqual([true, 1]);
    const of = rig({ identities: [1, 2] });
    const thief: Rig = { ...of, client: { ...of.client, ports: { ...of.client.ports, sign: () => given[0] } } };
    passAll(thief);
    expect(refusals(thief.server.effects)).toEqual(["bad signature"]);
  });

  test("to who says it of itself: an introduction fits one end, one version, one key, one transcript [I12]", () => {
    const [ports, meeting] = [cryptoOf(1), cryptoOf(2)];
    const transcript = seedOf(7);
    const said = introduce("responder", VERSION, transcript, ports);
    expect(meet(said, "responder", VERSION, transcript, meeting)).toMatchObject({ ok: true, peer: ports.identity });
    expect(meet(said, "initiator", VERSION, transcript, meeting)).toEqual({ ok: false, why: "bad signature" });
    expect(meet(said, "responder", VERSION, seedOf(8), meeting)).toEqual({ ok: false, why: "bad signature" });
    for (let at = 0; at < said.length; at++) {
      const changed = said.slice();
      changed[at] ^= 1;
      expect(meet(changed, "responder", VERSION, transcript, meeting), `byte ${at}`).toMatchObject({ ok: false });
      const cut = meet(said.subarray(0, at), "responder", VERSION, transcript, meeting);
      expect(cut).toEqual({ ok: false, why: "introduction broken" });
    }
  });

  test("to one major version", () => {
    const of = rig({ server: { version: { ...VERSION, major: VERSION.major + 1 } } });
    passAll(of);
    expect(refusals(of.client.effects)).toEqual(["other version"]);
  });

  test("and both learn what both can do", () => {
    const of = opened({ server: { version: { ...VERSION, features: 6 } } });
    expect([of.client.link.current?.version.features, of.server.link.current?.version.features]).toEqual([4, 4]);
  });
});

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

describe("work and memory are bounded", () => {
  test("a server answers few beginnings at once, and one more in a while [F09]", () => {
    const of = rig({ isSecret: false });
    of.air.splice(0);
    let answered = 0;
    for (let i = 0; i < 100; i++) {
      const first = encode(HandshakeFrame, {
        type: "first",
        session: 0,
        suite: SUITES.open,
        noise: halves(seedOf(i + 1)).public,
      });
      const done = hear(of, "server", first);
      if (kinds(done).includes("transmit")) answered += 1;
      else expect(refusals(done)).toEqual(["too many handshakes"]);
    }
    expect(answered).toBe(HANDSHAKES_BURST_MAX);
    of.now += HANDSHAKE_REFILL_MS;
    const again = encode(HandshakeFrame, {
      type: "first",
      session: 0,
      suite: SUITES.open,
      noise: halves(seedOf(200)).public,
    });
    expect(kinds(hear(of, "server", again))).toContain("transmit");
  });

  test("who does not know the secret uses up nothing of that", () => {
    const of = rig();
    for (let i = 0; i < 100; i++) {
      const noise = bytes(...halves(seedOf(i + 1)).public, ...new Uint8Array(16));
      const first = encode(HandshakeFrame, { type: "first", session: 0, suite: SUITES.table, noise });
      expect(refusals(hear(of, "server", first))).toEqual(["other secret"]);
    }
    passAll(of);
    expect(isOpen(of)).toBe(true);
  });

  test("what is repeated is answered again a few times, and no more", () => {
    const of = opened();
    const third = of.overheard[2].packet;
    const answers = (packet: Uint8Array, name: Name): number =>
      Array.from({ length: 20 }, () => hear(of, name, packet))
        .flat()
        .filter(({ type }) => type === "transmit").length;
    expect(answers(third, "server")).toBe(HANDSHAKE_ANSWERS_MAX - 1);
    const half = upTo(1);
    const again = Array.from({ length: 20 }, () => hear(half, "server", half.overheard[0].packet)).flat();
    expect(again.filter(({ type }) => type === "transmit")).toHaveLength(HANDSHAKE_ANSWERS_MAX);
  });

  test("a first message that carries something is refused", () => {
    const of = rig({ isSecret: false });
    const noise = bytes(...halves(seedOf(3)).public, 1);
    const first = encode(HandshakeFrame, { type: "first", session: 0, suite: SUITES.open, noise });
    expect(refusals(hear(of, "server", first))).toEqual(["layout broken"]);
  });

  test("a handshake bears few wrong messages, and then none, until it is given up", () => {
    const of = upTo(1);
    const wrong = of.air.splice(0)[0].packet.slice();
    wrong[wrong.length - 1] ^= 1;
    const whys = Array.from({ length: 12 }, () => refusals(hear(of, "client", wrong))[0]);
    expect(whys).toEqual(whys.map((_, at) => (at < HANDSHAKE_FAULTS_MAX ? "does not open" : "too many faults")));
    wait(of, 30_000);
    expect(isOpen(of)).toBe(true);
  });

  test("what a link keeps does not grow, whatever is thrown at it", () => {
    const of = opened();
    const size = (): number =>
      JSON.stringify(of.server.link, (_, value) => (value instanceof Uint8Array ? [...value] : value)).length;
    const before = size();
    for (let i = 0; i < 2_000; i++) {
      const packet = new Uint8Array(i % 3 === 0 ? 144 : i % 300).fill(i);
      packet[0] = 0x61 + (i % 200);
      hear(of, "server", packet);
      if (i % 50 === 0) of.now += 1_000;
    }
    expect(size()).toBeLessThan(before + 2_000);
    of.air.splice(0);
    say(of, "client", bytes(1));
    passAll(of);
    expect(heardBy(of, "server")).toEqual([bytes(1)]);
  });

  test("what waits for a session is bounded, and told when it is not sent", () => {
    const of = rig();
    of.air.splice(0);
    const full = Array.from({ length: 20 }, (_, i) => say(of, "server", bytes(i))).flat();
    expect(full.filter(({ type }) => type === "unsent")).toHaveLength(4);
    wait(of, HANDSHAKE_TIMEOUT_MS, () => false);
    const told = of.server.effects.filter((effect) => effect.type === "unsent" && effect.why === "no session");
    expect(told).toHaveLength(16);
    expect(tell(of, "server", { type: "send", kind: "message", class: 0, body: new Uint8Array(4097) })).toMatchObject([
      { type: "unsent", why: "too long" },
    ]);
  });
});
