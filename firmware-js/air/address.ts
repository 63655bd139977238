/** Addresses as both stacks give them: least significant byte first, and a type whose lowest bit says random. */
import type { PeerAddress } from "../modem/facts.ts";

/** Somebody as the SDK names him; its typings call the type of an address by another type's name. */
export interface StackDevice {
  readonly address: ArrayBufferLike;
  readonly addressType: number;
}

export function peerOf(device: StackDevice): PeerAddress {
  const kind = (device.addressType & 1) === 1 ? "random" : "public";
  return { kind, address: new Uint8Array(device.address).slice().reverse() };
}

export const stackAddress = (peer: PeerAddress): ArrayBuffer => peer.address.slice().reverse().buffer as ArrayBuffer;

export const stackAddressType = (peer: PeerAddress): number => (peer.kind === "random" ? 1 : 0);
