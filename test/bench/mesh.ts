/** What the mesh adds: bytes and time for each vote that goes on, what an idle link carries, and how fast eight kiosks three links
 * apart hear each other. Real digests where time is measured; a vote is as long as one with its signature is. */

import { boards } from "../../hardware/boards/boards.ts";
import { sha256 } from "../../host/crypto/sha256.ts";
import type { MeshEffect, MeshPorts } from "../../host/mesh/events.ts";
import { step } from "../../host/mesh/mesh.ts";
import { type Mesh, mesh } from "../../host/mesh/state.ts";
import { plan } from "../../host/mesh/topology/plan.ts";
import { CRITICAL } from "../../protocol/core/packet-class.ts";
import { millis } from "../../protocol/core/units.ts";
import { judge, type Letter, ports as letterPorts, nameOf, seal, VOTE_BODY_SIZE } from "../host/mesh/letters.ts";
import { at, connect, runUntil, STOCK, say, type World, world } from "../host/mesh/world.ts";
import { median, type Row } from "./bench.ts";

const WARM_UP_MS = 15_000;
const IDLE_MS = 60_000;
const VOTES = 400;
const VOTE_EVERY_MS = 50;
/** An idle link's bound, in bytes a second. */
const IDLE_BYTES = 512;
/** Votes that one relay is timed with. */
const RELAYED = 4_000;

type Pairs = readonly (readonly [number, number])[];

const CUBE: Pairs = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((here) =>
  [1, 2, 4].filter((bit) => (here & bit) === 0).map((bit) => [here, here | bit] as const),
);
const whole = (count: number): Pairs =>
  [...Array(count * count).keys()]
    .map((i) => [i % count, Math.floor(i / count)] as const)
    .filter(([left, right]) => left < right);
const ring = (count: number): Pairs => [...Array(count).keys()].map((i) => [i, (i + 1) % count] as const);
/** Ten kiosks with three ESP32 each. */
const planned = (): Pairs => {
  const { ble } = boards.esp32;
  const { links } = plan([...Array(10)].map(() => ({ radios: [ble, ble, ble] })));
  return links.map(({ client, server }) => [client.kiosk, server.kiosk] as const);
};

export function bench(): Row[] {
  const tables: readonly (readonly [string, number, Pairs])[] = [
    ["ring-4", 4, ring(4)],
    ["ring-10", 10, ring(10)],
    ["whole-7", 7, whole(7)],
    ["planned-10", 10, planned()],
  ];
  return [...tables.flatMap(([name, count, pairs]) => overhead(name, count, pairs)), ...spread(), ...times()];
}

function laidOut(count: number, pairs: Pairs): World {
  const made = world(count, 1, STOCK);
  for (const [left, right] of pairs) connect(made, left, right);
  runUntil(made, WARM_UP_MS);
  return made;
}

function overhead(name: string, count: number, pairs: Pairs): Row[] {
  const made = laidOut(count, pairs);
  const before = carried(made);
  runUntil(made, made.now + IDLE_MS);
  const idle = (carried(made) - before) / (IDLE_MS / 1000);

  const from = made.now;
  const start = carried(made);
  for (let i = 0; i < VOTES; i++) at(made, from + i * VOTE_EVERY_MS, () => say(made, i % count));
  const forMs = VOTES * VOTE_EVERY_MS + 5_000;
  runUntil(made, from + forMs);
  const size = seal({ origin: 0, number: 0, packetClass: CRITICAL, body: new Uint8Array(VOTE_BODY_SIZE) }).length;
  const perVote = (carried(made) - start - (idle * forMs) / 1000) / VOTES / (count - 1);
  return [
    {
      metric: `idle-${name}`,
      value: idle / pairs.length,
      unit: "bytes/s a link",
      ...ratio(idle / pairs.length, IDLE_BYTES),
    },
    { metric: `vote-overhead-${name}`, value: perVote - size, unit: "bytes a kiosk", ...ratio(perVote, size) },
  ];
}

const ratio = (value: number, baseline: number) => ({ baseline, ratio: value / baseline });

const carried = ({ wires }: World): number => wires.reduce((sum, { ways }) => sum + ways[0].bytes + ways[1].bytes, 0);

function spread(): Row[] {
  const made = laidOut(8, CUBE);
  const said: { readonly key: string; readonly at: number }[] = [];
  for (let i = 0; i < VOTES; i++) {
    at(made, made.now + i * VOTE_EVERY_MS, () => {
      said.push({ key: say(made, i % 8), at: made.now });
    });
  }
  runUntil(made, made.now + VOTES * VOTE_EVERY_MS + 5_000);
  const ms = said.map(({ key, at }) =>
    Math.max(...made.kiosks.map(({ heard }) => (heard.get(key) ?? Number.NaN) - at)),
  );
  return [
    { metric: "propagation-8-kiosks-3-hops-median", value: median(ms), unit: "virtual ms" },
    {
      metric: "propagation-8-kiosks-3-hops-max",
      value: Math.max(...ms),
      unit: "virtual ms",
      ...ratio(Math.max(...ms), 500),
    },
  ];
}

/** One relay with three neighbours: a vote comes from one, goes to two, and comes again from one of them. */
function times(): Row[] {
  const ports: MeshPorts<Letter> = { hash: (bytes) => sha256(bytes), judge };
  const packets = [...Array(RELAYED).keys()].map((number) =>
    seal({ origin: 1, number, packetClass: CRITICAL, body: new Uint8Array(VOTE_BODY_SIZE) }),
  );
  const relay = (through: Mesh, first: number): { readonly relayUs: number; readonly repeatUs: number } => {
    const effects: MeshEffect<Letter>[] = [];
    let relayNs = 0n;
    let repeatNs = 0n;
    let nowMs = first * 40;
    for (const packet of packets) {
      nowMs += 40;
      const began = process.hrtime.bigint();
      step(through, { type: "received", at: millis(nowMs), link: 1, packet }, ports, effects);
      step(through, { type: "tick", at: millis(nowMs + 15) }, ports, effects);
      for (const effect of effects) {
        if (effect.type !== "send") continue;
        step(through, { type: "settled", at: millis(nowMs + 15), token: effect.token, outcome: "sent" }, ports, []);
      }
      const relayed = process.hrtime.bigint();
      effects.length = 0;
      step(through, { type: "received", at: millis(nowMs + 15), link: 2, packet }, ports, effects);
      const repeated = process.hrtime.bigint();
      effects.length = 0;
      relayNs += relayed - began;
      repeatNs += repeated - relayed;
    }
    return { relayUs: Number(relayNs) / RELAYED / 1000, repeatUs: Number(repeatNs) / RELAYED / 1000 };
  };
  const rounds = [0, 1, 2, 3, 4].map(() => {
    const through = mesh(nameOf(0), millis(0), 1);
    for (const other of [1, 2, 3]) {
      const linkUp = { type: "linkUp", at: millis(0), link: other, peer: nameOf(other), isStranger: false } as const;
      step(through, linkUp, letterPorts, []);
    }
    return relay(through, 0);
  });
  return [
    { metric: "relay-time", value: median(rounds.map(({ relayUs }) => relayUs)), unit: "us a vote, two copies" },
    { metric: "repeat-time", value: median(rounds.map(({ repeatUs }) => repeatUs)), unit: "us a vote seen before" },
  ];
}
