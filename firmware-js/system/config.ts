/** The part of the board's facts that a build puts into the firmware, as the manifest's `config.radio` brings it. A build
 * that brings something else is no radio, and says so at once. */
import { assert } from "../../protocol/core/assert.ts";
import type { BoardFacts } from "../modem/facts.ts";
import type { UartPins } from "../serial/uart.ts";
import type { Boot } from "./system-port.ts";

export interface RadioConfig extends Omit<BoardFacts, "chip" | "build" | "address" | "natives"> {
  /** Sixteen hexadecimal digits. */
  readonly build: string;
  readonly uart: UartPins;
  /** A pending connection can be ended from JavaScript. */
  readonly cancels: boolean;
}

export function radioConfig(config: unknown): RadioConfig {
  const radio = (config as { radio?: RadioConfig } | undefined)?.radio;
  assert(radio !== undefined, "the manifest's config names the radio: build with `hardway firmware build`");
  assert(/^[0-9a-f]{16}$/.test(radio.build), "the build is sixteen hexadecimal digits");
  return radio;
}

export const boardFacts = (config: RadioConfig, boot: Boot, natives: boolean): BoardFacts => ({
  ...config,
  chip: boot.chip,
  build: fromHex(config.build),
  address: boot.address,
  natives: { deepSleep: 0, cancel: config.cancels || natives ? 1 : 0, parameters: natives ? 1 : 0, crc: 1 },
});

function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
