import { describe, expect, test } from "vitest";
import { HandshakeFrame, SUITES } from "../../../host/secure/frames.ts";
import {
  HANDSHAKE_ANSWERS_MAX,
  HANDSHAKE_FAULTS_MAX,
  HANDSHAKE_REFILL_MS,
  HANDSHAKE_TIMEOUT_MS,
  HANDSHAKES_BURST_MAX,
} from "../../../host/secure/limits.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import {
  bytes,
  halves,
  hear,
  heardBy,
  isOpen,
  kinds,
  type Name,
  opened,
  passAll,
  refusals,
  rig,
  say,
  seedOf,
  tell,
  upTo,
  wait,
} from "./rig.ts";

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
