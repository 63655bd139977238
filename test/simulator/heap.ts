/** What is to happen, earliest first; of one moment, what was scheduled first. */
import { assert } from "../../protocol/core/assert.ts";

export interface Timed {
  readonly at: number;
  /** Rises with each that is scheduled: ties have one order. */
  readonly order: number;
}

export function schedule<T extends Timed>(heap: T[], item: T): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!before(item, heap[above])) break;
    heap[at] = heap[above];
    at = above;
  }
  heap[at] = item;
}

export function takeEarliest<T extends Timed>(heap: T[]): T {
  assert(heap.length > 0, "something is to happen");
  const first = heap[0];
  const last = heap.pop() as T;
  const size = heap.length;
  if (size === 0) return first;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= size) break;
    if (below + 1 < size && before(heap[below + 1], heap[below])) below += 1;
    if (!before(heap[below], last)) break;
    heap[at] = heap[below];
    at = below;
  }
  heap[at] = last;
  return first;
}

const before = (left: Timed, right: Timed): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);
