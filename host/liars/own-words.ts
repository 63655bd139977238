/** What a kiosk says in a packet that it sends, as far as anybody on the way may read it. */
import type { Said } from "../../protocol/agreement/said.ts";
import { decode } from "../../protocol/bytes/codec.ts";
import { epoch, millis } from "../../protocol/core/units.ts";
import { Envelope } from "../../protocol/envelope/envelope.ts";
import { type Opened, open } from "../../protocol/envelope/open.ts";
import { openSaid } from "../../protocol/envelope/open-said.ts";
import { replayWindows } from "../../protocol/envelope/replay.ts";
import { strangerReplay } from "../../protocol/envelope/stranger-replay.ts";
import { kindOf } from "../../protocol/message/kinds.ts";
import { type LiarHand, replicaOf } from "./hand.ts";

/** By whomever. */
export function saidIn(hand: LiarHand, packet: Uint8Array): Said | undefined {
  const of = replicaOf(hand);
  if (of === undefined) return undefined;
  const opened = openSaid(packet, { tables: [{ id: of.table, epoch: epoch(of.epoch) }] });
  return opened.ok ? opened.said : undefined;
}

/** By itself. */
export function ownSaid(hand: LiarHand, packet: Uint8Array): Said | undefined {
  const of = replicaOf(hand);
  const said = saidIn(hand, packet);
  if (of === undefined || said === undefined) return undefined;
  if (said.type === "ballot") return said.ballot.sender === of.me ? said : undefined;
  if (said.type === "requests") return said.requests[0]?.sender === of.me ? said : undefined;
  return said.type === "viewChange" && said.change.sender === of.me ? said : undefined;
}

/** Its own part of the dice, or whatever else it reveals of them. */
export function ownReveal(hand: LiarHand, packet: Uint8Array): Opened | undefined {
  const of = replicaOf(hand);
  const envelope = decode(Envelope, packet);
  if (of === undefined || !envelope.ok) return undefined;
  const { value } = envelope;
  if (value.type !== "member" && value.type !== "memberPacked") return undefined;
  if (value.reach.sender !== of.me || value.kind !== kindOf("randomnessReveal").tag) return undefined;
  const table = { id: of.table, epoch: epoch(of.epoch), members: of.members, replay: replayWindows(of.members.length) };
  const opened = open(
    packet,
    { tables: [table], strangers: strangerReplay(), now: millis(0) },
    // Its own signature is not looked at.
    { verify: () => true },
  );
  return opened.ok ? opened : undefined;
}
