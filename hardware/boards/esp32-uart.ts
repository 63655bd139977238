/** What the ESP32 boards have in common under Moddable: the UART's hardware FIFO without a ring behind it, and the host's
 * side of NimBLE. */

export const ESP32_UART = Object.freeze({
  receiveSpace: 128,
  transmitSpace: 128,
  bauds: Object.freeze([115_200, 230_400, 460_800, 921_600]),
  baud: 921_600,
  packetMs: 5,
});

/** An auto-reset circuit holds the chip in reset, or in its loader, while one of the two is asserted. */
export const ESP32_LINE = Object.freeze({ dtr: "low", rts: "low" } as const);

export const ESP32_NATIVES = Object.freeze({ parameters: true, cancel: true, deepSleep: false, crc: true });

/** NimBLE's own defaults for a connection. A client has two links unless the build's configuration is raised. */
export const NIMBLE = Object.freeze({
  server: true,
  client: true,
  dualProved: false,
  linksAsServer: 1,
  linksAsClient: 2,
  stackQueue: 4,
  packetsPerEvent: undefined,
  eventMs: undefined,
  intervalMinMs: 30,
  intervalMaxMs: 50,
  supervisionMs: 2560,
  mtuMax: 256,
  rssiAsServer: false,
  rssiAsClient: true,
  cancel: false,
  transmitDbm: 3,
});

/** 2.5 ms of 100 mA an event. Modem sleep takes 14 mA, and light sleep is out of reach with an open UART. */
export const ESP32_POWER = Object.freeze({
  baseMilliamps: 14.1,
  eventMicrocoulombs: 250,
  scanMilliamps: 100,
  cpuMilliamps: 0,
  packetMillicoulombs: 0,
});
