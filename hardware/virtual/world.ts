/** Boards on wires and in one air, in virtual time from one seed: everything between the hosts. Bytes go in where a host
 * writes to its port and come out where it reads. */
import type { ModemEffect } from "../../firmware-js/modem/events.ts";
import { addressText, type PeerAddress } from "../../firmware-js/modem/facts.ts";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { chance, draw32 } from "../../protocol/core/chance.ts";
import { SERIAL_AHEAD_SIZE } from "../../protocol/core/limits.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Board } from "../boards/board.ts";
import { advertisement, serviceDataOf } from "./advertisement.ts";
import { nextDeadline as airDeadline, step as stepAir } from "./air/air.ts";
import type { AirEffect, AirEvent } from "./air/events.ts";
import type { Position } from "./air/path-loss.ts";
import { type Air, air } from "./air/state.ts";
import { addTask, boardDeadline, brownOut, hear, restart, runBoard, type VirtualBoard, virtualBoard } from "./board.ts";
import { noise } from "./noise.ts";
import { backlog, nextArrival, put, take, wire } from "./wire.ts";

export interface WorldConfig {
  readonly seed: number;
  readonly boards: readonly { readonly board: Board; readonly position: Position; readonly baud?: number }[];
  /** Bytes that a wire spoils; 0 for a good cable. */
  readonly errorRate: number;
}

export interface World {
  now: Millis;
  readonly air: Air;
  readonly boards: readonly VirtualBoard[];
  /** When the air and each board are due next, worked out anew only for what was touched: asking all of them at each of
   * some thousand moments a second costs more than what happens then. */
  airAt: number;
  readonly dueAt: number[];
}

export type WorldEvent =
  | { readonly type: "write"; readonly at: Millis; readonly board: number; readonly bytes: Uint8Array }
  /** The supply drops out for a moment. */
  | { readonly type: "brownOut"; readonly at: Millis; readonly board: number }
  | { readonly type: "tick"; readonly at: Millis };

export type WorldEffect = { readonly type: "read"; readonly board: number; readonly bytes: Uint8Array };

export function world(config: WorldConfig): World {
  const source = chance(config.seed);
  const zero = millis(0);
  const addresses = config.boards.map((_, node): PeerAddress => ({ kind: "random", address: address(node) }));
  const cable = (baud: number) => wire(baud, 0.5, noise(config.errorRate, chance(draw32(source))));
  const made: World = {
    now: zero,
    airAt: Number.POSITIVE_INFINITY,
    dueAt: [],
    air: air({
      seed: draw32(source),
      radios: config.boards.map(({ board, position }, node) => ({
        address: addressText(addresses[node]),
        facts: board.ble,
        position,
      })),
    }),
    boards: config.boards.map(({ board, baud }, node) => {
      const rate = baud ?? board.baud;
      return virtualBoard(board, addresses[node], chance(draw32(source)), cable(rate), cable(rate), zero);
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
  switch (event.type) {
    case "write":
      put(world.boards[event.board].down, event.bytes, event.at);
      touch(world, event.board);
      break;
    case "brownOut":
      fallSilent(world, event.board);
      brownOut(world.boards[event.board], event.at);
      touch(world, event.board);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
}

export const nextDeadline = (world: World): Millis => millis(due(world));

/** What a host's port takes now, if it is given no more than a moment's bytes ahead. */
export const portRoom = (world: World, board: number, at: Millis): number =>
  Math.max(0, SERIAL_AHEAD_SIZE - backlog(world.boards[board].down, at));

function due(world: World): number {
  let at = world.airAt;
  for (let node = 0; node < world.dueAt.length; node++) if (world.dueAt[node] < at) at = world.dueAt[node];
  return at;
}

function touch(world: World, node: number): void {
  const board = world.boards[node];
  const down = nextArrival(board.down) ?? Number.POSITIVE_INFINITY;
  const up = nextArrival(board.up) ?? Number.POSITIVE_INFINITY;
  world.dueAt[node] = Math.min(boardDeadline(board), down, up);
}

function pass(world: World, effects: WorldEffect[]): void {
  for (let node = 0; node < world.boards.length; node++) {
    if (world.dueAt[node] > world.now) continue;
    const board = world.boards[node];
    for (let bytes = take(board.up, world.now); bytes !== undefined; bytes = take(board.up, world.now)) {
      effects.push({ type: "read", board: node, bytes });
    }
    for (let bytes = take(board.down, world.now); bytes !== undefined; bytes = take(board.down, world.now)) {
      hear(board, bytes);
    }
    if (boardDeadline(board) <= world.now) {
      const done: ModemEffect[] = [];
      runBoard(board, world.now, done);
      for (const effect of done) onModemEffect(world, node, effect);
    }
    touch(world, node);
  }
  if (world.airAt <= world.now) onAir(world, { type: "tick", at: world.now });
}

function onModemEffect(world: World, node: number, effect: ModemEffect): void {
  const at = world.now;
  switch (effect.type) {
    case "advertise": {
      const { advert, intervalMs } = effect;
      onAir(world, { type: "advertise", at, node, data: advertisement(advert), intervalMs });
      break;
    }
    case "stopAdvertising":
      onAir(world, { type: "advertise", at, node, data: undefined, intervalMs: 0 });
      break;
    case "scan":
      onAir(world, { type: "scan", at, node, intervalMs: effect.intervalMs, windowMs: effect.windowMs });
      break;
    case "stopScanning":
      onAir(world, { type: "scan", at, node, intervalMs: 0, windowMs: 0 });
      break;
    case "connect":
      onAir(world, { type: "connect", at, node, to: addressText(effect.to) });
      break;
    case "cancelConnect":
      onAir(world, { type: "cancel", at, node });
      break;
    case "disconnect":
      onAir(world, { type: "disconnect", at, node, link: effect.handle });
      break;
    case "value":
      onAir(world, { type: "value", at, node, link: effect.handle, bytes: effect.bytes });
      break;
    case "requestParameters": {
      const { handle, intervalMs, supervisionMs } = effect;
      onAir(world, { type: "parameters", at, node, link: handle, intervalMs, supervisionMs });
      break;
    }
    case "restart":
      fallSilent(world, node);
      restart(world.boards[node], at, effect.why, effect.into);
      break;
    case "factoryReset":
      world.boards[node].storedRole = undefined;
      break;
    // A lamp and a clock, which no virtual board has; the rest stays on the board.
    case "identify":
    case "setClock":
    case "serial":
    case "begin":
    case "storeRole":
    case "reopenSerial":
    case "baud":
      break;
    default:
      unreachable(effect);
  }
}

function onAir(world: World, event: AirEvent): void {
  const done: AirEffect[] = [];
  stepAir(world.air, event, done);
  for (const effect of done) {
    onAirEffect(world, effect);
    touch(world, effect.node);
  }
  world.airAt = airDeadline(world.air) ?? Number.POSITIVE_INFINITY;
}

function onAirEffect(world: World, effect: AirEffect): void {
  const board = world.boards[effect.node];
  switch (effect.type) {
    case "discovered": {
      const serviceData = serviceDataOf(effect.data);
      const peer = world.boards.find((each) => addressText(each.address) === effect.address)?.address;
      if (serviceData !== undefined && peer !== undefined) {
        addTask(board, { type: "advert", peer, rssi: effect.rssiDbm, serviceData });
      }
      break;
    }
    case "connected": {
      const peer = world.boards.find((each) => addressText(each.address) === effect.peer);
      assert(peer !== undefined, "whoever links is on this air");
      addTask(board, { type: "connected", handle: effect.link, role: effect.role, peer: peer.address });
      addTask(board, { type: "interval", handle: effect.link, intervalMs: effect.intervalMs });
      if (effect.role === "client") {
        const mtu = Math.min(board.board.ble.mtuMax, peer.board.ble.mtuMax);
        onAir(world, { type: "exchangeMtu", at: world.now, node: effect.node, link: effect.link, mtu });
      }
      break;
    }
    case "disconnected": {
      const reason = effect.reason === "ordered" ? "remote" : effect.reason;
      addTask(board, { type: "disconnected", handle: effect.link, reason });
      break;
    }
    case "mtu":
      addTask(board, { type: "mtu", handle: effect.link, mtu: effect.mtu });
      break;
    case "interval":
      addTask(board, { type: "interval", handle: effect.link, intervalMs: effect.intervalMs });
      break;
    case "value":
      addTask(board, { type: "value", handle: effect.link, bytes: effect.bytes });
      break;
    case "rssi":
      addTask(board, { type: "rssi", handle: effect.link, rssi: effect.rssiDbm });
      break;
    // The board's program hears nothing of these.
    case "cancelled":
    case "queueDropped":
    case "ignored":
      break;
    default:
      unreachable(effect);
  }
}

/** A radio without power says nothing more; its peers find out by supervision. */
function fallSilent(world: World, node: number): void {
  onAir(world, { type: "reset", at: world.now, node });
}

const address = (node: number): Uint8Array => Uint8Array.of(0xc0, 0xde, 0, 0, node >> 8, node & 0xff);
