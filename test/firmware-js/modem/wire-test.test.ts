import { describe, expect, test } from "vitest";
import { chance } from "../../../protocol/core/chance.ts";
import { advance, command, connect, did, feedHost, peer, readyRig, rig, told } from "./rig.ts";

const open = () => {
  const made = rig({ chance: chance(1) });
  advance(made, 100);
  expect(told(made, "hello")).toHaveLength(1);
  return made;
};

describe("what a host tests of its wire", () => {
  test("an echo comes back byte for byte, longer than any frame", () => {
    const made = open();
    const bytes = Uint8Array.from(Array(512).keys(), (n) => n & 0xff);
    command(made, { type: "echo", bytes });
    advance(made, 100);
    expect(told(made, "echo")).toEqual([{ type: "echo", bytes }]);
  });

  test("a host that asks for more echoes than it reads loses some by count, and nothing else", () => {
    const made = open();
    for (let i = 0; i < 60; i++) command(made, { type: "echo", bytes: new Uint8Array(512) });
    advance(made, 5000);
    const lost = made.modem.counters.echoesDropped;
    expect(told(made, "echo").length + lost).toBeLessThanOrEqual(60);
    expect(made.modem.counters.sessionsVoided).toBe(0);
    expect(made.modem.hosted).toBe(true);
  });
});

describe("another speed of the serial line", () => {
  test("begins a session of its own, and the links of the old one are gone", () => {
    const made = readyRig("server", { chance: chance(1) });
    connect(made, 1, peer(1), "server");
    advance(made, 100);
    expect(made.modem.links).toHaveLength(1);
    command(made, { type: "baud", baud: 1_000_000 });
    advance(made, 1000);
    expect(did(made, "baud")).toEqual([{ type: "baud", baud: 1_000_000 }]);
    expect(made.modem.links).toEqual([]);
    expect(made.modem.baud).toBe(1_000_000);
    expect(told(made, "hello")).toHaveLength(1);
    advance(made, 60_000);
    expect(made.modem.counters.ratesLeft).toBe(0);
  });

  test("that the board has not is refused", () => {
    const made = open();
    command(made, { type: "baud", baud: 921_600 });
    advance(made, 100);
    expect(told(made, "fault")).toMatchObject([{ text: "the board has no such rate" }]);
    expect(did(made, "baud")).toEqual([]);
  });

  test("is left when nobody opens a session at it, and after a host has gone; the first is never left", () => {
    const made = open();
    command(made, { type: "baud", baud: 1_000_000 });
    advance(made, 10);
    made.hostOn = false;
    advance(made, 2900);
    expect(made.modem.baud).toBe(1_000_000);
    advance(made, 3000);
    expect(did(made, "baud").map(({ baud }) => baud)).toEqual([1_000_000, 230_400]);
    advance(made, 60_000);
    expect(did(made, "baud")).toHaveLength(2);
    made.hostOn = true;
    feedHost(made, { type: "open", session: ++made.session });
    advance(made, 3000);
    expect(made.modem.hosted).toBe(true);
    command(made, { type: "baud", baud: 1_000_000 });
    advance(made, 20_000);
    expect(made.modem.baud).toBe(1_000_000);
    made.hostOn = false;
    advance(made, 6000);
    expect(made.modem.baud).toBe(230_400);
    expect(made.modem.counters.ratesLeft).toBe(2);
  });
});
