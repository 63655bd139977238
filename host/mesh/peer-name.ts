/** What a peer is called in the tables of the mesh: the hex of its tag. It tells kiosks apart and proves nothing. */
import { assert } from "../../protocol/core/assert.ts";
import { PEER_TAG_SIZE } from "../../protocol/core/limits.ts";
import type { Brand } from "../../protocol/core/units.ts";

export type PeerName = Brand<string, "PeerName">;

export function peerName(tag: Uint8Array): PeerName {
  assert(tag.length === PEER_TAG_SIZE, "a tag has its size");
  let text = "";
  for (let at = 0; at < PEER_TAG_SIZE; at++) text += DIGITS[tag[at] >>> 4] + DIGITS[tag[at] & 15];
  return text as PeerName;
}

export function peerTag(name: PeerName): Uint8Array {
  const tag = new Uint8Array(PEER_TAG_SIZE);
  for (let at = 0; at < PEER_TAG_SIZE; at++) tag[at] = Number.parseInt(name.slice(2 * at, 2 * at + 2), 16);
  return tag;
}

const DIGITS = "0123456789abcdef";
