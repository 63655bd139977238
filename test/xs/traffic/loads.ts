/** What a radio has to bear, from quiet to flooded: each load is a world in which that has happened to a board's modem. */
import type { Board } from "../../../hardware/boards/board.ts";
import { drawBelow } from "../../../protocol/core/chance.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { factsOf, peer } from "./facts.ts";
import { barMany, deafen, floodAdverts, floodConnections, floodValues, floodWire, hoard, random } from "./floods.ts";
import { mark } from "./recording.ts";
import { advance, connect, feedNeighbour, type Neighbour, send, type World, world } from "./world.ts";

export interface Load {
  readonly name: string;
  /** `times` the short form, whose peaks are a few hundredths lower than an hour's. */
  readonly run: (board: Board, times?: number) => World;
}

const ALL_LINKS = "both directions full, all links";

/** On a board of one link, all are one. */
export const loadsOf = (board: Board): readonly Load[] =>
  factsOf(board).links === 1 ? ALL.filter(({ name }) => name !== ALL_LINKS) : ALL;

/** All floods at once are no single fault of anybody: a radio lives through them, with less to spare. */
export const EVERYTHING: Load = { name: "all of it at once", run: everything };

const ALL: readonly Load[] = [
  { name: "idle, heartbeats only", run: (board, times = 1) => quiet(board, 20_000 * times) },
  { name: "10 packets of 244 B a second, both ways", run: normal },
  { name: "adverts of 2,000 addresses, 64 barred", run: adverts },
  { name: "strangers connect and are not kept", run: strangers },
  { name: "values that are no fragments", run: values },
  { name: "a babbling wire", run: babble },
  { name: "both directions full, one link", run: (board, times = 1) => full(board, 1, 3_000 * times) },
  {
    name: ALL_LINKS,
    run: (board, times = 1) => full(board, factsOf(board).links, 4_000 * times),
  },
  { name: "the host hangs while the air is full", run: silentHost },
  { name: "a host that hardly reads", run: deafHost },
  { name: "the longest packets in every slot", run: slots },
];

/** With so many neighbours, whom the host keeps. */
export function linked(board: Board, links: number, ahead?: number): World {
  const most = Math.max(links, factsOf(board).links);
  const state = world(board, { links: most, linksAsServer: most }, ahead);
  for (let handle = 1; handle <= links; handle++) connect(state, handle, peer(handle));
  advance(state, 500);
  return state;
}

function quiet(board: Board, ms: number): World {
  const state = linked(board, 1);
  advance(state, ms);
  return state;
}

function normal(board: Board, times = 1): World {
  const state = linked(board, 1);
  for (let i = 0; i < 40 * times; i++) {
    for (const neighbour of state.neighbours) {
      if (neighbour.generation !== undefined) send(state, neighbour.generation, i & 3, random(state, 244));
      submit(state, neighbour, i & 3, random(state, 244));
    }
    advance(state, 100);
  }
  return state;
}

function adverts(board: Board, times = 1): World {
  const state = linked(board, 1);
  barMany(state);
  floodAdverts(state, 4_000 * times);
  advance(state, 4_000 * times + 1_000);
  return state;
}

function strangers(board: Board, times = 1): World {
  const state = linked(board, 0);
  floodConnections(state, 10_000 * times);
  advance(state, 10_000 * times + 2_000);
  return state;
}

function values(board: Board, times = 1): World {
  const state = linked(board, 0);
  floodValues(state, 3_000 * times);
  advance(state, 3_000 * times + 1_000);
  return state;
}

function babble(board: Board, times = 1): World {
  const state = linked(board, 1);
  floodWire(state, 5_000 * times);
  advance(state, 5_000 * times + 3_000);
  return state;
}

export function full(board: Board, links: number, ms: number): World {
  const state = linked(board, links);
  state.talk = talkMuch;
  advance(state, ms);
  return state;
}

/** Nothing crosses the wire any more: the radio fills up, then gives the host up for dead and begins anew. */
function silentHost(board: Board, times = 1): World {
  const state = full(board, factsOf(board).links, 2_000 * times);
  state.hostAwake = false;
  advance(state, 4_000);
  return state;
}

function deafHost(board: Board, times = 1): World {
  const state = full(board, factsOf(board).links, 1_000 * times);
  deafen(state, 3_000 * times);
  advance(state, 3_000 * times + 1_000);
  return state;
}

function slots(board: Board): World {
  const state = linked(board, factsOf(board).links);
  for (const neighbour of state.neighbours) hoard(state, neighbour);
  advance(state, 8_000);
  return state;
}

function everything(board: Board): World {
  const state = linked(board, factsOf(board).links);
  barMany(state);
  advance(state, 2_000);
  floodAdverts(state, 10_000);
  floodConnections(state, 10_000);
  for (const neighbour of state.neighbours) hoard(state, neighbour);
  state.talk = talkMuch;
  advance(state, 3_000);
  deafen(state, 2_000);
  floodWire(state, 5_000);
  advance(state, 3_000);
  state.hostAwake = false;
  advance(state, 2_000);
  return state;
}

/** Everybody has more to say than anybody takes, in all classes and sizes. */
function talkMuch(state: World): void {
  for (const neighbour of state.neighbours) {
    if (neighbour.generation !== undefined && state.pending < 96 && state.host.waitingSize < 16_384) {
      send(state, neighbour.generation, drawBelow(state.chance, 4), random(state, anySize(state)));
    }
    if (neighbour.pending < 48) submit(state, neighbour, drawBelow(state.chance, 4), random(state, anySize(state)));
  }
}

/** Small packets as fast as one link takes them, both ways; when so many have passed, all grows quiet and a mark is set. */
export function exchange(board: Board, counts: readonly number[]): World {
  const state = linked(board, 1, board.receiveSpace);
  const passed = () => state.sent + state.received;
  for (const count of counts) {
    state.talk = () => {
      if (passed() < count) talkLittle(state);
    };
    while (passed() < count) {
      const before = passed();
      advance(state, 10_000);
      if (passed() === before) throw new Error(`the traffic stands still after ${before} packets`);
    }
    advance(state, 5_000);
    mark(state.recording);
  }
  return state;
}

function talkLittle(state: World): void {
  const little = () => random(state, 8 + drawBelow(state.chance, 32));
  for (const neighbour of state.neighbours) {
    const { generation } = neighbour;
    while (generation !== undefined && state.pending < 8) send(state, generation, state.token & 3, little());
    while (neighbour.pending < 8) submit(state, neighbour, neighbour.token & 3, little());
  }
}

function submit(state: World, neighbour: Neighbour, packetClass: number, bytes: Uint8Array): void {
  neighbour.token += 1;
  neighbour.pending += 1;
  const { token } = neighbour;
  feedNeighbour(state, neighbour, { type: "submit", generation: ONE, class: packetClass as PacketClass, bytes, token });
}

/** From 1 to 4096, each doubling as often as any. */
const anySize = (state: World): number => Math.max(1, Math.floor(2 ** (drawBelow(state.chance, 12_001) / 1000)));

const ONE = linkGeneration(1);
