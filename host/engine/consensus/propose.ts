/** §3 the primary's turn: requests into batches, batches into free slots, and now and then a barrier. */
import type { Barrier, Batch, Proposal, SignedRequest } from "../../../protocol/agreement/request.ts";
import { view } from "../../../protocol/core/units.ts";
import type { Effect } from "./events.ts";
import { nextPrimaryView } from "./leader.ts";
import { historyAt, nextHistory, setName, slotAt, slotFor } from "./log.ts";
import { batchName, keepBatch, lastTime, mayEnact, outlineOf } from "./proposals.ts";
import { executedOf } from "./requests.ts";
import { hasRoom, mayPropose } from "./standing.ts";
import type { Replica, World } from "./state.ts";
import { changeDigest } from "./table.ts";
import { batchTime, rotationInMs, tickDue } from "./table-time.ts";
import { flushDue } from "./timing.ts";

/** Answers what was proposed now, to be said with the next ballot. */
export function propose<S>(of: Replica<S>, effects: Effect[], world: World<S>): boolean {
  if (!mayPropose(of)) return false;
  let any = false;
  while (hasRoom(of)) {
    const barrier = barrierDue(of, world);
    if (barrier !== undefined) {
      // Whoever votes on a barrier has executed everything below it.
      if (of.executed === of.known) {
        place(of, { time: batchTime(of, lastTime(of, of.known + 1)), barrier, requests: [] }, effects, world);
        of.barrier = of.known;
        any = true;
      }
      return any;
    }
    const waiting = available(of);
    const idle = of.executed === of.known;
    const tick = idle && tickDue(of);
    if (waiting === 0 && !tick) return any;
    if (waiting < of.options.batchLengthMax && !idle && !flushDue(of)) return any;
    if (!any && !idle && !worthSaying(of) && !flushDue(of)) return any;
    const requests = take(of);
    place(of, { time: batchTime(of, lastTime(of, of.known + 1)), barrier: undefined, requests }, effects, world);
    any = true;
  }
  return any;
}

/** Under load slots become free one by one, and a ballot for each costs everyone a ballot and a check of it. Half a window goes
 * at once; the other half is on its way meanwhile. */
function worthSaying({ options, executed, known }: Replica<unknown>): boolean {
  return !options.bundles || executed + options.window - known >= options.window / 2;
}

function place<S>(of: Replica<S>, batch: Batch, effects: Effect[], world: World<S>): void {
  const at = of.known + 1;
  const before = historyAt(of, of.known);
  const slot = slotFor(of, at);
  const name = batchName(world, batch);
  setName(slot, name, nextHistory(world.ports, before as Uint8Array, at, name));
  slot.again = false;
  keepBatch(slot, batch, effects);
  of.known = at;
}

/** What the next ballot brings beside its votes: outlines of what was not said yet. */
export function proposalsBetween(of: Replica<unknown>, after: number, end: number): Proposal[] {
  const slots: Proposal[] = [];
  for (let at = after + 1; at <= end; at++) {
    const slot = slotFor(of, at);
    if (slot.batch !== undefined && !slot.again) slots.push({ type: "outline", ...outlineOf(slot.batch) });
    else if (slot.name !== undefined) slots.push({ type: "name", name: slot.name });
  }
  return slots;
}

/** Requests held in an unbroken run of numbers, not proposed in this view yet. */
function available(of: Replica<unknown>): number {
  let count = 0;
  for (let member = 0; member < of.members.length; member++) {
    const pool = of.pools[member];
    let at = Math.max(0, pool.proposed - executedOf(of, member));
    while (pool.waiting[at] !== undefined) {
      count += 1;
      at += 1;
    }
  }
  return count;
}

/** Round about, beginning with another member at each sequence: nobody is always last. */
function take(of: Replica<unknown>): SignedRequest[] {
  const requests: SignedRequest[] = [];
  const n = of.members.length;
  for (let turn = 0; turn < n; turn++) {
    const member = (of.known + turn) % n;
    const pool = of.pools[member];
    const done = executedOf(of, member);
    const share = Math.ceil((of.options.batchLengthMax - requests.length) / (n - turn));
    let at = Math.max(0, pool.proposed - done);
    for (let taken = 0; taken < Math.max(1, share) && requests.length < of.options.batchLengthMax; taken++) {
      const held = pool.waiting[at];
      if (held === undefined) break;
      requests.push(held.signed);
      at += 1;
    }
    pool.proposed = Math.max(pool.proposed, done + at);
  }
  // What is left goes to whoever has more.
  for (let member = 0; member < n && requests.length < of.options.batchLengthMax; member++) {
    const pool = of.pools[member];
    const done = executedOf(of, member);
    let at = Math.max(0, pool.proposed - done);
    while (pool.waiting[at] !== undefined && requests.length < of.options.batchLengthMax) {
      requests.push((pool.waiting[at] as { signed: SignedRequest }).signed);
      at += 1;
    }
    pool.proposed = Math.max(pool.proposed, done + at);
  }
  return requests;
}

/** In a new view: everything known in the log counts as proposed, and nothing else. */
export function recountProposed(of: Replica<unknown>): void {
  for (let member = 0; member < of.members.length; member++) of.pools[member].proposed = executedOf(of, member);
  for (let at = of.executed + 1; at <= of.known; at++) {
    for (const { sender, request } of slotAt(of, at)?.batch?.requests ?? []) {
      const pool = of.pools[sender];
      if (pool !== undefined) pool.proposed = Math.max(pool.proposed, request.number);
    }
  }
}

function barrierDue<S>(of: Replica<S>, world: World<S>): Barrier | undefined {
  const table = of.state.table;
  const next = view(nextPrimaryView(of));
  if (table.due.length > 0 && mayEnact(of, batchTime(of, lastTime(of, of.known + 1)), world)) {
    return { type: "enact", change: changeDigest(world.ports, table.due[0]), view: next };
  }
  const rotation = rotationInMs(of);
  if (rotation === undefined || rotation > 0) return undefined;
  // However short a turn is: what waits comes first, or a liar's wishes would leave time for hand-overs alone.
  if (of.executed === of.start.sequence && available(of) > 0) return undefined;
  return { type: "rotate", view: next };
}
