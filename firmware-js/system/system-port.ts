/** What a radio needs of its board beside air and wire. */
import type { ModemConfig, PeerAddress, RadioRole } from "../modem/facts.ts";

export interface SystemPort {
  /** Milliseconds since the boot, never back. */
  now(): number;
  /** Runs `shell.turn` then; another call takes the place of this one. */
  wakeAt(afterMs: number): void;
  /** Kept over a restart. A page of flash may be erased for it, which stops the board for a while. False: flash refused. */
  keepRole(role: RadioRole): boolean;
  keepLastWords(words: string): boolean;
  forget(): boolean;
  setClock(at: number): void;
  lamp(on: boolean): void;
  /** Undefined on a board that has no battery, or cannot measure it. */
  batteryPercent(): number | undefined;
  /** Does not return. */
  restart(into: "normal" | "bootloader"): void;
}

/** What is known when a board starts. */
export interface Boot {
  readonly boot: number;
  readonly reset: ModemConfig["reset"];
  readonly lastWords: string;
  readonly storedRole: RadioRole | undefined;
  readonly chip: Uint8Array;
  readonly address: PeerAddress;
}
