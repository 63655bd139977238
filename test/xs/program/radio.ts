/** One modem alone, as on a board: its events come from a recording, its effects go nowhere. Prints the memory after loading,
 * at each mark of the recording and at the end, then the modem's counters, which are those of whoever recorded it.
 * The first argument is the board's facts; a second one plants a fault. */
import type { ModemEffect, ModemEvent } from "../../../firmware-js/modem/events.ts";
import { type BoardFacts, modemConfig, type PeerAddress } from "../../../firmware-js/modem/facts.ts";
import { step } from "../../../firmware-js/modem/modem.ts";
import { modem } from "../../../firmware-js/modem/state.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

/** The tables of test/xs/traffic/recording.ts. */
const TYPES = Object.freeze([
  ...["mark", "boot", "serial", "writable", "ready", "connected", "connectFailed", "disconnected", "mtu", "interval"],
  ...["value", "advert", "rssi", "battery", "tick"],
]);
const ROLES = Object.freeze(["server", "client", "dual"] as const);
const REASONS = Object.freeze(["remote", "supervision", "failed"] as const);
const HEADER_SIZE = 22;

const [factsText = "", fault = ""] = host.args;
// In flash on a board.
const facts: BoardFacts = factsOf(JSON.parse(factsText));
host.trim();
tell();

const radio = modem(facts, modemConfig(millis(0), 1));
const header = new DataView(new ArrayBuffer(HEADER_SIZE));
const headerBytes = new Uint8Array(header.buffer);
const leaked: { readonly at: Millis }[] = [];
for (;;) {
  if (host.readInput(headerBytes) < HEADER_SIZE) break;
  const size = header.getUint16(4);
  const bytes = new Uint8Array(size);
  if (size > 0) host.readInput(bytes);
  const type = TYPES[header.getUint8(0)];
  if (type === "mark") tell();
  else take(eventOf(type, bytes));
}
tell();
host.print(JSON.stringify([radio.serial.counters, radio.outbox.counters, radio.counters]));

function take(event: ModemEvent): void {
  const effects: ModemEffect[] = [];
  step(radio, event, effects, host.crc16);
  if (fault !== "leak") return;
  for (let i = 0; i < effects.length; i++) if (effects[i].type === "value") leaked.push({ at: event.at });
}

function eventOf(type: string, bytes: Uint8Array): ModemEvent {
  const choice = header.getUint8(1);
  const handle = header.getUint16(2);
  const at = millis(header.getFloat64(6));
  const number = header.getFloat64(14);
  switch (type) {
    case "serial":
      return { type, at, bytes };
    case "writable":
      return { type, at, room: number };
    case "ready":
      return { type, at, role: ROLES[choice] };
    case "connected":
      return { type, at, handle, role: choice === 0 ? "server" : "client", peer: peerOf(bytes) };
    case "disconnected":
      return { type, at, handle, reason: REASONS[choice] };
    case "mtu":
      return { type, at, handle, mtu: number };
    case "interval":
      return { type, at, handle, intervalMs: number };
    case "value":
      return { type, at, handle, bytes };
    case "advert":
      return { type, at, peer: peerOf(bytes), rssi: number, serviceData: bytes.subarray(7) };
    case "rssi":
      return { type, at, handle, rssi: number };
    case "battery":
      return { type, at, percent: number };
    case "boot":
    case "connectFailed":
    case "tick":
      return { type, at };
    default:
      throw new Error(`no such event: ${type}`);
  }
}

function peerOf(bytes: Uint8Array): PeerAddress {
  return { kind: bytes[0] === 0 ? "public" : "random", address: bytes.subarray(1, 7) };
}

function factsOf(value: BoardFacts): BoardFacts {
  const eight = new Uint8Array(8);
  return { ...value, chip: eight, build: eight, address: { kind: "public", address: eight.subarray(0, 6) } };
}

function tell(): void {
  host.gc();
  host.print(JSON.stringify(host.memory()));
}
