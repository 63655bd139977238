/** What a session with one radio is told, and everything it asks for. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { LinkGeneration, Millis } from "../../protocol/core/units.ts";
import type { LogLevel } from "../../protocol/link/events.ts";
import type { Command } from "../../protocol/radio/command.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { Report } from "../../protocol/radio/report.ts";

/** What a host orders; sends have an event of their own. */
export type Order = Exclude<Command, { type: "send" }>;

/** What a radio tells that this session does not keep to itself. */
export type News = Exclude<Report, { type: "hello" | "sent" | "dropped" | "unknown" | "received" }>;

export type SessionEvent =
  /** The port is open, again or for the first time; `session` was never used before. */
  | { readonly type: "plugged"; readonly at: Millis; readonly session: number }
  | { readonly type: "unplugged"; readonly at: Millis }
  | { readonly type: "received"; readonly at: Millis; readonly bytes: Uint8Array }
  /** As of the serial link. */
  | { readonly type: "writable"; readonly at: Millis; readonly room: number; readonly whole?: boolean }
  | { readonly type: "order"; readonly at: Millis; readonly order: Order }
  | {
      readonly type: "send";
      readonly at: Millis;
      /** The caller's name for the packet, under which it is settled. */
      readonly id: number;
      readonly link: LinkGeneration;
      readonly class: PacketClass;
      readonly packet: Uint8Array;
    }
  | { readonly type: "tick"; readonly at: Millis };

export type SessionEffect =
  | { readonly type: "transmit"; readonly bytes: Uint8Array }
  /** The radio is there, and what it can do. `rebooted`: it is not the boot of the last hello, so its links are gone. */
  | { readonly type: "up"; readonly hello: Hello; readonly rebooted: boolean }
  | { readonly type: "down"; readonly why: DownReason }
  | { readonly type: "news"; readonly report: News }
  | {
      readonly type: "arrived";
      readonly link: LinkGeneration;
      readonly class: PacketClass;
      readonly packet: Uint8Array;
    }
  /** Once for every packet given: the neighbour's host has it, has it not, or may have it. */
  | { readonly type: "settled"; readonly id: number; readonly outcome: Outcome }
  | { readonly type: "refused"; readonly order: Order["type"]; readonly why: "full" | "no radio" }
  | { readonly type: "logged"; readonly level: LogLevel; readonly text: string };

export type Outcome =
  | { readonly type: "sent" }
  | { readonly type: "dropped"; readonly why: string }
  | { readonly type: "unknown" };

/** - silent: nothing that makes sense comes. - no hello: the wire speaks our frames, but no radio answers.
 * - other version: see the hello's major. - restarted: the radio began anew. */
export type DownReason = "unplugged" | "silent" | "no hello" | "other version" | "restarted";
