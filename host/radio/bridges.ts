/** The chips in the cable, by their USB numbers: how fast they are, how they treat the control lines, which boards sit behind
 * them, and what they spoil. */
import type { LinePolicy } from "../../hardware/boards/board.ts";

export interface Bridge {
  readonly name: string;
  readonly baudMax: number;
  readonly line: LinePolicy;
  /** Boards that have it on them, by name; a cable's own bridge may have any. */
  readonly boards: readonly string[];
  readonly warning?: string;
}

/** An auto-reset circuit behind the bridge holds an ESP32 in reset while one line is asserted; an adapter on three wires has
 * neither, so that low harms nobody. */
const LOW: LinePolicy = Object.freeze({ dtr: "low", rts: "low" });
/** A USB device of its own says nothing until its host is ready, which DTR tells. */
const HIGH: LinePolicy = Object.freeze({ dtr: "high", rts: "unconnected" });

const DEBUGGER =
  "it is the debugger's: it corrupts transfers above 64 B and may hold the UART. Wire the radio's own pins to an adapter";

const ESP32_BOARDS = Object.freeze(["esp32-nodemcu", "esp32c3"]);

const BRIDGES: readonly (readonly [vendor: string, product: string | undefined, bridge: Bridge])[] = Object.freeze([
  ["10c4", "ea60", { name: "CP2102", baudMax: 921_600, line: LOW, boards: ESP32_BOARDS }],
  ["10c4", undefined, { name: "CP210x", baudMax: 921_600, line: LOW, boards: ESP32_BOARDS }],
  ["1a86", "7523", { name: "CH340", baudMax: 2_000_000, line: LOW, boards: ["esp32-nodemcu"] }],
  ["1a86", "55d4", { name: "CH9102", baudMax: 4_000_000, line: LOW, boards: ESP32_BOARDS }],
  ["1a86", undefined, { name: "CH34x", baudMax: 2_000_000, line: LOW, boards: ESP32_BOARDS }],
  ["0403", undefined, { name: "FTDI", baudMax: 3_000_000, line: LOW, boards: [] }],
  ["067b", undefined, { name: "PL2303", baudMax: 1_000_000, line: LOW, boards: [] }],
  ["1366", undefined, { name: "J-Link", baudMax: 1_000_000, line: HIGH, boards: [], warning: DEBUGGER }],
  ["0d28", undefined, { name: "DAPLink", baudMax: 115_200, line: HIGH, boards: [], warning: DEBUGGER }],
  [
    "303a",
    "1001",
    {
      name: "ESP32 USB-JTAG",
      baudMax: 921_600,
      line: LOW,
      boards: [],
      warning: "it is the chip's own USB, not its UART: use the board's other socket, or an adapter on TX and RX",
    },
  ],
  [
    "239a",
    undefined,
    {
      name: "Adafruit USB",
      baudMax: 115_200,
      line: HIGH,
      boards: [],
      warning: "it is the bootloader's socket, not the radio's UART: wire an adapter to TX and RX",
    },
  ],
] as const);

/** Numbers as sysfs writes them: four small hexadecimal digits. */
export function bridgeOf(vendor: string | undefined, product: string | undefined): Bridge | undefined {
  if (vendor === undefined) return undefined;
  const found = BRIDGES.find(([v, p]) => v === vendor && (p === undefined || p === product));
  return found?.[2];
}

/** A port of which nothing is known: a Pi's header, a CDC device, a pty. */
export const UNKNOWN_BAUD_MAX = 1_000_000;
export const lineOf = (bridge: Bridge | undefined, isCdc: boolean): LinePolicy => bridge?.line ?? (isCdc ? HIGH : LOW);

export const knownVendors = (): string[] => [...new Set(BRIDGES.map(([vendor]) => vendor))];
