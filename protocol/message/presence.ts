/** That a kiosk lives, and whom it sees. */
import type { ValueOf } from "../bytes/codec.ts";
import { choice, optional, struct } from "../bytes/compound.ts";
import { byteUpTo, i8, varint } from "../bytes/numbers.ts";
import { PEERS_SEEN_MAX } from "../core/limits.ts";
import { ascending, bytesComeBefore, OwnTime, PeerTag, Place, View } from "./fields.ts";

/** Ages beyond an hour are all the same. */
const AGE_MAX_SECONDS = 3600;

export const PeerSeen = struct("PeerSeen", {
  peer: PeerTag,
  /** Seconds since anything signed by it arrived, by whatever way. */
  ageSeconds: varint(AGE_MAX_SECONDS),
  /** Signal strength in dBm where there is a link of its own; −128 where nobody measured it. Two that name each other so vouch
   * for their link. */
  signal: optional(i8),
});
export type PeerSeen = ValueOf<typeof PeerSeen>;

export const Heartbeat = struct("Heartbeat", {
  time: OwnTime,
  view: View,
  executed: Place,
  power: choice("PowerState", { active: 1, powerSaver: 2, lowPower: 3, sleep: 4 }),
  batteryPercent: optional(byteUpTo(100)),
  /** The network as this kiosk sees it: partitions show in the views that do not meet. */
  peers: ascending(PeerSeen, PEERS_SEEN_MAX, (left, right) => bytesComeBefore(left.peer, right.peer)),
});
export type Heartbeat = ValueOf<typeof Heartbeat>;
