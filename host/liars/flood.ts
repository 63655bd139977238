/** Requests that no game knows, signed as any, to every neighbour at once. The honest kiosk underneath would not have numbered them. */
import type { SignedRequest } from "../../protocol/agreement/request.ts";
import { drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { counter, epoch } from "../../protocol/core/units.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import { signRequest } from "../engine/consensus/statements.ts";
import { type LiarHand, replicaOf } from "./hand.ts";

/** Between two floods. */
export const FLOOD_EVERY_MS = 2_000;
const FLOOD_COUNT = 12;
const JUNK_SIZE = 40;
const JUNK_SEAT = 3;
/** Numbers that its own player does not come to meanwhile. */
const AHEAD_COUNT = 64;

/** Nothing while it is no member. */
export function flood(hand: LiarHand): void {
  const { chance, ports, onAct, say } = hand;
  const of = replicaOf(hand);
  if (of === undefined || say === undefined) return;
  onAct();
  const executed = of.state.table.clients[of.me]?.executed ?? 0;
  const count = drawBelow(chance, FLOOD_COUNT);
  for (let each = 0; each < count; each++) {
    const number = counter(executed + AHEAD_COUNT + each);
    const request = { seat: JUNK_SEAT, number, operation: drawBytes(chance, JUNK_SIZE) };
    const requests: SignedRequest[] = [signRequest(of, ports, of.me, request)];
    const { bytes, packetClass } = sealSaid({ type: "requests", requests }, { id: of.table, epoch: epoch(of.epoch) });
    say(packetClass, bytes.slice());
  }
}
