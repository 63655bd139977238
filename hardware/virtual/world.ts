/** Boards on wires and in one air, in virtual time from one seed: everything between the hosts. Bytes go in where a host
 * writes to its port and come out where it reads. */
import type { ModemEffect } from "../../firmware-js/modem/events.ts";
import { addressText, type PeerAddress } from "../../firmware-js/modem/facts.ts";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { chance, draw32 } from "../../protocol/core/chance.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Board } from "../boards/board.ts";
import type { BurstRules } from "./air/bursts.ts";
import type { Position, Room } from "./air/path-loss.ts";
import { air } from "./air/state.ts";
import { fallSilent, type Joined, onAir, onModemEffect } from "./between.ts";
import {
  brownOut,
  type Firmware,
  OUR_FIRMWARE,
  plug,
  power,
  restart,
  tuneBoard,
  type VirtualBoard,
  virtualBoard,
} from "./board.ts";
import type { WireFaults, WorldEffect, WorldEvent } from "./events.ts";
import { noise } from "./noise.ts";
import { boardDeadline, runBoard } from "./turn.ts";
import { stall } from "./uart.ts";
import { nextArrival, put, take, wire } from "./wire.ts";

export interface BoardConfig {
  readonly board: Board;
  readonly position: Position;
  readonly firmware?: Partial<Firmware>;
  /** The rate of the host's port; undefined where it has none, as a socket, and always hears the board's. */
  readonly hostBaud?: number;
}

export interface WorldConfig {
  readonly seed: number;
  readonly boards: readonly BoardConfig[];
  /** Bytes that a wire spoils; 0 for a good cable. */
  readonly errorRate: number;
  readonly room?: Room;
  readonly bursts?: BurstRules;
  /** Keeps what flies through the air, in `air.sights`, until it is taken away. */
  readonly watched?: boolean;
}

/** When the air, each board and each host's port are due next is worked out anew only for what was touched: asking all of
 * them at each of some thousand moments a second costs more than what happens then. */
export interface World extends Joined {
  readonly portAt: number[];
}

/** Of the whole way, in either direction: a bridge's, where there is one. */
const LATENCY_MS = 0.5;
/** A host's grants wait for more than a frame; what its port has is told when a frame has ended, or so much has come. */
const HOST_PIECE_SIZE = 512;

export function world(config: WorldConfig): World {
  const { room, bursts, watched = false } = config;
  const source = chance(config.seed);
  const zero = millis(0);
  const addresses = config.boards.map((_, node): PeerAddress => ({ kind: "random", address: address(node) }));
  const cable = () => wire(115_200, LATENCY_MS, noise(config.errorRate, chance(draw32(source))), HOST_PIECE_SIZE);
  const made: World = {
    now: zero,
    airAt: Number.POSITIVE_INFINITY,
    boardAt: [],
    portAt: [],
    air: air({
      seed: draw32(source),
      radios: config.boards.map(({ board, position }, node) => ({
        address: addressText(addresses[node]),
        facts: board.ble,
        position,
      })),
      ...(room === undefined ? {} : { room }),
      ...(bursts === undefined ? {} : { bursts }),
      watched,
    }),
    boards: config.boards.map(({ board, firmware, hostBaud }, node) => {
      const from = chance(draw32(source));
      const cabling = { down: cable(), up: cable(), baud: board.baud, hostBaud };
      return virtualBoard(board, { ...OUR_FIRMWARE, ...firmware }, addresses[node], from, cabling, zero);
    }),
  };
  for (let node = 0; node < made.boards.length; node++) touch(made, node);
  return made;
}

/** What was due before the event happens before it. */
export function step(world: World, event: WorldEvent, effects: WorldEffect[]): void {
  assert(event.at >= world.now, "time runs forward");
  for (let at = due(world); at <= event.at; at = due(world)) {
    world.now = millis(Math.max(world.now, at));
    pass(world, effects);
  }
  world.now = event.at;
  if (event.type === "tick") return;
  if (event.type === "walls") {
    onAir(world, event);
    return;
  }
  onBoardEvent(world, world.boards[event.board], event, effects);
  touch(world, event.board);
}

export const nextDeadline = (world: World): Millis => millis(due(world));

function due(world: World): number {
  let at = world.airAt;
  const { boardAt, portAt } = world;
  for (let node = 0; node < boardAt.length; node++) {
    if (boardAt[node] < at) at = boardAt[node];
    if (portAt[node] < at) at = portAt[node];
  }
  return at;
}

function touch(world: World, node: number): void {
  const board = world.boards[node];
  world.boardAt[node] = boardDeadline(board);
  world.portAt[node] = nextArrival(board.up) ?? Number.POSITIVE_INFINITY;
}

function pass(world: World, effects: WorldEffect[]): void {
  for (let node = 0; node < world.boards.length; node++) {
    const board = world.boards[node];
    if (world.portAt[node] <= world.now) {
      for (let bytes = take(board.up, world.now); bytes !== undefined; bytes = take(board.up, world.now)) {
        effects.push({ type: "read", board: node, bytes });
      }
      world.portAt[node] = nextArrival(board.up) ?? Number.POSITIVE_INFINITY;
    }
    if (world.boardAt[node] > world.now) continue;
    const done: ModemEffect[] = [];
    runBoard(board, world.now, done);
    for (let i = 0; i < done.length; i++) onModemEffect(world, node, done[i]);
    touch(world, node);
  }
  if (world.airAt <= world.now) onAir(world, { type: "tick", at: world.now });
}

function onBoardEvent(
  world: World,
  board: VirtualBoard,
  event: Exclude<WorldEvent, { type: "tick" | "walls" }>,
  effects: WorldEffect[],
): void {
  const { at } = event;
  switch (event.type) {
    case "write":
      // What nobody listens to is not kept.
      if (board.modem === undefined) while (take(board.down, at) !== undefined);
      if (board.plugged) put(board.down, event.bytes, at);
      break;
    case "brownOut":
      fallSilent(world, event.board);
      brownOut(board, at);
      break;
    case "power":
      if (event.on === board.powered) break;
      fallSilent(world, event.board);
      power(board, event.on, at);
      break;
    case "reset":
      fallSilent(world, event.board);
      restart(board, at, "", event.into);
      board.reset = "pin";
      break;
    case "cable":
      plug(board, event.plugged, at);
      effects.push({ type: "cable", board: event.board, plugged: event.plugged });
      break;
    case "voice":
      board.voice = event.voice;
      break;
    case "spark":
      stall(board.uart, at);
      break;
    case "pause":
      board.busyUntil = millis(Math.max(board.busyUntil, at) + event.ms);
      break;
    case "rate":
      board.hostBaud = event.baud;
      tuneBoard(board);
      break;
    case "faults":
      spoil(board, event.faults);
      break;
    case "move":
      onAir(world, { type: "move", at, node: event.board, to: event.to });
      break;
    default:
      unreachable(event);
  }
}

function spoil(board: VirtualBoard, faults: WireFaults): void {
  const { split = 0, merge = 0 } = faults;
  for (const wire of [board.down, board.up]) {
    wire.noise = noise(faults, chance(draw32(board.chance)));
    wire.pieces = split + merge === 0 ? undefined : { split, merge, chance: chance(draw32(board.chance)) };
    wire.nextSize = wire.pieceSize;
  }
}

const address = (node: number): Uint8Array => Uint8Array.of(0xc0, 0xde, 0, 0, node >> 8, node & 0xff);
