/** Between boards and the air: what a board's program orders of its radio, and what its radio tells it. */
import type { ModemEffect } from "../../firmware-js/modem/events.ts";
import { addressText } from "../../firmware-js/modem/facts.ts";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { advertisement, serviceDataOf } from "../../protocol/radio/advertisement.ts";
import { nextDeadline as airDeadline, step as stepAir } from "./air/air.ts";
import type { AirEffect, AirEvent } from "./air/events.ts";
import type { Air } from "./air/state.ts";
import { restart, type VirtualBoard } from "./board.ts";
import { addTask } from "./turn.ts";

/** The boards, the air between them, and when each is due to be looked at. */
export interface Joined {
  now: Millis;
  readonly air: Air;
  readonly boards: readonly VirtualBoard[];
  airAt: number;
  readonly boardAt: number[];
}

export function onModemEffect(world: Joined, node: number, effect: ModemEffect): void {
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

/** A radio without power says nothing more; its peers find out by supervision. */
export function fallSilent(world: Joined, node: number): void {
  onAir(world, { type: "reset", at: world.now, node });
}

export function onAir(world: Joined, event: AirEvent): void {
  const done: AirEffect[] = [];
  stepAir(world.air, event, done);
  for (const effect of done) {
    onAirEffect(world, effect);
    // It has something to look at, as soon as it may.
    world.boardAt[effect.node] = world.now;
  }
  world.airAt = airDeadline(world.air) ?? Number.POSITIVE_INFINITY;
}

function onAirEffect(world: Joined, effect: AirEffect): void {
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
