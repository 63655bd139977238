/** What happens to boards, wires and air from outside, and what the hosts see of it. */
import type { Millis } from "../../protocol/core/units.ts";
import type { Position, Wall } from "./air/path-loss.ts";
import type { ByteFaults } from "./noise.ts";

export type WorldEvent =
  /** A host writes to its port. */
  | { readonly type: "write"; readonly at: Millis; readonly board: number; readonly bytes: Uint8Array }
  /** The supply drops out for a moment. */
  | { readonly type: "brownOut"; readonly at: Millis; readonly board: number }
  | { readonly type: "power"; readonly at: Millis; readonly board: number; readonly on: boolean }
  /** Somebody presses the button, or holds it down for the bootloader, where the board stays. */
  | { readonly type: "reset"; readonly at: Millis; readonly board: number; readonly into: "normal" | "bootloader" }
  /** Between host and board; the board's supply is another wire. */
  | { readonly type: "cable"; readonly at: Millis; readonly board: number; readonly plugged: boolean }
  /** What its transmit pin says from now on. */
  | {
      readonly type: "voice";
      readonly at: Millis;
      readonly board: number;
      readonly voice: "program" | "silence" | "babble";
    }
  /** A spark on its receive pin: a byte without a stop bit. */
  | { readonly type: "spark"; readonly at: Millis; readonly board: number }
  /** JavaScript is busy with something else: a page erase, a long collection. */
  | { readonly type: "pause"; readonly at: Millis; readonly board: number; readonly ms: number }
  /** The host's end of both wires. */
  | { readonly type: "rate"; readonly at: Millis; readonly board: number; readonly baud: number }
  /** What its cable does from now on, in both directions. */
  | { readonly type: "faults"; readonly at: Millis; readonly board: number; readonly faults: WireFaults }
  | { readonly type: "move"; readonly at: Millis; readonly board: number; readonly to: Position }
  | { readonly type: "walls"; readonly at: Millis; readonly walls: readonly Wall[] }
  | { readonly type: "tick"; readonly at: Millis };

export type WorldEffect =
  /** A host's port has bytes. */
  | { readonly type: "read"; readonly board: number; readonly bytes: Uint8Array }
  /** A host's port is there, or gone. */
  | { readonly type: "cable"; readonly board: number; readonly plugged: boolean };

export interface WireFaults extends ByteFaults {
  /** Shares of pieces that come byte by byte, or late and together with others. */
  readonly split?: number;
  readonly merge?: number;
}
