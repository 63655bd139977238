/** A first-in first-out queue with a bound. Reaching it is an ordinary event: `push` answers false. Plain data, so that a
 * snapshot of a machine holds its queues. */
import { assert } from "./assert.ts";

export interface Queue<T> {
  readonly lengthMax: number;
  readonly slots: (T | undefined)[];
  head: number;
  length: number;
}

export function queue<T>(lengthMax: number): Queue<T> {
  assert(lengthMax > 0, "a queue holds something");
  return { lengthMax, slots: [], head: 0, length: 0 };
}

export function push<T>(line: Queue<T>, item: T): boolean {
  if (line.length === line.lengthMax) return false;
  line.slots[(line.head + line.length) % line.lengthMax] = item;
  line.length += 1;
  return true;
}

export function first<T>(line: Queue<T>): T | undefined {
  return line.length === 0 ? undefined : line.slots[line.head];
}

export function shift<T>(line: Queue<T>): T | undefined {
  if (line.length === 0) return undefined;
  const item = line.slots[line.head];
  // The slot is emptied, so that what was taken can be collected.
  line.slots[line.head] = undefined;
  line.length -= 1;
  // An empty queue begins anew: its array never grows longer than the queue was, which on a board is most of the bound.
  line.head = line.length === 0 ? 0 : (line.head + 1) % line.lengthMax;
  return item;
}

/** The item `index` places behind the first. */
export function peek<T>(line: Queue<T>, index: number): T {
  assert(index >= 0 && index < line.length, "the place is taken");
  return line.slots[(line.head + index) % line.lengthMax] as T;
}

export function clear<T>(line: Queue<T>): void {
  while (line.length > 0) shift(line);
}
