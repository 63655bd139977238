/** What a radio tells its host. Log lines are not here: they have a frame type of their own on the serial link. */
import { rest, text } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, list, struct, union } from "../bytes/compound.ts";
import { byteUpTo, i8, u8, u16, varint } from "../bytes/numbers.ts";
import { assert } from "../core/assert.ts";
import {
  COUNTERS_MAX,
  ECHO_SIZE_MAX,
  FAULT_TEXT_SIZE_MAX,
  PACKET_SIZE_MAX,
  SERIAL_PACKET_SIZE_MAX,
} from "../core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL, type PacketClass } from "../core/packet-class.ts";
import { Address, Advert, Class, Generation, PowerStateName, Role, Token } from "./fields.ts";
import { Hello } from "./hello.ts";

export const DownReason = choice("DownReason", {
  remote: 0,
  ordered: 1,
  supervision: 2,
  notKept: 3,
  barred: 4,
  failed: 5,
});

export const DropReason = choice("DropReason", {
  full: 0,
  power: 1,
  expired: 2,
  unacknowledged: 3,
  noLink: 4,
  tooLong: 5,
});

export const Report = union("Report", {
  hello: [0x81, Hello],
  ready: [0x82, struct("Ready", { role: Role })],
  discovered: [0x83, struct("Discovered", { peer: Address, rssi: i8, advert: Advert })],
  linkUp: [0x84, struct("LinkUp", { link: Generation, role: Role, peer: Address })],
  linkDown: [0x85, struct("LinkDown", { link: Generation, reason: DownReason })],
  mtu: [0x86, struct("Mtu", { link: Generation, mtu: u16 })],
  received: [0x87, struct("Received", { link: Generation, class: Class, packet: rest(PACKET_SIZE_MAX) })],
  sent: [0x88, struct("Sent", { token: about(Token, "the neighbour's host has the packet") })],
  dropped: [0x89, struct("Dropped", { token: Token, reason: DropReason })],
  unknown: [
    0x8a,
    struct("Unknown", { token: about(Token, "no answer, or the link went first: the neighbour may have the packet") }),
  ],
  quality: [
    0x8b,
    struct("Quality", {
      link: Generation,
      rssi: about(i8, "127 where the board does not know"),
      lossPercent: byteUpTo(100),
      latencyMs: u16,
      throughput: about(varint(0xffffff), "bytes a second"),
    }),
  ],
  battery: [0x8c, struct("Battery", { percent: byteUpTo(100), state: PowerStateName })],
  fault: [0x8d, struct("Fault", { code: u8, text: text(FAULT_TEXT_SIZE_MAX) })],
  counters: [0x8e, struct("Counters", { values: list(varint(Number.MAX_SAFE_INTEGER), COUNTERS_MAX) })],
  notConnected: [
    0x8f,
    struct("NotConnected", {
      to: about(Address, "of the connection that was ordered"),
      why: choice("NotConnectedReason", { failed: 0, cancelled: 1 }),
    }),
  ],
  echo: [0x90, struct("Echoed", { bytes: rest(ECHO_SIZE_MAX) })],
});
export type Report = ValueOf<typeof Report>;

assert(Report.sizeMax <= SERIAL_PACKET_SIZE_MAX, "every report crosses the wire as one packet");

/** How urgent a report is on the serial wire. What came through the air stays as urgent as it was. */
export function reportClass(report: Report): PacketClass {
  switch (report.type) {
    case "received":
      return report.class as PacketClass;
    case "hello":
    case "linkUp":
    case "linkDown":
    case "notConnected":
    case "mtu":
    case "fault":
      return CRITICAL;
    case "sent":
    case "dropped":
    case "unknown":
    case "ready":
      return HIGH;
    case "discovered":
    case "battery":
    case "quality":
    case "echo":
      return NORMAL;
    default:
      return LOW;
  }
}
