/** What a kiosk says of itself every few seconds. */
import { millis, sequence, view } from "../../protocol/core/units.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { PeerSeen } from "../../protocol/message/presence.ts";
import type { PowerState } from "../../protocol/power/rules.ts";
import type { Replica } from "../engine/consensus/state.ts";

export const heartbeat = (
  { state, view: now }: Replica<unknown>,
  wallMs: number,
  peers: readonly PeerSeen[],
  power: PowerState,
): Message => ({
  ...{ type: "heartbeat", time: millis(Math.max(0, Math.floor(wallMs))), view: view(now) },
  executed: { sequence: sequence(state.sequence), digest: state.history },
  ...{ power, batteryPercent: undefined, peers },
});
