import { describe, expect, test } from "vitest";
import { HIGH, NORMAL } from "../../../protocol/core/packet-class.ts";
import { advert, bytes, client, linked, server } from "./ready.ts";
import { advance, breakLink, command, connect, did, feedModem, peer, say, told, VOTE } from "./rig.ts";

describe("a link", () => {
  test("of a server that nobody keeps is gone after 5 s, and counted", () => {
    const made = server();
    connect(made, 1, peer(1));
    advance(made, 4900);
    expect(told(made, "linkDown")).toEqual([]);
    advance(made, 200);
    expect(told(made, "linkDown")).toMatchObject([{ reason: "notKept" }]);
    expect(did(made, "disconnect")).toMatchObject([{ handle: 1 }]);
    expect(made.modem.counters.linksNotKept).toBe(1);
  });

  test("that the host keeps stays", () => {
    const made = server();
    linked(made);
    advance(made, 20_000);
    expect(told(made, "linkDown")).toEqual([]);
  });

  test("has a generation that no later one has, though the stack uses its handle again", () => {
    const made = server();
    const first = linked(made);
    breakLink(made, 1);
    const second = linked(made);
    expect(second.link).not.toBe(first.link);
    command(made, { type: "send", link: first.link, class: VOTE, token: 5, packet: bytes(9) });
    command(made, { type: "disconnect", link: first.link });
    advance(made, 50);
    expect(told(made, "dropped")).toEqual([{ type: "dropped", token: 5, reason: "noLink" }]);
    expect(made.modem.links).toHaveLength(1);
    expect(made.modem.counters.commandsStale).toBe(2);
  });

  test("is refused beyond the board's number, without a host, and of a peer that is linked", () => {
    const made = server({ facts: { links: 1, linksAsServer: 1, linksAsClient: 1 } });
    linked(made);
    connect(made, 2, peer(2));
    expect(made.modem.counters.linksRefused).toBe(1);
    const two = server();
    linked(two);
    connect(two, 5, peer(1));
    expect(two.modem.counters.linksRefused).toBe(1);
    two.hostOn = false;
    advance(two, 3000);
    connect(two, 6, peer(6));
    expect(two.modem.links).toEqual([]);
    expect(two.modem.counters.linksRefused).toBe(2);
  });

  test("that the stack does not end is asked for again, and at last the board restarts", () => {
    const made = server();
    feedModem(made, { type: "connected", handle: 4, role: "server", peer: peer(1) });
    advance(made, 14_900);
    expect(did(made, "disconnect")).toHaveLength(2);
    advance(made, 5200);
    expect(did(made, "restart")).toMatchObject([{ why: "a connection could not be ended" }]);
  });
});

describe("a client", () => {
  test("connects only where the host orders it", () => {
    const made = client();
    connect(made, 1, peer(1), "client");
    expect(made.modem.links).toEqual([]);
    command(made, { type: "connect", to: peer(2) });
    advance(made, 20);
    expect(did(made, "connect")).toMatchObject([{ to: peer(2) }]);
    connect(made, 2, peer(2), "client");
    advance(made, 10_000);
    expect(told(made, "linkUp")).toMatchObject([{ role: "client", peer: peer(2) }]);
    expect(made.modem.links).toHaveLength(1);
  });

  test("scans again after a connection ended its scan", () => {
    const made = client();
    command(made, { type: "scan", on: true, intervalMs: 100, windowMs: 20 });
    command(made, { type: "connect", to: peer(2) });
    advance(made, 20);
    feedModem(made, { type: "connectFailed" });
    advance(made, 20);
    expect(did(made, "scan")).toHaveLength(2);
    expect(told(made, "notConnected")).toMatchObject([{ to: peer(2), why: "failed" }]);
  });

  test("without a cancel restarts 5 s after it was told to, unless the attempt ends by itself", () => {
    const ends = client();
    command(ends, { type: "connect", to: peer(2) });
    command(ends, { type: "cancel" });
    advance(ends, 100);
    connect(ends, 1, peer(2), "client");
    advance(ends, 10_000);
    expect(ends.modem.links).toEqual([]);
    expect(did(ends, "restart")).toEqual([]);
    const hangs = client();
    command(hangs, { type: "connect", to: peer(2) });
    command(hangs, { type: "cancel" });
    advance(hangs, 4900);
    expect(did(hangs, "cancelConnect")).toEqual([]);
    expect(did(hangs, "restart")).toEqual([]);
    advance(hangs, 200);
    expect(did(hangs, "restart")).toMatchObject([{ why: "a connection could not be cancelled" }]);
  });

  test("with a cancel uses it", () => {
    const made = client({ facts: { natives: { deepSleep: 0, cancel: 1, parameters: 0, crc: 0 } } });
    command(made, { type: "connect", to: peer(2) });
    command(made, { type: "cancel" });
    advance(made, 20);
    expect(did(made, "cancelConnect")).toHaveLength(1);
    feedModem(made, { type: "connectFailed" });
    command(made, { type: "connect", to: peer(3) });
    advance(made, 6000);
    expect(did(made, "connect")).toHaveLength(2);
    expect(did(made, "restart")).toEqual([]);
  });
});

describe("a stack that links more as a client than as a server", () => {
  test("advertises again once its only link as a server is gone, and not before", () => {
    const made = server({ facts: { links: 2, linksAsServer: 1, linksAsClient: 2 } });
    command(made, { type: "advertise", on: true, intervalMs: 100, advert });
    advance(made, 50);
    linked(made);
    advance(made, 1000);
    expect(did(made, "advertise")).toHaveLength(1);
    connect(made, 2, peer(2));
    advance(made, 50);
    expect(made.modem.counters.linksRefused).toBe(1);
    breakLink(made, 1);
    advance(made, 50);
    expect(did(made, "advertise")).toHaveLength(2);
  });
});

describe("a packet", () => {
  test("is sent when the neighbour's host has it, and not before ours says so", () => {
    const made = server();
    const { link } = linked(made);
    const [neighbour] = made.neighbours.values();
    command(made, { type: "send", link, class: VOTE, token: 77, packet: bytes(1000) });
    say(made, neighbour!, HIGH, bytes(1000, 9));
    made.hostOn = false;
    advance(made, 1000);
    expect(neighbour!.settled).toEqual([]);
    made.hostOn = true;
    advance(made, 1000);
    expect(told(made, "received")).toMatchObject([{ link, class: HIGH, packet: bytes(1000, 9) }]);
    expect(neighbour!.settled).toMatchObject([{ type: "settled", outcome: { type: "sent" } }]);
    expect(told(made, "sent")).toMatchObject([{ token: 77 }]);
  });

  test("of a link that goes is unknown if it had begun, dropped if not", () => {
    const made = server();
    const { link } = linked(made);
    for (let token = 1; token <= 3; token++) {
      command(made, { type: "send", link, class: HIGH, token, packet: bytes(4000) });
    }
    advance(made, 200);
    breakLink(made, 1);
    advance(made, 100);
    expect(told(made, "unknown")).toMatchObject([{ token: 1 }]);
    expect(told(made, "dropped")).toMatchObject([
      { token: 2, reason: "noLink" },
      { token: 3, reason: "noLink" },
    ]);
    expect(told(made, "linkDown")).toMatchObject([{ reason: "supervision" }]);
  });

  test("finds a full outbox: the host is told which", () => {
    const made = server();
    const { link } = linked(made);
    for (let token = 1; token <= 6; token++) {
      command(made, { type: "send", link, class: NORMAL, token, packet: bytes(4000) });
    }
    advance(made, 300);
    expect(told(made, "dropped").map(({ reason }) => reason)).toContain("full");
  });
});
