/** What every nRF52840 board has in common under Moddable: the chip, its SoftDevice S140 and the SDK's choices. */
import type { BleFacts, MemoryFacts, NativeFacts, PowerFacts } from "./board.ts";

/** One link a role: the SDK's sources refuse more. Its stack queues one notification and one write, and is never told to
 * queue more, so that an event carries one of each. */
export const NRF52_BLE: BleFacts = Object.freeze({
  server: true,
  client: true,
  dualProved: false,
  linksAsServer: 1,
  linksAsClient: 1,
  stackQueue: 1,
  packetsPerEvent: 1,
  eventMs: 7.5,
  intervalMinMs: 7.5,
  intervalMaxMs: 30,
  supervisionMs: 500,
  mtuMax: 247,
  rssiAsServer: false,
  rssiAsClient: true,
  cancel: true,
  channelSelection: 2,
  transmitDbm: 0,
  sensitivityDbm: Object.freeze({ "1M": -95, "2M": -92, codedS8: -103 }),
});

/** 256 B and 768 B are the SDK's own buffers around one-byte DMA. Interrupts of the SoftDevice lose bytes at the high rates,
 * and "921600" is 941,176 on this chip: 2.1 % off, more than a receiver likes. */
export const NRF52_UART = Object.freeze({
  receiveSpace: 256,
  transmitSpace: 768,
  bauds: Object.freeze([115_200, 230_400, 460_800, 1_000_000]),
  baud: 230_400,
  packetMs: 12.5,
});

export const NRF52_NATIVES: NativeFacts = Object.freeze({ parameters: true, cancel: true, deepSleep: true, crc: true });

export const NRF52_MEMORY: MemoryFacts = Object.freeze({ kind: "block", bytes: 131_072 });

/** With DC/DC: receiving 6.3 mA, the processor 3.3; a connection event of empty packets about 7 µC, estimated. */
export const NRF52_POWER: PowerFacts = Object.freeze({
  baseMilliamps: 0.005,
  eventMicrocoulombs: 7,
  scanMilliamps: 6.3,
  cpuMilliamps: 3.3,
  packetMillicoulombs: 0.027,
});
