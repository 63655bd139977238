import { describe, expect, test } from "vitest";
import { HandshakeFrame, SUITES } from "../../../host/secure/frames.ts";
import { HANDSHAKE_TIMEOUT_MS } from "../../../host/secure/limits.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import {
  bytes,
  hear,
  heardBy,
  isOpen,
  opened,
  other,
  PROLOGUE,
  pass,
  passAll,
  refusals,
  rig,
  SECRET,
  say,
  TABLE,
  upTo,
  VERSION,
  wait,
} from "./rig.ts";

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
