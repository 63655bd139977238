/** The first report of a radio after each opening of the serial link: who it is, what it can do, how it came to be. */
import { bits } from "../bytes/bits.ts";
import { bytes, text } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, list, struct } from "../bytes/compound.ts";
import { u8, u16, u32, varint } from "../bytes/numbers.ts";
import { BAUD_MAX, BAUDS_MAX, BOARD_NAME_SIZE_MAX, FAULT_TEXT_SIZE_MAX } from "../core/limits.ts";
import { Address, Roles } from "./fields.ts";

export const ResetReason = choice("ResetReason", {
  powerOn: 0,
  pin: 1,
  watchdog: 2,
  software: 3,
  brownOut: 4,
  fault: 5,
  wakeUp: 6,
  unknown: 7,
});

export const Hello = struct("Hello", {
  build: about(bytes(8), "the first bytes of the digest of all that the image was made of: a flash is confirmed by it"),
  board: text(BOARD_NAME_SIZE_MAX),
  chip: about(bytes(8), "the chip's own serial number"),
  address: Address,
  boot: about(u32, "drawn at boot: a new one voids credits, sequences and links"),
  reset: ResetReason,
  fault: about(text(FAULT_TEXT_SIZE_MAX), "the last words of the run before, if it ended badly"),
  uptimeMs: varint(Number.MAX_SAFE_INTEGER),
  receiveSpace: about(u16, "unread bytes that the UART holds"),
  frameSizeMax: u16,
  packetSizeMax: u16,
  slots: about(u8, "packets put together at a time, a link"),
  bauds: about(list(varint(BAUD_MAX), BAUDS_MAX), "the rates of its serial line, ascending"),
  roles: Roles,
  linksAsServer: about(u8, "connections at a time"),
  linksAsClient: u8,
  stackQueue: about(u8, "GATT values that the BLE stack queues, a link; one more is dropped in silence"),
  intervalMinUs: about(varint(4_000_000), "of a connection before anybody asks for another"),
  intervalMaxUs: varint(4_000_000),
  natives: about(bits({ deepSleep: 1, cancel: 1, parameters: 1, crc: 1 }), "native modules built in"),
});
export type Hello = ValueOf<typeof Hello>;
