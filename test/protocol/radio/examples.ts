/** One of each command and report, as a radio in the field might say it. */
import { linkGeneration } from "../../../protocol/core/units.ts";
import type { Command } from "../../../protocol/radio/command.ts";
import type { Report } from "../../../protocol/radio/report.ts";

const peer = { kind: "random", address: Uint8Array.of(0xc0, 0x11, 0x22, 0x33, 0x44, 0x55) } as const;
const advert = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 2, 3, 4), component: Uint8Array.of(5, 6, 7, 8) };
const link = linkGeneration(3);
const packet = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);

export const commands: { readonly [T in Command["type"]]: Command & { type: T } } = {
  start: { type: "start", role: "server", name: "hardway" },
  advertise: { type: "advertise", on: true, intervalMs: 100, advert },
  scan: { type: "scan", on: true, intervalMs: 100, windowMs: 20 },
  connect: { type: "connect", to: peer },
  cancel: { type: "cancel" },
  disconnect: { type: "disconnect", link },
  keep: { type: "keep", link },
  send: { type: "send", link, class: 0, token: 300, packet },
  bar: { type: "bar", peer, seconds: 300 },
  unbar: { type: "unbar", peer },
  power: { type: "power", state: "lowPower" },
  time: { type: "time", at: 1_767_225_600_000 },
  logLevel: { type: "logLevel", level: 3 },
  identify: { type: "identify", seconds: 10 },
  restart: { type: "restart", into: "bootloader" },
  factoryReset: { type: "factoryReset", boot: 0xfeedbeef },
  counters: { type: "counters" },
  echo: { type: "echo", bytes: packet },
  baud: { type: "baud", baud: 1_000_000 },
};

export const reports: { readonly [T in Report["type"]]: Report & { type: T } } = {
  hello: {
    type: "hello",
    build: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    board: "nrf52/dk",
    chip: Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1),
    address: peer,
    boot: 0xfeedbeef,
    reset: "watchdog",
    fault: "stack overflow",
    uptimeMs: 1234,
    receiveSpace: 256,
    frameSizeMax: 256,
    packetSizeMax: 4112,
    slots: 4,
    bauds: [230_400, 1_000_000],
    roles: { dual: 0, client: 1, server: 1 },
    linksAsServer: 1,
    linksAsClient: 2,
    stackQueue: 1,
    intervalMinUs: 7_500,
    intervalMaxUs: 30_000,
    natives: { deepSleep: 1, cancel: 0, parameters: 0, crc: 1 },
  },
  ready: { type: "ready", role: "client" },
  discovered: { type: "discovered", peer, rssi: -71, advert },
  linkUp: { type: "linkUp", link, role: "server", peer },
  linkDown: { type: "linkDown", link, reason: "supervision" },
  mtu: { type: "mtu", link, mtu: 247 },
  received: { type: "received", link, class: 3, packet },
  sent: { type: "sent", token: 300 },
  dropped: { type: "dropped", token: 301, reason: "expired" },
  unknown: { type: "unknown", token: 302 },
  quality: { type: "quality", link, rssi: 127, lossPercent: 3, latencyMs: 42, throughput: 9000 },
  battery: { type: "battery", percent: 14, state: "lowPower" },
  fault: { type: "fault", code: 7, text: "serial stalled" },
  counters: { type: "counters", values: [0, 1, 128, 65_536] },
  notConnected: { type: "notConnected", to: peer, why: "cancelled" },
  echo: { type: "echo", bytes: packet },
};
