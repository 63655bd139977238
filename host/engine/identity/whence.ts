/**
 * What makes two sources two: what an attacker cannot have many of. Where packets come over the internet that is a network of
 * it; over the air it is the neighbour that passed them on, once a session has proved its key; and before that the radio and how
 * loud the stranger is there, for addresses are drawn at will and one place sounds alike.
 */
import { hex } from "./known.ts";
import { RSSI_CELL_DB } from "./limits.ts";

export interface Whence {
  /** A number or a prefix of the network, where there is one. */
  readonly network?: string;
  /** The proven key of the first hop. */
  readonly relay?: Uint8Array;
  /** Which of the kiosk's radios heard it, and how loud. */
  readonly radio: number;
  readonly rssiDbm?: number;
}

export function sourceName({ network, relay, radio, rssiDbm }: Whence): string {
  if (network !== undefined) return `network ${network}`;
  if (relay !== undefined) return `relay ${hex(relay)}`;
  if (rssiDbm === undefined) return `radio ${radio}`;
  return `radio ${radio} cell ${Math.floor(-rssiDbm / RSSI_CELL_DB)}`;
}
