/** What is in a packet between neighbours, for whoever looks on. */
import { HopPacket, isHopPacket } from "../../../host/mesh/hop-packet.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { Envelope } from "../../../protocol/envelope/envelope.ts";

/** Undefined where the packet is one of the mesh's own. */
export function envelopeIn(packet: Uint8Array): Uint8Array | undefined {
  if (!isHopPacket(packet)) return packet;
  const decoded = decode(HopPacket, packet);
  return decoded.ok && decoded.value.type === "routed" ? decoded.value.envelope : undefined;
}

export function signerOf(envelope: Uint8Array): number | undefined {
  const decoded = decode(Envelope, envelope);
  if (!decoded.ok || (decoded.value.type !== "member" && decoded.value.type !== "memberPacked")) return undefined;
  return decoded.value.reach.sender;
}
