/** What a host and its radio say to each other. */
import { encode } from "../../protocol/bytes/codec.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import { linkGeneration } from "../../protocol/core/units.ts";
import { Command } from "../../protocol/radio/command.ts";
import { Report } from "../../protocol/radio/report.ts";
import { layout } from "./target.ts";

const link = linkGeneration(300);
const address = { kind: "random", address: drawBytes(chance(1), 6) } as const;
const advert = { version: 1, flags: 3, kiosk: drawBytes(chance(2), 4), component: drawBytes(chance(3), 4) };
const packet = drawBytes(chance(4), 200);

const commands: readonly Command[] = [
  { type: "start", role: "server", name: "kiosk ♠" },
  { type: "advertise", on: true, intervalMs: 100, advert },
  { type: "scan", on: false, intervalMs: 100, windowMs: 30 },
  { type: "connect", to: address },
  { type: "cancel" },
  { type: "disconnect", link },
  { type: "keep", link },
  { type: "send", link, class: 2, token: 70_000, packet },
  { type: "bar", peer: address, seconds: 600 },
  { type: "unbar", peer: address },
  { type: "power", state: "lowPower" },
  { type: "power", state: undefined },
  { type: "time", at: 1_767_225_600_000 },
  { type: "logLevel", level: 3 },
  { type: "identify", seconds: 5 },
  { type: "restart", into: "bootloader" },
  { type: "factoryReset", boot: 0xdeadbeef },
  { type: "counters" },
];

const reports: readonly Report[] = [
  {
    type: "hello",
    build: drawBytes(chance(5), 8),
    board: "nrf52840",
    chip: drawBytes(chance(6), 8),
    address,
    boot: 0xc0ffee,
    reset: "watchdog",
    fault: "out of memory",
    uptimeMs: 123_456,
    receiveSpace: 128,
    frameSizeMax: 256,
    packetSizeMax: 4112,
    slots: 4,
    bauds: [115_200, 921_600],
    roles: { dual: 0, client: 1, server: 1 },
    links: 2,
    stackQueue: 6,
    intervalMinMs: 8,
    intervalMaxMs: 4000,
    natives: { deepSleep: 1, cancel: 0, parameters: 1, crc: 1 },
  },
  { type: "ready", role: "client" },
  { type: "discovered", peer: address, rssi: -61, advert },
  { type: "linkUp", link, role: "server", peer: address },
  { type: "linkDown", link, reason: "supervision" },
  { type: "mtu", link, mtu: 247 },
  { type: "received", link, class: 0, packet },
  { type: "sent", token: 70_000 },
  { type: "dropped", token: 70_000, reason: "unacknowledged" },
  { type: "unknown", token: 70_000 },
  { type: "quality", link, rssi: 127, lossPercent: 3, latencyMs: 40, throughput: 20_000 },
  { type: "battery", percent: 81, state: "powerSaver" },
  { type: "fault", code: 9, text: "the stack refused" },
  { type: "counters", values: [0, 127, 128, 2 ** 40] },
];

export const radioTargets = {
  command: layout(
    Command,
    commands.map((each) => encode(Command, each)),
  ),
  report: layout(
    Report,
    reports.map((each) => encode(Report, each)),
  ),
};
