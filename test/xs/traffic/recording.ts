/** What happened to a modem, event by event, in the bytes that the program test/xs/program/radio.ts reads. Who recorded it ran
 * the same modem on Node; on XS, the events alone are its world, so that its memory holds a modem and nothing else. */
import type { ModemEvent } from "../../../firmware-js/modem/events.ts";
import type { PeerAddress } from "../../../firmware-js/modem/facts.ts";
import { assert } from "../../../protocol/core/assert.ts";

/** The reader has the same tables. `mark` is no event: the radio collects its garbage and tells what it holds. */
const TYPES = [
  ...["mark", "boot", "serial", "writable", "ready", "connected", "connectFailed", "disconnected", "mtu", "interval"],
  ...["value", "advert", "rssi", "battery", "tick"],
];
const ROLES = ["server", "client", "dual"];
const REASONS = ["remote", "supervision", "failed"];
const HEADER_SIZE = 22;

export interface Recording {
  bytes: Uint8Array;
  size: number;
  events: number;
}

export const recording = (): Recording => ({ bytes: new Uint8Array(1 << 20), size: 0, events: 0 });

export const recorded = (all: Recording): Uint8Array => all.bytes.subarray(0, all.size);

export function mark(all: Recording): void {
  put(all, "mark", 0);
}

export function record(all: Recording, event: ModemEvent): void {
  all.events += 1;
  switch (event.type) {
    case "serial":
      put(all, event.type, event.at, { bytes: event.bytes });
      break;
    case "writable":
      put(all, event.type, event.at, { number: event.room });
      break;
    case "ready":
      put(all, event.type, event.at, { choice: ROLES.indexOf(event.role) });
      break;
    case "connected": {
      const { handle, role, peer } = event;
      put(all, event.type, event.at, { handle, choice: ROLES.indexOf(role), bytes: addressOf(peer) });
      break;
    }
    case "disconnected":
      put(all, event.type, event.at, { handle: event.handle, choice: REASONS.indexOf(event.reason) });
      break;
    case "mtu":
      put(all, event.type, event.at, { handle: event.handle, number: event.mtu });
      break;
    case "interval":
      put(all, event.type, event.at, { handle: event.handle, number: event.intervalMs });
      break;
    case "value":
      put(all, event.type, event.at, { handle: event.handle, bytes: event.bytes });
      break;
    case "advert":
      put(all, event.type, event.at, { number: event.rssi, bytes: [...addressOf(event.peer), ...event.serviceData] });
      break;
    case "rssi":
      put(all, event.type, event.at, { handle: event.handle, number: event.rssi });
      break;
    case "battery":
      put(all, event.type, event.at, { number: event.percent });
      break;
    case "log":
      throw new Error("a recording has no log lines: a board's program writes them by itself");
    default:
      put(all, event.type, event.at);
  }
}

interface Fields {
  readonly choice?: number;
  readonly handle?: number;
  readonly number?: number;
  readonly bytes?: ArrayLike<number>;
}

function put(all: Recording, type: string, at: number, fields: Fields = {}): void {
  const { choice = 0, handle = 0, number = 0, bytes = [] } = fields;
  assert(TYPES.includes(type) && choice >= 0 && bytes.length < 0x10000, "a record says what it can");
  while (all.size + HEADER_SIZE + bytes.length > all.bytes.length) {
    const larger = new Uint8Array(2 * all.bytes.length);
    larger.set(all.bytes);
    all.bytes = larger;
  }
  const view = new DataView(all.bytes.buffer, all.size, HEADER_SIZE);
  view.setUint8(0, TYPES.indexOf(type));
  view.setUint8(1, choice);
  view.setUint16(2, handle);
  view.setUint16(4, bytes.length);
  view.setFloat64(6, at);
  view.setFloat64(14, number);
  all.bytes.set(bytes, all.size + HEADER_SIZE);
  all.size += HEADER_SIZE + bytes.length;
}

const addressOf = (peer: PeerAddress): number[] => [peer.kind === "public" ? 0 : 1, ...peer.address];
