import { describe, expect, test } from "vitest";
import { bar } from "../../../firmware-js/modem/barred.ts";
import { type PeerKey, peerKey } from "../../../firmware-js/modem/facts.ts";
import { PEER_BARRED_MS, VALUES_BURST } from "../../../firmware-js/modem/limits.ts";
import {
  isBarredHere,
  onFault,
  onGood,
  pardon,
  peerOf,
  peers,
  putBack,
  takePeer,
} from "../../../firmware-js/modem/peers.ts";
import { chance, draw } from "../../../protocol/core/chance.ts";
import { RADIO_PEERS_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import {
  advance,
  breakLink,
  command,
  connect,
  did,
  feedModem,
  peer,
  type Rig,
  readyRig,
  serviceData,
  told,
} from "./rig.ts";

const key = (number: number): PeerKey => peerKey(peer(number));
const junk = Uint8Array.of(0xff, 1, 2);
/** An acknowledgement of nothing: harmless, and good. */
const good = Uint8Array.of(3, 0, 0);
/** A packet in one value, the first of its link: whoever is linked has it delivered. */
const whole = (sequence: number): Uint8Array => Uint8Array.of(1, sequence, 0, 0, sequence, 7, 7);
const server = (): Rig => readyRig("server", { chance: chance(1) });

function linked(made: Rig, number = 1) {
  const neighbour = connect(made, number, peer(number));
  advance(made, 50);
  command(made, { type: "keep", link: told(made, "linkUp").at(-1)!.link });
  advance(made, 50);
  return neighbour;
}

function value(made: Rig, handle: number, bytes: Uint8Array): void {
  feedModem(made, { type: "value", handle, bytes });
}

describe("a peer's numbers", () => {
  test("each violation bumps one counter, and a good value the messages [E01]", () => {
    const made = server();
    linked(made);
    const { peer: stranger } = made.modem.links[0]!;
    expect(stranger.deeds).toBeUndefined();
    value(made, 1, junk);
    expect(stranger.seenAt).toBe(made.now);
    const first = { messages: 0, timing: 0, contradictions: 0, malformed: 1, consecutive: 1, faultAt: made.now };
    expect(stranger.deeds).toMatchObject(first);
    value(made, 1, good);
    expect(stranger.deeds).toMatchObject({ messages: 1, malformed: 1, timing: 0, consecutive: 0 });
    command(made, { type: "bar", peer: peer(1), seconds: 1 });
    advance(made, 20);
    expect(made.modem.peers.entries[0]!.deeds).toMatchObject({ contradictions: 1, malformed: 1 });
  });

  test("more values than its intervals allow are timing violations and go no further [E01]", () => {
    const made = server();
    linked(made);
    const { peer: hasty } = made.modem.links[0]!;
    for (let i = 0; i < VALUES_BURST + 3; i++) value(made, 1, good);
    expect(hasty.deeds).toMatchObject({ messages: VALUES_BURST, timing: 3 });
    advance(made, 100);
    for (let i = 0; i < VALUES_BURST; i++) value(made, 1, good);
    expect(hasty.deeds?.timing).toBe(3);
  });

  test("go with it through a connection's end: reconnecting forgives nothing", () => {
    const made = server();
    linked(made);
    for (let i = 0; i < 4; i++) value(made, 1, junk);
    breakLink(made, 1);
    const again = linked(made);
    expect(made.modem.links).toHaveLength(1);
    value(made, again.handle, junk);
    expect(told(made, "linkDown")).toHaveLength(1);
    advance(made, 20);
    expect(told(made, "linkDown")).toMatchObject([{ reason: "supervision" }, { reason: "barred" }]);
  });
});

describe("five faults in a row", () => {
  test("bar the peer: its link is dropped, its connections and adverts die on the board, the host hears [E03]", () => {
    const made = server();
    linked(made);
    for (let i = 0; i < 4; i++) value(made, 1, junk);
    expect(made.modem.links).toHaveLength(1);
    value(made, 1, junk);
    expect(made.modem.links).toEqual([]);
    expect(did(made, "disconnect")).toMatchObject([{ handle: 1 }]);
    advance(made, 100);
    expect(told(made, "linkDown")).toMatchObject([{ reason: "barred" }]);
    expect(told(made, "fault")).toMatchObject([{ text: "a peer was barred: c0:00:00:00:00:01" }]);
    connect(made, 2, peer(1));
    expect(made.modem.links).toEqual([]);
    expect(made.modem.counters.connectionsBarred).toBe(1);
  });

  test("that a good value interrupts, or a minute, bar nobody [E03]", () => {
    const made = server();
    linked(made);
    for (let i = 0; i < 200; i++) {
      value(made, 1, i % 5 === 4 ? good : junk);
      advance(made, 10);
    }
    for (let i = 0; i < 20; i++) {
      value(made, 1, junk);
      advance(made, 60_000);
    }
    expect(made.modem.links).toHaveLength(1);
  });

  test("an honest peer with one bad value in a hundred is not barred in 10^6 [E03]", () => {
    const from = chance(1);
    const table = peers();
    const honest = takePeer(table, key(1), millis(0));
    let barred = 0;
    for (let i = 0; i < 1_000_000; i++) {
      if (draw(from) >= 0.01) onGood(honest, millis(i));
      else if (onFault(honest, "malformed", millis(i))) barred += 1;
    }
    expect(honest.deeds?.malformed).toBeGreaterThan(9000);
    expect(barred).toBe(0);
  });

  test("the bar ends with its time, or when the host says so", () => {
    const table = peers();
    for (const number of [1, 2]) {
      const bad = takePeer(table, key(number), millis(0));
      for (let i = 0; i < 5; i++) onFault(bad, "timing", millis(i));
      putBack(table, bad, millis(5));
    }
    expect(isBarredHere(table, key(1), millis(PEER_BARRED_MS))).toBe(true);
    expect(isBarredHere(table, key(1), millis(PEER_BARRED_MS + 5))).toBe(false);
    pardon(table, key(2));
    expect(isBarredHere(table, key(2), millis(10))).toBe(false);
  });
});

describe("a flood of strangers", () => {
  test("evicts neither a barred peer nor, while others have done nothing, one with faults [E02]", () => {
    const table = peers();
    const bad = takePeer(table, key(1), millis(0));
    for (let i = 0; i < 5; i++) onFault(bad, "malformed", millis(i));
    putBack(table, bad, millis(5));
    const suspect = takePeer(table, key(2), millis(6));
    onFault(suspect, "malformed", millis(6));
    putBack(table, suspect, millis(6));
    for (let i = 0; i < 20_000; i++) peerOf(table, key(100 + i), millis(10 + i));
    expect(table.entries).toHaveLength(RADIO_PEERS_MAX);
    expect(isBarredHere(table, key(1), millis(20_010))).toBe(true);
    expect(table.entries).toContain(suspect);
  });

  test("of barred ones finds the table full, and takes nobody's place [E02]", () => {
    const table = peers();
    for (let number = 0; number < 100; number++) {
      const bad = takePeer(table, key(number), millis(number));
      for (let i = 0; i < 5; i++) onFault(bad, "malformed", millis(number));
      putBack(table, bad, millis(number));
    }
    for (let number = 0; number < RADIO_PEERS_MAX; number++) {
      expect(isBarredHere(table, key(number), millis(100))).toBe(true);
    }
    expect(table.refused).toBe(100 - RADIO_PEERS_MAX);
  });

  test("that the radio bars leaves the host's own list alone [E02]", () => {
    const made = server();
    for (let number = 0; number < 100; number++) {
      connect(made, 1, peer(number));
      for (let i = 0; i < 5; i++) value(made, 1, junk);
      advance(made, 40);
    }
    command(made, { type: "bar", peer: peer(500), seconds: 100 });
    advance(made, 20);
    expect(made.modem.barred.entries).toHaveLength(1);
    expect(made.modem.counters.peersBarred).toBe(100);
  });

  test("of adverts reaches the host as twenty a second, one a peer", () => {
    const made = readyRig("client", { chance: chance(1) });
    for (let i = 0; i < 2000; i++) {
      feedModem(made, { type: "advert", peer: peer(i % 500), rssi: -60, serviceData: serviceData() });
      advance(made, 1);
    }
    advance(made, 100);
    expect(told(made, "discovered").length).toBeLessThanOrEqual(60);
    expect(told(made, "discovered").length).toBeGreaterThan(30);
    expect(made.modem.counters.advertsSuppressed).toBe(2000 - told(made, "discovered").length);
    const quiet = readyRig("client", { chance: chance(1) });
    for (let i = 0; i < 50; i++) {
      feedModem(quiet, { type: "advert", peer: peer(1), rssi: -60, serviceData: serviceData() });
      advance(quiet, 50);
    }
    expect(told(quiet, "discovered")).toHaveLength(3);
  });
});

describe("what the host bars", () => {
  test("dies on the board: its values, connections and adverts never reach the serial wire [E04]", () => {
    const made = server();
    linked(made);
    value(made, 1, whole(0));
    advance(made, 20);
    expect(told(made, "received")).toHaveLength(1);
    command(made, { type: "bar", peer: peer(1), seconds: 60 });
    advance(made, 20);
    expect(told(made, "linkDown")).toMatchObject([{ reason: "barred" }]);
    const told0 = made.reports.length;
    const { bytesOut } = made.modem.serial.counters;
    for (let i = 0; i < 20; i++) value(made, 1, whole(1 + i));
    advance(made, 200);
    for (let i = 0; i < 50; i++) {
      feedModem(made, { type: "connected", handle: 2, role: "server", peer: peer(1) });
      feedModem(made, { type: "advert", peer: peer(1), rssi: -60, serviceData: serviceData() });
    }
    expect(made.reports).toHaveLength(told0);
    expect(made.modem.serial.counters.bytesOut - bytesOut).toBeLessThan(40);
    expect(made.modem.counters).toMatchObject({ connectionsBarred: 50, advertsBarred: 50 });
    expect(made.modem.counters.airStale).toBe(20);
  });

  test("is still barred after the host starts over, until it says otherwise [E04]", () => {
    const made = server();
    bar(made.modem.barred, key(1), 100, made.now);
    feedModem(made, { type: "connected", handle: 2, role: "server", peer: peer(1) });
    expect(made.modem.counters.connectionsBarred).toBe(1);
    command(made, { type: "unbar", peer: peer(1) });
    advance(made, 20);
    connect(made, 3, peer(1));
    expect(made.modem.links).toHaveLength(1);
  });
});

describe("nobody else is blamed", () => {
  test("malformed values are charged to the link that brought them, whoever they speak of [E12]", () => {
    const made = server();
    linked(made, 1);
    linked(made, 2);
    const [framer, victim] = made.modem.links;
    const before = structuredClone(victim!.peer);
    for (let i = 0; i < 4; i++) value(made, 1, junk);
    expect(framer!.peer.deeds?.malformed).toBe(4);
    expect(victim!.peer).toEqual(before);
    value(made, 1, junk);
    expect(made.modem.links).toEqual([victim]);
  });

  test("nor an advert's address: bad adverts in its name cost a peer nothing [E12]", () => {
    const made = readyRig("client", { chance: chance(1) });
    for (let i = 0; i < 100; i++) {
      feedModem(made, { type: "advert", peer: peer(1), rssi: -60, serviceData: junk });
    }
    expect(made.modem.counters.advertsMalformed).toBe(100);
    feedModem(made, { type: "advert", peer: peer(1), rssi: -60, serviceData: serviceData() });
    advance(made, 20);
    expect(told(made, "discovered")).toHaveLength(1);
    expect(made.modem.peers.entries.map(({ deeds }) => deeds)).toEqual([undefined]);
  });
});
