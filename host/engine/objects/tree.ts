/**
 * What an object is known by, and how one chunk of it is checked alone.
 *
 *     leaf = digest( CHUNK, size ‖ index ‖ bytes )      node = digest( NODE, left ‖ right )
 *
 * The two have domains of their own, so that no leaf passes for a node. A node without a right neighbour goes up as it is:
 * nothing is doubled, so that no two lists of chunks have one root (a tree that doubles its last leaf does:
 * CVE-2012-2459). Size and index say how the tree stands and which way leads to the leaf, and both are in the leaf: a root
 * admits one size, and each place in it one chunk.
 *
 * An object of one chunk costs one digest.
 */
import { rest } from "../../../protocol/bytes/blobs.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { u16, u32 } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { CHUNK_BYTES_MAX, DIGEST_SIZE, OBJECT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { Digest, type ObjectName } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";

const CHUNK_DOMAIN = "hardway object chunk";
const NODE_DOMAIN = "hardway object node";

const Leaf = struct("Leaf", { size: u32, index: u16, bytes: rest(CHUNK_BYTES_MAX) });
const Node = struct("Node", { left: Digest, right: Digest });

type Digests = Pick<Ports, "digest" | "room">;

/** All digests, from the leaves up to the root alone. */
export interface ObjectTree {
  readonly name: ObjectName;
  readonly levels: readonly (readonly Uint8Array[])[];
}

export type ChunkVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: "no such chunk" | "wrong size" | "wrong path" | "not of this object" };

export function objectName(ports: Digests, bytes: Uint8Array): ObjectName {
  if (bytes.length <= CHUNK_BYTES_MAX) return { digest: leafOf(ports, bytes.length, 0, bytes), size: bytes.length };
  return objectTree(ports, bytes).name;
}

export function objectTree(ports: Digests, bytes: Uint8Array): ObjectTree {
  const size = bytes.length;
  assert(size <= OBJECT_SIZE_MAX, "an object keeps its bound");
  let level: Uint8Array[] = [];
  for (let index = 0; index < chunkCount(size); index++) {
    level.push(leafOf(ports, size, index, chunkOf(bytes, index)));
  }
  const levels = [level];
  while (level.length > 1) levels.push((level = above(ports, level)));
  return { name: { digest: level[0], size }, levels };
}

/** The neighbours on the way up from a chunk, lowest first. */
export function pathOf(tree: ObjectTree, index: number): Uint8Array[] {
  assert(index >= 0 && index < tree.levels[0].length, "the object has this chunk");
  const path: Uint8Array[] = [];
  for (let height = 0; height < tree.levels.length - 1; height++) {
    const neighbour = tree.levels[height][(index >> height) ^ 1];
    if (neighbour !== undefined) path.push(neighbour);
  }
  return path;
}

/** What can be counted comes first: a peer buys no digest with a chunk that has the wrong shape. */
export function verifyChunk(
  ports: Digests,
  name: ObjectName,
  index: number,
  path: readonly Uint8Array[],
  bytes: Uint8Array,
): ChunkVerdict {
  const count = chunkCount(name.size);
  if (!(index >= 0 && index < count)) return { ok: false, why: "no such chunk" };
  if (bytes.length !== chunkSize(name.size, index)) return { ok: false, why: "wrong size" };
  if (path.length !== pathLength(count, index)) return { ok: false, why: "wrong path" };
  let digest = leafOf(ports, name.size, index, bytes);
  let taken = 0;
  for (let place = index, width = count; width > 1; place >>= 1, width = (width + 1) >> 1) {
    if (isAlone(place, width)) continue;
    const neighbour = path[taken++];
    digest = (place & 1) === 0 ? nodeOf(ports, digest, neighbour) : nodeOf(ports, neighbour, digest);
  }
  return sameBytes(digest, name.digest) ? { ok: true } : { ok: false, why: "not of this object" };
}

/** Nothing is one empty chunk, so that it too has a name. */
export const chunkCount = (size: number): number => Math.max(1, Math.ceil(size / CHUNK_BYTES_MAX));

/** All chunks are full but the last. */
export const chunkSize = (size: number, index: number): number =>
  Math.min(CHUNK_BYTES_MAX, size - index * CHUNK_BYTES_MAX);

/** A view. */
export const chunkOf = (bytes: Uint8Array, index: number): Uint8Array =>
  bytes.subarray(index * CHUNK_BYTES_MAX, (index + 1) * CHUNK_BYTES_MAX);

export const sameName = (left: ObjectName, right: ObjectName): boolean =>
  left.size === right.size && sameBytes(left.digest, right.digest);

/** Neighbours on the way: one a level, but where the node has none. */
function pathLength(count: number, index: number): number {
  let length = 0;
  for (let place = index, width = count; width > 1; place >>= 1, width = (width + 1) >> 1) {
    if (!isAlone(place, width)) length += 1;
  }
  return length;
}

/** The last of an odd number: it goes up as it is. */
const isAlone = (place: number, width: number): boolean => (place ^ 1) >= width;

function above(ports: Digests, level: readonly Uint8Array[]): Uint8Array[] {
  const next: Uint8Array[] = [];
  for (let place = 0; place < level.length; place += 2) {
    next.push(isAlone(place, level.length) ? level[place] : nodeOf(ports, level[place], level[place + 1]));
  }
  return next;
}

const LEAF_OVERHEAD = Leaf.sizeMax - CHUNK_BYTES_MAX;

/** Room for this chunk and not for the longest: most objects are batches of a few hundred bytes. */
function leafOf(ports: Digests, size: number, index: number, bytes: Uint8Array): Uint8Array {
  const out = roomFor(ports, LEAF_OVERHEAD + bytes.length);
  Leaf.write(out, { size, index, bytes });
  return ports.digest(CHUNK_DOMAIN, out.take());
}

function nodeOf(ports: Digests, left: Uint8Array, right: Uint8Array): Uint8Array {
  const out = roomFor(ports, 2 * DIGEST_SIZE);
  Node.write(out, { left, right });
  return ports.digest(NODE_DOMAIN, out.take());
}

function roomFor({ room }: Digests, size: number): Writer {
  if (room === undefined) return new Writer(size);
  room.reserve(size);
  return room;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}
