/** What a kiosk says goes to all that are there or to one member; an attacker has its own way with it. */
import type { Effect } from "../../host/engine/consensus/events.ts";
import { Said } from "../../protocol/agreement/said.ts";
import { type Codec, decode, encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { Message } from "../../protocol/message/kinds.ts";
import type { Packet } from "./packet.ts";
import { isHonest, type Kiosk, type Note, type Sim } from "./sim.ts";
import { tellSaid } from "./story.ts";
import { transmit } from "./transmit.ts";

export type Speech = Extract<Effect, { type: "say" | "send" }>;

export function sayTo(sim: Sim, of: Kiosk, effect: Speech, note: Note): void {
  const key = effect.to === "all" ? undefined : note.members[effect.to];
  if (effect.to !== "all" && key === undefined) return;
  const packet: Packet = {
    from: of.id,
    said: effect.type === "say" ? effect.said : undefined,
    message: effect.type === "send" ? effect.message : undefined,
    epoch: note.epoch,
    honest: isHonest(of),
  };
  if (of.attacker === undefined) tellSaid(sim, of, effect);
  for (let to = 0; to < sim.kiosks.length; to++) {
    const other = sim.kiosks[to];
    if (other.place === of.place || (key !== undefined && !bytesEqual(other.identity.key, key))) continue;
    if (of.attacker === undefined) deliver(sim, of, to, packet);
    else of.attacker.says(packet, to);
  }
}

/** To one process, however it was meant. */
export function deliver(sim: Sim, of: Kiosk, to: number, packet: Packet): void {
  const other = sim.kiosks[to];
  if (other.absent || other.attacker?.reaches(of.place) === false || of.attacker?.reaches(other.place) === false)
    return;
  transmit(sim, to, sim.plan.real ? overTheWire(packet) : packet);
}

/** Through its layout and back. */
function overTheWire(packet: Packet): Packet {
  const { said, message } = packet;
  return {
    ...packet,
    said: said === undefined ? undefined : again(Said, said),
    message: message === undefined ? undefined : again(Message, message),
  };
}

function again<T>(codec: Codec<T>, value: T): T {
  const decoded = decode(codec, encode(codec, value));
  assert(decoded.ok, "what is said can be read");
  return decoded.value;
}
