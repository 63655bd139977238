/**
 * What a kiosk has for others: objects by their names, and a measure of bytes for each member, so that whoever asks without
 * end gets its share and takes nobody else's.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { CHUNK_COUNT_MAX, DIGEST_SIZE, MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { push, type Queue, queue, shift } from "../../../protocol/core/queue.ts";
import type { MemberIndex, Millis } from "../../../protocol/core/units.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import type { Chunk, Chunks, Refuse } from "./fetch-events.ts";
import {
  ANSWER_OVERHEAD_SIZE,
  COLLECTED_NAMES_MAX,
  HELD_OBJECTS_MAX,
  HELD_SIZE_MAX,
  SERVE_BURST_SIZE,
  SERVE_BYTES_PER_SECOND,
} from "./limits.ts";
import { chunkCount, chunkOf, type ObjectTree, objectTree, pathOf, sameName } from "./tree.ts";

export interface Holdings {
  now: Millis;
  readonly held: Held[];
  /** Of all bytes held. */
  size: number;
  /** Names that were let go, as far back as they are remembered. */
  readonly collected: Queue<ObjectName>;
  /** By place. */
  measures: Measure[];
  readonly bytesPerSecond: number;
}

interface Held {
  readonly name: ObjectName;
  readonly bytes: Uint8Array;
  /** Made when somebody first asks: most objects are never asked for. */
  tree: ObjectTree | undefined;
}

interface Measure {
  /** Bytes that may be sent now; fractions count. */
  tokens: number;
  filledAt: Millis;
}

/** One effect an answer; an honest asker gets at least one. */
export interface ServeEffect {
  readonly type: "send";
  readonly to: MemberIndex;
  readonly step: Chunk | Refuse;
}

export type Answer = "served" | "served in part" | "refused" | "ignored: nothing asked" | "ignored: too much asked";

export function holdings(at: Millis, memberCount: number, bytesPerSecond = SERVE_BYTES_PER_SECOND): Holdings {
  const made: Holdings = {
    now: at,
    held: [],
    size: 0,
    collected: queue(COLLECTED_NAMES_MAX),
    measures: [],
    bytesPerSecond,
  };
  setAskers(made, at, memberCount);
  return made;
}

/** Another membership: everyone begins anew. */
export function setAskers(holdings: Holdings, at: Millis, memberCount: number): void {
  assert(memberCount >= 1 && memberCount <= MEMBERS_MAX, "members keep their bound");
  holdings.measures = [];
  for (let each = 0; each < memberCount; each++) holdings.measures.push({ tokens: SERVE_BURST_SIZE, filledAt: at });
}

/** The name is that of the bytes, and the bytes do not change any more. False where there is no room. */
export function hold(holdings: Holdings, name: ObjectName, bytes: Uint8Array): boolean {
  assert(name.size === bytes.length, "an object has the size of its name");
  if (isHeld(holdings, name)) return true;
  if (holdings.held.length === HELD_OBJECTS_MAX || holdings.size + bytes.length > HELD_SIZE_MAX) return false;
  holdings.held.push({ name, bytes, tree: undefined });
  holdings.size += bytes.length;
  return true;
}

/** False where it was not held. */
export function letGo(holdings: Holdings, name: ObjectName): boolean {
  const place = holdings.held.findIndex((each) => sameName(each.name, name));
  if (place < 0) return false;
  const [gone] = holdings.held.splice(place, 1);
  holdings.size -= gone.bytes.length;
  if (holdings.collected.length === holdings.collected.lengthMax) shift(holdings.collected);
  push(holdings.collected, gone.name);
  return true;
}

export const isHeld = (holdings: Holdings, name: ObjectName): boolean => find(holdings, name) !== undefined;

/** Chunks in their order, as far as the asker's measure goes. To refuse costs too: it is signed and sent like any answer. */
export function answer(
  holdings: Holdings,
  at: Millis,
  from: MemberIndex,
  asked: Chunks,
  ports: Pick<Ports, "digest">,
  effects: ServeEffect[],
): Answer {
  assert(at >= holdings.now, "time runs forward");
  holdings.now = at;
  const measure = holdings.measures[from];
  assert(measure !== undefined, "who asks is a member");
  fill(measure, at, holdings.bytesPerSecond);
  const { object, index, count } = asked;
  const held = find(holdings, object);
  if (held === undefined) {
    return refuse(measure, from, object, wasCollected(holdings, object) ? "collected" : "unknown", effects);
  }
  const end = Math.min(index + count, chunkCount(object.size), CHUNK_COUNT_MAX);
  if (index >= end) return "ignored: nothing asked";
  held.tree ??= objectTree(ports, held.bytes);
  assert(sameName(held.tree.name, held.name), "an object is held by its own name");
  for (let each = index; each < end; each++) {
    const path = pathOf(held.tree, each);
    const bytes = chunkOf(held.bytes, each);
    if (!spend(measure, bytes.length + path.length * DIGEST_SIZE + ANSWER_OVERHEAD_SIZE)) {
      const refused = refuse(measure, from, object, "busy", effects);
      return each > index ? "served in part" : refused;
    }
    effects.push({ type: "send", to: from, step: { type: "chunk", object: held.name, index: each, path, bytes } });
  }
  return "served";
}

function refuse(
  measure: Measure,
  to: MemberIndex,
  object: ObjectName,
  reason: "unknown" | "collected" | "busy",
  effects: ServeEffect[],
): Answer {
  if (!spend(measure, ANSWER_OVERHEAD_SIZE)) return "ignored: too much asked";
  effects.push({ type: "send", to, step: { type: "refuse", object, reason } });
  return "refused";
}

function fill(measure: Measure, at: Millis, bytesPerSecond: number): void {
  const gained = ((at - measure.filledAt) * bytesPerSecond) / 1000;
  measure.tokens = Math.min(SERVE_BURST_SIZE, measure.tokens + gained);
  measure.filledAt = at;
}

function spend(measure: Measure, size: number): boolean {
  if (measure.tokens < size) return false;
  measure.tokens -= size;
  return true;
}

const find = (holdings: Holdings, name: ObjectName): Held | undefined =>
  holdings.held.find((each) => sameName(each.name, name));

const wasCollected = (holdings: Holdings, name: ObjectName): boolean =>
  holdings.collected.slots.some((each) => each !== undefined && sameName(each, name));
