/** One object on its way here: which chunks are here, of whom the others were asked, and who is said to have it. */
import { assert } from "../../../protocol/core/assert.ts";
import { CHUNK_BYTES_MAX } from "../../../protocol/core/limits.ts";
import { type MemberIndex, type Millis, memberIndex } from "../../../protocol/core/units.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import { chunkCount, chunkSize } from "./tree.ts";

export interface Fetch {
  readonly name: ObjectName;
  /** Nobody is asked while it is stalled; what is here stays, and it goes on when somebody offers the object. */
  isStalled: boolean;
  /** The object's own size, made when the first chunk has proved that there is such an object. */
  bytes: Uint8Array | undefined;
  /** A chunk each. */
  readonly isHere: boolean[];
  missingCount: number;
  readonly askedOf: (MemberIndex | undefined)[];
  /** What was asked of one member is numbered, over all objects. */
  readonly askedAs: number[];
  /** A member each. */
  readonly isHolder: boolean[];
  readonly owedCount: number[];
  /** When the last chunk came, or it began or went on. */
  progressAt: Millis;
}

/** Consecutive chunks. */
export interface Run {
  readonly index: number;
  readonly count: number;
}

export function fetch(name: ObjectName, memberCount: number, at: Millis): Fetch {
  const count = chunkCount(name.size);
  return {
    name: { digest: name.digest.slice(), size: name.size },
    isStalled: false,
    bytes: undefined,
    isHere: new Array<boolean>(count).fill(false),
    missingCount: count,
    askedOf: new Array<MemberIndex | undefined>(count).fill(undefined),
    askedAs: new Array<number>(count).fill(0),
    isHolder: new Array<boolean>(memberCount).fill(false),
    owedCount: new Array<number>(memberCount).fill(0),
    progressAt: at,
  };
}

/** The first chunks that are missing and that nobody was asked for. */
export function nextRun(fetch: Fetch, countMax: number): Run | undefined {
  const isWanted = (index: number): boolean => !fetch.isHere[index] && fetch.askedOf[index] === undefined;
  let index = 0;
  while (index < fetch.isHere.length && !isWanted(index)) index += 1;
  let count = 0;
  while (count < countMax && index + count < fetch.isHere.length && isWanted(index + count)) count += 1;
  return count === 0 ? undefined : { index, count };
}

/** `number`: of its first chunk. */
export function markAsked(fetch: Fetch, run: Run, peer: MemberIndex, number: number): void {
  for (let index = run.index; index < run.index + run.count; index++) {
    assert(!fetch.isHere[index] && fetch.askedOf[index] === undefined, "a chunk is asked of one member at a time");
    fetch.askedOf[index] = peer;
    fetch.askedAs[index] = number + index - run.index;
  }
  fetch.owedCount[peer] += run.count;
}

/** Copies the chunk, which is a view of what came. */
export function keep(fetch: Fetch, index: number, chunk: Uint8Array, at: Millis): void {
  assert(!fetch.isHere[index], "a chunk is kept once");
  assert(chunk.length === chunkSize(fetch.name.size, index), "a chunk has its size");
  fetch.bytes ??= new Uint8Array(fetch.name.size);
  fetch.bytes.set(chunk, index * CHUNK_BYTES_MAX);
  fetch.isHere[index] = true;
  fetch.missingCount -= 1;
  fetch.progressAt = at;
  unask(fetch, index);
}

/** What it owes, if it was asked for before `number`, may be asked of another. */
export function release(fetch: Fetch, peer: MemberIndex, number = Number.POSITIVE_INFINITY): void {
  if (fetch.owedCount[peer] === 0) return;
  for (let index = 0; index < fetch.askedOf.length; index++) {
    if (fetch.askedOf[index] === peer && fetch.askedAs[index] < number) unask(fetch, index);
  }
}

export function debtors(fetch: Fetch): number {
  let count = 0;
  for (const owed of fetch.owedCount) if (owed > 0) count += 1;
  return count;
}

/** Another membership: who was who is no longer so. */
export function setMembers(fetch: Fetch, memberCount: number): void {
  for (let peer = 0; peer < fetch.owedCount.length; peer++) release(fetch, memberIndex(peer));
  fetch.isHolder.length = 0;
  fetch.owedCount.length = 0;
  for (let peer = 0; peer < memberCount; peer++) {
    fetch.isHolder.push(false);
    fetch.owedCount.push(0);
  }
}

function unask(fetch: Fetch, index: number): void {
  const peer = fetch.askedOf[index];
  if (peer === undefined) return;
  fetch.askedOf[index] = undefined;
  fetch.owedCount[peer] -= 1;
  assert(fetch.owedCount[peer] >= 0, "what is owed is counted");
}
