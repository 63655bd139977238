/** What a host tells its radio. Only the host orders connections. */
import { rest, text } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, optional, struct, union } from "../bytes/compound.ts";
import { bool, byteUpTo, u8, u16, u32, varint } from "../bytes/numbers.ts";
import { assert } from "../core/assert.ts";
import { BAUD_MAX, ECHO_SIZE_MAX, PACKET_SIZE_MAX, SERIAL_PACKET_SIZE_MAX } from "../core/limits.ts";
import { CRITICAL, HIGH, NORMAL, type PacketClass } from "../core/packet-class.ts";
import { Address, Advert, Class, Generation, PowerStateName, Role, Token } from "./fields.ts";

const None = struct("None", {});

export const Command = union("Command", {
  start: [
    0x01,
    struct("Start", {
      role: about(Role, "another than the last boot's is stored, then the radio restarts"),
      name: text(12),
    }),
  ],
  advertise: [0x02, struct("Advertise", { on: bool, intervalMs: u16, advert: Advert })],
  scan: [0x03, struct("Scan", { on: bool, intervalMs: u16, windowMs: u16 })],
  connect: [0x04, struct("Connect", { to: Address })],
  cancel: [0x05, about(None, "ends a connection attempt; a board without that call restarts after 5 s")],
  disconnect: [0x06, struct("Disconnect", { link: Generation })],
  keep: [0x07, struct("Keep", { link: about(Generation, "a server's link is dropped unless kept within 5 s") })],
  send: [0x08, struct("Send", { link: Generation, class: Class, token: Token, packet: rest(PACKET_SIZE_MAX) })],
  bar: [0x09, struct("Bar", { peer: Address, seconds: varint(0xffffff) })],
  unbar: [0x0a, struct("Unbar", { peer: Address })],
  power: [0x0b, struct("Power", { state: about(optional(PowerStateName), "nothing: the radio decides by itself") })],
  time: [0x0c, struct("Time", { at: about(varint(Number.MAX_SAFE_INTEGER), "milliseconds since 1970") })],
  logLevel: [0x0d, struct("LogLevel", { level: byteUpTo(3) })],
  identify: [0x0e, struct("Identify", { seconds: about(u8, "blinks so long, so that a person finds the board") })],
  restart: [0x0f, struct("Restart", { into: choice("RestartInto", { normal: 0, bootloader: 1 }) })],
  factoryReset: [
    0x10,
    struct("FactoryReset", { boot: about(u32, "must be the boot of the hello: never by accident") }),
  ],
  counters: [0x11, None],
  echo: [0x12, struct("Echo", { bytes: about(rest(ECHO_SIZE_MAX), "comes back: a test of the wire") })],
  baud: [
    0x13,
    struct("Baud", {
      baud: about(varint(BAUD_MAX), "begins a session at this rate; unopened for 3 s, the radio returns to its first"),
    }),
  ],
});
export type Command = ValueOf<typeof Command>;

assert(Command.sizeMax <= SERIAL_PACKET_SIZE_MAX, "every command crosses the wire as one packet");

/** How urgent a command is on the serial wire. A send is as urgent as what it carries. */
export function commandClass(command: Command): PacketClass {
  switch (command.type) {
    case "send":
      return command.class as PacketClass;
    case "keep":
    case "bar":
    case "unbar":
    case "disconnect":
    case "restart":
    case "baud":
      return CRITICAL;
    case "counters":
    case "identify":
    case "echo":
    case "logLevel":
      return NORMAL;
    default:
      return HIGH;
  }
}
