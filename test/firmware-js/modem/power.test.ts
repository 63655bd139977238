import { describe, expect, test } from "vitest";
import { LOW, NORMAL } from "../../../protocol/core/packet-class.ts";
import { advert, bytes, client, linked, server } from "./ready.ts";
import { advance, command, did, feedModem, told } from "./rig.ts";

describe("power", () => {
  test("five idle minutes bring Sleep, and submitting an operation ends it before the packet is judged [J04]", () => {
    const made = server();
    const { link } = linked(made);
    advance(made, 310_000);
    expect(made.modem.power.state).toBe("sleep");
    expect(told(made, "battery").at(-1)).toMatchObject({ state: "sleep" });
    command(made, { type: "send", link, class: LOW, token: 1, packet: bytes(9) });
    advance(made, 100);
    expect(told(made, "dropped")).toMatchObject([{ token: 1, reason: "power" }]);
    expect(made.modem.power.state).toBe("sleep");
    command(made, { type: "send", link, class: NORMAL, token: 2, packet: bytes(9) });
    advance(made, 500);
    expect(made.modem.power.state).toBe("active");
    expect(made.modem.outbox.power).toBe("active");
    expect(told(made, "sent")).toMatchObject([{ token: 2 }]);
  });

  test("the states thin out advertising and scanning, and ask for an interval where the board can [J01] [J02]", () => {
    const made = server({ facts: { natives: { deepSleep: 0, cancel: 0, parameters: 1, crc: 0 } } });
    command(made, { type: "advertise", on: true, intervalMs: 20, advert });
    advance(made, 20);
    linked(made);
    advance(made, 31_000);
    expect(did(made, "advertise").map(({ intervalMs }) => intervalMs)).toEqual([100, 100, 250]);
    expect(did(made, "requestParameters").map(({ intervalMs }) => intervalMs)).toEqual([20, 50]);
    const scanner = client();
    command(scanner, { type: "scan", on: true, intervalMs: 100, windowMs: 80 });
    advance(scanner, 31_000);
    expect(did(scanner, "scan").map(({ windowMs }) => windowMs)).toEqual([50, 20]);
  });

  test("an empty battery drops Low and nothing else [J03]", () => {
    const made = server();
    const { link } = linked(made);
    advance(made, 11_000);
    feedModem(made, { type: "battery", percent: 14 });
    command(made, { type: "send", link, class: LOW, token: 1, packet: bytes(9) });
    command(made, { type: "send", link, class: NORMAL, token: 2, packet: bytes(9) });
    advance(made, 500);
    expect(told(made, "battery").at(-1)).toMatchObject({ percent: 14, state: "lowPower" });
    expect(told(made, "dropped")).toMatchObject([{ token: 1, reason: "power" }]);
    expect(told(made, "sent")).toMatchObject([{ token: 2 }]);
  });

  test("what the host forces holds until it lets go [J05]", () => {
    const made = server();
    command(made, { type: "power", state: "lowPower" });
    advance(made, 60_000);
    expect(made.modem.power.state).toBe("lowPower");
    command(made, { type: "power", state: undefined });
    advance(made, 20_000);
    expect(made.modem.power.state).toBe("powerSaver");
  });
});
