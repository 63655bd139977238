/** How long a link-layer packet is on the air, and what a connection can carry by that (Bluetooth Core, Vol 6 Part B 2.1 and
 * 2.4). Whole microseconds, so that nothing drifts. */
import type { Phy } from "../../boards/board.ts";

/** Between two packets of one connection event. */
export const FRAME_SPACE_US = 150;
/** An attribute's value travels behind the lengths of L2CAP and ATT. */
export const VALUE_OVERHEAD = 7;
/** With data length extension, which all our boards have. */
export const PAYLOAD_SIZE_MAX = 251;
/** A whole legacy advertisement: 31 B of data behind header and address. */
export const ADVERT_US = 376;
const INTEGRITY_SIZE = 4;

export function packetUs(phy: Phy, payloadSize: number, encrypted: boolean): number {
  const size = payloadSize + (encrypted && payloadSize > 0 ? INTEGRITY_SIZE : 0);
  switch (phy) {
    case "1M":
      return (10 + size) * 8;
    case "2M":
      return (11 + size) * 4;
    case "codedS2":
      return 376 + (43 + 8 * size) * 2;
    case "codedS8":
      return 376 + (43 + 8 * size) * 8;
  }
}

/** What the receiver must get right: all but the preamble. */
export const packetBits = (payloadSize: number, encrypted: boolean): number =>
  (9 + payloadSize + (encrypted && payloadSize > 0 ? INTEGRITY_SIZE : 0)) * 8;

/** One exchange within an event: there, a space, back, a space. */
export const pairUs = (phy: Phy, there: number, back: number, encrypted: boolean): number =>
  packetUs(phy, there, encrypted) + packetUs(phy, back, encrypted) + 2 * FRAME_SPACE_US;

export interface Load {
  readonly phy: Phy;
  readonly intervalMs: number;
  /** Links that share the radio. */
  readonly links: number;
  readonly eventMs?: number | undefined;
  readonly packetsPerEvent?: number | undefined;
  readonly encrypted?: boolean;
  readonly valueSize?: number;
}

/** The formula: bytes a second of one link and direction, nothing the other way, nothing lost. */
export function goodput(load: Load): number {
  const { valueSize = PAYLOAD_SIZE_MAX - VALUE_OVERHEAD, encrypted = false } = load;
  const eventUs = 1000 * Math.min(load.eventMs ?? Number.POSITIVE_INFINITY, load.intervalMs / load.links);
  const fitting = Math.floor(eventUs / pairUs(load.phy, valueSize + VALUE_OVERHEAD, 0, encrypted));
  return (Math.min(fitting, load.packetsPerEvent ?? fitting) * valueSize * 1000) / load.intervalMs;
}
