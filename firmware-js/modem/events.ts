/** Everything that can happen to a radio, and everything that it can do to its board, its stack and its wire. */
import type { ValueOf } from "../../protocol/bytes/codec.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Advert } from "../../protocol/radio/fields.ts";
import type { PeerAddress, RadioRole } from "./facts.ts";

export type ServiceData = ValueOf<typeof Advert>;

export type ModemEvent =
  /** The UART is open. Before this, nothing is heard or said. */
  | { readonly type: "boot"; readonly at: Millis }
  | { readonly type: "serial"; readonly at: Millis; readonly bytes: Uint8Array }
  /** The UART takes so many bytes now, in all. */
  | { readonly type: "writable"; readonly at: Millis; readonly room: number; readonly whole?: boolean }
  /** The stack stands. */
  | { readonly type: "ready"; readonly at: Millis; readonly role: RadioRole }
  /** A connection can pass values both ways: services found, notifications enabled. `role` is this radio's part in it;
   * `handle` is the stack's name, which it uses again. */
  | {
      readonly type: "connected";
      readonly at: Millis;
      readonly handle: number;
      readonly role: "server" | "client";
      readonly peer: PeerAddress;
    }
  /** An ordered connection did not come about. */
  | { readonly type: "connectFailed"; readonly at: Millis }
  | {
      readonly type: "disconnected";
      readonly at: Millis;
      readonly handle: number;
      readonly reason: "remote" | "supervision" | "failed";
    }
  | { readonly type: "mtu"; readonly at: Millis; readonly handle: number; readonly mtu: number }
  | { readonly type: "interval"; readonly at: Millis; readonly handle: number; readonly intervalMs: number }
  | { readonly type: "value"; readonly at: Millis; readonly handle: number; readonly bytes: Uint8Array }
  | {
      readonly type: "advert";
      readonly at: Millis;
      readonly peer: PeerAddress;
      readonly rssi: number;
      readonly serviceData: Uint8Array;
    }
  | { readonly type: "rssi"; readonly at: Millis; readonly handle: number; readonly rssi: number }
  | { readonly type: "battery"; readonly at: Millis; readonly percent: number }
  | { readonly type: "log"; readonly at: Millis; readonly level: 0 | 1 | 2 | 3; readonly text: string }
  | { readonly type: "tick"; readonly at: Millis };

/** Performed in order. */
export type ModemEffect =
  | { readonly type: "serial"; readonly bytes: Uint8Array }
  /** Close the UART and open it again: on both boards it can fall silent for good. */
  | { readonly type: "reopenSerial" }
  /** Open it at another speed; what was written before may be lost. */
  | { readonly type: "baud"; readonly baud: number }
  /** Once a boot. */
  | { readonly type: "begin"; readonly role: RadioRole; readonly name: string }
  | { readonly type: "storeRole"; readonly role: RadioRole }
  | { readonly type: "advertise"; readonly intervalMs: number; readonly advert: ServiceData }
  | { readonly type: "stopAdvertising" }
  | { readonly type: "scan"; readonly intervalMs: number; readonly windowMs: number }
  | { readonly type: "stopScanning" }
  /** The stack stops its scan for this by itself. */
  | { readonly type: "connect"; readonly to: PeerAddress }
  /** Only where the board has such a call. */
  | { readonly type: "cancelConnect" }
  | { readonly type: "disconnect"; readonly handle: number }
  | { readonly type: "value"; readonly handle: number; readonly bytes: Uint8Array }
  /** Only where the board has such a call. */
  | {
      readonly type: "requestParameters";
      readonly handle: number;
      readonly intervalMs: number;
      readonly supervisionMs: number;
    }
  /** `why` is kept over the restart as the last words of this run; nothing for a restart that was ordered. */
  | { readonly type: "restart"; readonly into: "normal" | "bootloader"; readonly why: string }
  | { readonly type: "identify"; readonly seconds: number }
  | { readonly type: "setClock"; readonly at: number }
  | { readonly type: "factoryReset" };
