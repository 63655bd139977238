/** What the driver of one radio is told, and everything it asks for. */

import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { LinkGeneration, Millis } from "../../protocol/core/units.ts";
import type { Order, SessionEffect } from "./events.ts";
import type { PortProblem } from "./port.ts";
import type { WireMeasure } from "./wire-test.ts";

export type DriverEvent =
  | { readonly type: "begin"; readonly at: Millis }
  /** The port that was asked for is open. `device` is its name, for people; `baudMax` is undefined where it has no rate.
   * `isElsewhere`: it is not the configured one but one like it, and right only if the same radio answers. */
  | {
      readonly type: "opened";
      readonly at: Millis;
      readonly device: string;
      readonly baudMax: number | undefined;
      readonly isElsewhere: boolean;
    }
  | { readonly type: "failed"; readonly at: Millis; readonly device: string; readonly problem: PortProblem }
  /** The port went away by itself. */
  | { readonly type: "closed"; readonly at: Millis; readonly why: string }
  /** A device came or went: a port that is waited for is tried at once. */
  | { readonly type: "appeared"; readonly at: Millis }
  | { readonly type: "received"; readonly at: Millis; readonly bytes: Uint8Array }
  | { readonly type: "writable"; readonly at: Millis; readonly room: number }
  | { readonly type: "order"; readonly at: Millis; readonly order: Order }
  | {
      readonly type: "send";
      readonly at: Millis;
      readonly id: number;
      readonly link: LinkGeneration;
      readonly class: PacketClass;
      readonly packet: Uint8Array;
    }
  | { readonly type: "tick"; readonly at: Millis }
  /** For good. */
  | { readonly type: "end"; readonly at: Millis };

export type DriverEffect =
  /** `attempt` counts the failures before it: whoever opens may try another device at another attempt. */
  | { readonly type: "open"; readonly attempt: number; readonly baud: number }
  | { readonly type: "close" }
  | { readonly type: "baud"; readonly baud: number }
  | { readonly type: "state"; readonly state: RadioState }
  /** Before the radio is told to be up: how good its wire is, at the rate that was chosen. */
  | { readonly type: "tested"; readonly measure: WireMeasure }
  | SessionEffect;

/** - waiting: for a port that cannot be opened. - opening. - listening: the port is open, no hello came. - testing: the wire.
 * - up. - silent, babbling: the port is open and nothing comes, or nothing that makes sense. - damaged: long
 * frames do not come through. - stranger: frames, but no hello. - otherVersion. - ended. */
export type RadioStateKind =
  | "waiting"
  | "opening"
  | "listening"
  | "testing"
  | "up"
  | "silent"
  | "babbling"
  | "damaged"
  | "stranger"
  | "otherVersion"
  | "ended";

export interface RadioState {
  readonly kind: RadioStateKind;
  readonly device: string;
  /** Plain words for people: the device, what is awaited or wrong, and the next thing to try. */
  readonly words: string;
  /** The same without the device, and without what the driver does next. */
  readonly why: string;
  /** While it waits for a port that does not open. */
  readonly problem?: PortProblem;
}
