/** What is for one member goes along a way, within another packet; a liar lies there as it does to its neighbours. */
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { HopPacket, isHopPacket, ROUTED_SIZE_MAX } from "../mesh/hop-packet.ts";

type Routed = Extract<HopPacket, { type: "routed" }>;

function routedIn(packet: Uint8Array): Routed | undefined {
  const hop = isHopPacket(packet) ? decode(HopPacket, packet) : undefined;
  return hop?.ok === true && hop.value.type === "routed" ? hop.value : undefined;
}

/** The packet itself where it is no packet of a way. */
export const envelopeIn = (packet: Uint8Array): Uint8Array => routedIn(packet)?.envelope ?? packet;

/** The packet with another envelope; undefined of one that the way has no room for. */
export function withEnvelope(packet: Uint8Array, envelope: Uint8Array): Uint8Array | undefined {
  const routed = routedIn(packet);
  if (routed === undefined) return envelope;
  return envelope.length > ROUTED_SIZE_MAX ? undefined : encode(HopPacket, { ...routed, envelope }).slice();
}
