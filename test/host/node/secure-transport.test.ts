import { expect, test } from "vitest";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { LINK_OPENS_WITHIN_MS } from "../../../host/node/limits.ts";
import { frameOf } from "../../../host/secure/frames.ts";
import { SESSION_IDLE_MS, SESSION_RENEW_MESSAGES } from "../../../host/secure/limits.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { chance, draw } from "../../../protocol/core/chance.ts";
import { Neighbours } from "./neighbours.ts";
import { radioOf, SecuredNeighbours } from "./secured-neighbours.ts";
import { SecuredPair } from "./secured-pair.ts";

const answersOf = (of: Neighbours, at: number): number =>
  of.kiosks[at]!.told.filter((effect: Effect) => effect.type === "answered").length;

function isSettled(of: Neighbours): boolean {
  const replicas = of.kiosks.flatMap(({ node }) => (node === undefined ? [] : [node.replica]));
  const isIdle = replicas.every(
    ({ pools, probing }) => probing === undefined && pools.every(({ waiting }) => waiting.length === 0),
  );
  return isIdle && new Set(replicas.map(({ executed }) => executed)).size === 1;
}

const linkCounts = (of: Neighbours): (number | undefined)[] => of.kiosks.map(({ node }) => node?.mesh.links.size);
const refusedOf = (of: SecuredNeighbours): SecuredNeighbours["tallies"][number]["refused"][] =>
  of.tallies.map(({ refused }) => refused);

/** Until all links that there are to be are there, and those who have any know what was signed in their names. */
async function linked(of: SecuredNeighbours, counts = [3, 3, 3, 3]): Promise<void> {
  const isReady = (at: number): boolean => counts[at] === 0 || of.kiosks[at]!.node?.replica.probing === undefined;
  const isDone = (): boolean => linkCounts(of).join() === counts.join() && counts.every((_, at) => isReady(at));
  expect(await of.run(15_000, isDone)).toBe(true);
}

const contains = (packets: readonly Uint8Array[], sought: Uint8Array): boolean =>
  packets.some((packet) => Buffer.from(packet).includes(Buffer.from(sought)));

const SAID = "a word that nobody else says";

test("whoever hears all that flies between four kiosks finds nothing of what they say, and every packet is a handshake's or a record [F09] [I12]", async () => {
  const of = new SecuredNeighbours(4, {}, "real");
  const flown: Uint8Array[] = [];
  of.carry = ({ bytes }) => flown.push(bytes.slice()) > 0;
  await of.startAll();
  await linked(of);
  for (let i = 0; i < 8; i++) of.submit(i % 4, `k${i}`, SAID);
  expect(await of.run(5000, () => isSettled(of) && answersOf(of, 3) === 2)).toBe(true);
  expect(flown.length).toBeGreaterThan(60);
  for (const packet of flown) expect(["handshake", "record"]).toContain(frameOf(packet).type);
  // It is there to be found before it is sealed, and it flies all the same.
  const words = utf8Encode(SAID);
  expect(contains(of.given, words)).toBe(true);
  expect(contains(flown, words)).toBe(false);
  for (const given of of.given) {
    expect(contains(flown, given.subarray(0, 16))).toBe(false);
    expect(contains(flown, given.subarray(given.length - 16))).toBe(false);
  }
  for (const { key } of of.kiosks) expect(contains(flown, key)).toBe(false);
  expect(refusedOf(of)).toEqual([{}, {}, {}, {}]);
  // Without sessions the same words are heard.
  const plain = new Neighbours(4);
  const heard: Uint8Array[] = [];
  plain.carry = ({ bytes }) => heard.push(bytes.slice()) > 0;
  await plain.startAll();
  await plain.run(200);
  plain.submit(0, "k", SAID);
  await plain.run(500);
  expect(contains(heard, words)).toBe(true);
});

test("a link is told to the loop when a session is there, and not before [I12]", async () => {
  const of = new SecuredNeighbours(4);
  let isOpen = false;
  of.carry = () => isOpen;
  await of.startAll();
  await of.run(5000);
  expect(linkCounts(of)).toEqual([0, 0, 0, 0]);
  expect(of.given).toEqual([]);
  isOpen = true;
  await linked(of);
  expect(of.tallies.map(({ opened, renewed }) => opened - renewed)).toEqual([3, 3, 3, 3]);
});

test("an envelope in the clear is refused by name before, in and after a handshake, reaches no loop, and its link pays [F09]", async () => {
  const sealed: Uint8Array[] = [];
  const plain = new Neighbours(4);
  plain.carry = ({ from, bytes }) => {
    if (from === 3) sealed.push(bytes.slice());
    return true;
  };
  await plain.startAll();
  await plain.run(500);
  const of = new SecuredNeighbours(4);
  let isOpen = false;
  of.carry = () => isOpen;
  await of.startAll();
  await of.run(10);
  of.inject(0, 3, sealed[0]!);
  isOpen = true;
  await linked(of);
  // This one is no message of anybody's: a loop that heard it would say so.
  of.inject(0, 3, Uint8Array.of(0x05, 0));
  await of.run(10);
  expect(of.tallies[0]!.refused).toEqual({ plaintext: 2 });
  expect(linkCounts(of)).toEqual([3, 3, 3, 3]);
  expect(of.kiosks[0]!.node!.refused).toEqual({});
  // Two more and whoever writes them has no link, for a while.
  of.inject(0, 3, sealed[1]!);
  of.inject(0, 3, sealed[2]!);
  await of.run(10);
  expect(linkCounts(of)).toEqual([2, 3, 3, 2]);
  expect(of.tallies[0]).toMatchObject({ dropped: 1, refused: { banned: 1 } });
  for (let i = 0; i < 8; i++) of.submit(i % 4, "k", `${i}`);
  expect(await of.run(20_000, () => isSettled(of) && answersOf(of, 3) === 2 && answersOf(of, 0) === 2)).toBe(true);
  expect(linkCounts(of)).toEqual([2, 3, 3, 2]);
});

test("a kiosk that was restarted shakes hands anew with each neighbour, and the table goes on [I12]", async () => {
  const of = new SecuredNeighbours(4, {}, "real");
  await of.startAll();
  await linked(of);
  for (let life = 1; life <= 3; life++) {
    of.submit(0, "k", `${life}`);
    expect(await of.run(5000, () => isSettled(of))).toBe(true);
    await of.kill(2);
    expect(linkCounts(of)).toEqual([2, 2, undefined, 2]);
    of.submit(1, "k", `${life} without it`);
    expect(await of.run(20_000, () => isSettled(of) && answersOf(of, 1) === life)).toBe(true);
    await of.start(2);
    await linked(of);
    expect(of.tallies[2]!.opened).toBe(3);
    expect(of.tallies.map(({ opened }) => opened)).toEqual([3 + life, 3 + life, 3, 3 + life]);
    of.submit(2, "k", `${life} again`);
    expect(await of.run(20_000, () => isSettled(of) && answersOf(of, 2) === life)).toBe(true);
  }
  const states = of.kiosks.map(({ node }) => node!.replica.state);
  for (const state of states) expect(state).toEqual(states[0]);
  // But what was under way to one who was gone.
  for (const { "no link": _, ...refused } of refusedOf(of)) expect(refused).toEqual({});
});

test("a kiosk that does not know the table's secret gets no link, learns no identity, and stops nobody [F09] [I12]", async () => {
  const of = new SecuredNeighbours(4);
  of.secrets[1] = new Uint8Array(32).map((_, at) => 7 * at + 1);
  const said: Uint8Array[] = [];
  of.carry = ({ to, bytes }) => to !== 1 || said.push(bytes.slice()) > 0;
  await of.startAll();
  await linked(of, [2, 0, 2, 2]);
  for (let i = 0; i < 4; i++) of.submit([0, 2, 3][i % 3]!, "k", `${i}`);
  expect(await of.run(20_000, () => answersOf(of, 3) === 1)).toBe(true);
  expect(linkCounts(of)).toEqual([2, 0, 2, 2]);
  expect(of.kiosks[1]!.node!.replica.executed).toBe(0);
  expect(of.tallies[1]!.opened).toBe(0);
  // Those whom it calls never answer: they say nothing to it at all, but a first message that shows nothing.
  const types = new Set(said.map((packet) => packet[0]));
  expect([...types]).toEqual([0x61]);
  for (const each of [2, 3]) expect(of.tallies[each]!.refused["other secret"]).toBeGreaterThan(0);
  // And it does not keep a radio to itself.
  await of.run(3 * LINK_OPENS_WITHIN_MS);
  for (const { refused } of of.tallies) expect(refused["no session in time"]).toBeGreaterThan(0);
});

test("whose key is not the one that the radios are for is no neighbour there [I12]", async () => {
  const of = new SecuredNeighbours(4);
  const { key } = of.kiosks[3]!;
  of.expected = (at, other) => (at === 0 && other === 1 ? key : of.kiosks[other]!.key);
  await of.startAll();
  await linked(of, [2, 2, 3, 3]);
  await of.run(5000);
  expect(linkCounts(of)).toEqual([2, 2, 3, 3]);
  expect(of.tallies[0]!.refused["wrong identity"]).toBeGreaterThan(0);
});

test("packets that come spoilt cost their link and no more: nothing of them is taken, and the table goes on without it", async () => {
  const of = new SecuredNeighbours(4);
  await of.startAll();
  await linked(of);
  const from = chance(3);
  of.carry = ({ from: sender, to, bytes }) => {
    if (sender === 3 && to === 0) bytes[Math.floor(draw(from) * bytes.length)]! ^= 1 << Math.floor(draw(from) * 8);
    return true;
  };
  for (let i = 0; i < 40; i++) of.submit(i % 4, "k", `${i}`);
  expect(await of.run(30_000, () => isSettled(of) && answersOf(of, 3) === 10 && answersOf(of, 0) === 10)).toBe(true);
  expect(linkCounts(of)).toEqual([2, 3, 3, 2]);
  expect(of.tallies[0]!.refused.banned).toBeGreaterThan(0);
  expect(of.tallies.map(({ dropped }) => dropped > 0)).toEqual([true, false, false, false]);
  expect(of.kiosks[0]!.node!.refused).toEqual({});
});

test("packets that are lost cost no link, and connections that end are there again with a new session", async () => {
  const of = new SecuredNeighbours(4);
  const from = chance(5);
  of.carry = () => draw(from) >= 0.1;
  await of.startAll();
  await linked(of);
  for (let i = 0; i < 80; i++) {
    of.submit(i % 4, "k", `${i}`);
    await of.run(100);
    if (i % 10 === 9) of.cut(i % 3, 3);
  }
  expect(await of.run(60_000, () => isSettled(of) && of.kiosks.every((_, at) => answersOf(of, at) === 20))).toBe(true);
  await linked(of);
  // Only a handshake that was lost three times, which is begun anew over another connection.
  const timesUp = of.tallies.map(({ refused }) => refused["no session in time"] ?? 0);
  expect(of.tallies.map(({ dropped }) => dropped)).toEqual(timesUp);
  expect(Math.max(...timesUp)).toBeLessThanOrEqual(1);
  expect(of.tallies[3]!.opened).toBeGreaterThan(9);
  const whys = new Set(refusedOf(of).flatMap((refused) => Object.keys(refused)));
  for (const why of whys) {
    expect(["no session", "unexpected", "no link", "too late", "no session in time", "does not open"]).toContain(why);
  }
});

test("sessions follow one another while the table plays, and nothing is lost from one to the next [I12]", async () => {
  const of = new SecuredNeighbours(4);
  let packets = 0;
  of.carry = () => ++packets > 0;
  await of.startAll();
  await linked(of);
  for (let i = 0; packets < 12 * 2 * SESSION_RENEW_MESSAGES; i++) {
    of.submit(i % 4, "k", `${i}`);
    await of.run(120);
  }
  expect(await of.run(30_000, () => isSettled(of))).toBe(true);
  for (const { renewed, unsent, dropped, refused } of of.tallies) {
    expect(renewed).toBeGreaterThan(0);
    expect([unsent, dropped, refused]).toEqual([0, 0, {}]);
  }
});

test("a link is told with the key that its session proved; a handshake that came over another radio opens none [I12]", () => {
  const direct = new SecuredPair();
  direct.connect();
  direct.run(10);
  expect(direct.told).toEqual([[direct.keys[1]], [direct.keys[0]]]);
  const relayed = new SecuredPair();
  relayed.seenAs = radioOf(66, 1);
  relayed.connect();
  relayed.run(LINK_OPENS_WITHIN_MS);
  expect(relayed.told).toEqual([[], []]);
  expect(relayed.tallies[1]!.refused["other secret"]).toBeGreaterThan(0);
  expect(relayed.dropped).toEqual([1, 1]);
});

test("a link on which nobody spoke for long is still a link: whoever speaks next begins another session [I12]", () => {
  const of = new SecuredPair();
  of.connect();
  of.run(10);
  for (const [round, from] of [0, 1].entries()) {
    of.run(2 * SESSION_IDLE_MS);
    expect(of.told).toEqual([[of.keys[1]], [of.keys[0]]]);
    of.say(from, utf8Encode(`round ${round}`));
    of.run(1000);
    expect(of.heard[1 - from]!.map((packet) => Buffer.from(packet).toString())).toEqual([`round ${round}`]);
    expect(of.tallies.map(({ opened, renewed, dropped }) => [opened, renewed, dropped])).toEqual([
      [round + 2, 0, 0],
      [round + 2, 0, 0],
    ]);
  }
});

test("who connects and says nothing does not keep the radio, and is banned when it does so again and again [F09]", () => {
  const of = new SecuredPair();
  for (let visit = 1; visit <= 3; visit++) {
    of.knock();
    of.run(LINK_OPENS_WITHIN_MS - 1);
    expect(of.dropped[1]).toBe(visit - 1);
    of.run(1);
    expect(of.dropped[1]).toBe(visit);
    expect(of.tallies[1]!.refused["no session in time"]).toBe(visit);
    of.run(30_000);
  }
  of.knock();
  expect(of.dropped[1]).toBe(4);
  expect(of.tallies[1]!.refused.banned).toBe(1);
  // It told nobody of a link.
  expect(of.told[1]).toEqual([]);
});

test("what is closed wipes its links and tells nobody more", () => {
  const of = new SecuredPair();
  of.connect();
  of.run(10);
  of.ends[0]!.close();
  expect(of.told).toEqual([[of.keys[1], false], [of.keys[0]]]);
  of.say(0, utf8Encode("too late"));
  of.run(30_000);
  expect(of.heard[1]).toEqual([]);
  expect(of.dropped).toEqual([0, 0]);
});
