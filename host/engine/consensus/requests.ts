/** §1 requests: what seats want, by kiosk and number, until it was executed. */
import type { RequestRun, SignedRequest } from "../../../protocol/agreement/request.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { BATCH_LENGTH_MAX } from "../../../protocol/core/limits.ts";
import { counter } from "../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import type { Effect, RefusedWhy } from "./events.ts";
import { PENDING_MAX, REQUEST_OVERHEAD_SIZE, REQUESTS_SAID_SIZE_MAX } from "./limits.ts";
import { slotAt } from "./log.ts";
import { canSign } from "./standing.ts";
import type { Pending, Replica, World } from "./state.ts";
import { signRequest, verifyRequest } from "./statements.ts";
import { rulesApproved, type Table } from "./table.ts";
import { isAnswered, isLate, sayAgainAt, wantStatus } from "./timing.ts";

/** Between the execution of a change of members and its epoch, places are already those of the next one; whoever is gone by
 * then has nothing left to be executed. */
export function executedOf(of: Replica<unknown>, member: number): number {
  const { table } = of.state;
  if (table.epoch === of.epoch) return table.clients[member].executed;
  const place = table.members.findIndex((key) => bytesEqual(key, of.members[member]));
  return table.clients[place]?.executed ?? Number.POSITIVE_INFINITY;
}

/** A seat of this kiosk: signed, durable, and said to everyone, so that no primary can keep it to itself. */
export function onSubmit<S>(
  of: Replica<S>,
  seat: number,
  operation: Uint8Array,
  effects: Effect[],
  world: World<S>,
): void {
  const why = refusal(of, seat, operation);
  if (why !== undefined) {
    effects.push({ type: "refused", seat, why });
    return;
  }
  of.lastNumber += 1;
  const request = { seat, number: counter(of.lastNumber), operation };
  const signed = signRequest(of, world.ports, of.me, request);
  effects.push({ type: "persist", record: { type: "request", signed } });
  put(of, signed);
  effects.push({ type: "say", to: "all", said: { type: "requests", requests: [signed] } });
}

function refusal(of: Replica<unknown>, seat: number, operation: Uint8Array): RefusedWhy | undefined {
  // Ahead of its state a member does not know which of its numbers are used up.
  if (!canSign(of) || of.state.table.epoch !== of.epoch) return "silent";
  if (of.lastNumber - executedOf(of, of.me) >= PENDING_MAX) return "full";
  const version = seat === KIOSK_SEAT ? rulesApproved(operation) : undefined;
  // Whoever approves of rules can play by them: nobody silences itself.
  return version !== undefined && !of.options.rules.includes(version) ? "unknown rules" : undefined;
}

/** Answers those that were executed before. */
export function onRequests<S>(
  of: Replica<S>,
  requests: readonly SignedRequest[],
  effects: Effect[],
  world: World<S>,
): SignedRequest[] {
  const executed: SignedRequest[] = [];
  for (const signed of requests) {
    const why = takeRequest(of, signed, world);
    if (why === "executed") executed.push(signed);
    if (why === "bad signature" || why === "no such member") effects.push({ type: "malformed", why });
  }
  return executed;
}

/** The first that came under a number stays: another one with the same number is the client's own trouble. */
function takeRequest<S>(
  of: Replica<S>,
  signed: SignedRequest,
  world: World<S>,
): "taken" | "known" | "executed" | "too far ahead" | "other" | "bad signature" | "no such member" {
  if (signed.sender >= of.members.length) return "no such member";
  const place = signed.request.number - executedOf(of, signed.sender) - 1;
  if (place < 0) return "executed";
  if (place >= PENDING_MAX) return "too far ahead";
  const held = of.pools[signed.sender].waiting[place];
  if (held !== undefined) return sameRequest(held.signed, signed) ? "known" : "other";
  if (!verifyRequest(of, world.ports, signed)) return "bad signature";
  put(of, signed);
  return "taken";
}

export function put(of: Replica<unknown>, signed: SignedRequest): void {
  const pool = of.pools[signed.sender];
  const place = signed.request.number - executedOf(of, signed.sender) - 1;
  while (pool.waiting.length <= place) pool.waiting.push(undefined);
  pool.waiting[place] = { signed, since: of.now, passedOn: -1, saidAt: of.now, saidAgain: 0 };
  wantStatus(of);
}

export const sameRequest = (left: SignedRequest, right: SignedRequest): boolean =>
  left === right ||
  (bytesEqual(left.signature, right.signature) &&
    left.request.seat === right.request.seat &&
    bytesEqual(left.request.operation, right.request.operation));

/** Nothing where one of them is not held. */
export function requestsOf(of: Replica<unknown>, runs: readonly RequestRun[]): SignedRequest[] | undefined {
  const requests: SignedRequest[] = [];
  for (const run of runs) {
    if (run.sender >= of.members.length) return undefined;
    const first = run.first - executedOf(of, run.sender) - 1;
    for (let at = 0; at < run.count; at++) {
      const held = of.pools[run.sender].waiting[first + at];
      if (held === undefined) return undefined;
      requests.push(held.signed);
    }
  }
  return requests;
}

/** Executed, in its turn: the window of numbers moves on. */
export function forget(of: Replica<unknown>, member: number): void {
  of.pools[member].waiting.shift();
  of.pools[member].movedAt = of.now;
}

/** Another table state: what it has executed of each member's requests need not wait any more. */
export function moveOn(of: Replica<unknown>, table: Table): (Pending | undefined)[][] {
  return of.members.map((key, member) => {
    const place = table.members.findIndex((each) => bytesEqual(each, key));
    const now = table.clients[place]?.executed ?? 0;
    const gone = Math.max(0, now - executedOf(of, member));
    // Of an old image of this kiosk: what others have executed under its numbers is used up.
    if (member === of.me) of.lastNumber = Math.max(of.lastNumber, now);
    if (gone > 0) of.pools[member].movedAt = of.now;
    return of.pools[member].waiting.splice(0, gone);
  });
}

export function runsOf(requests: readonly SignedRequest[]): RequestRun[] {
  const runs: { sender: RequestRun["sender"]; first: RequestRun["first"]; count: number }[] = [];
  for (const { sender, request } of requests) {
    const last = runs.at(-1);
    if (last !== undefined && last.sender === sender && last.first + last.count === request.number) last.count += 1;
    else runs.push({ sender, first: request.number, count: 1 });
  }
  return runs;
}

/** Own requests that were not executed. What f + 1 members have answered is only not executed here. */
export const ownPending = (of: Replica<unknown>): SignedRequest[] => ownWaiting(of).map(({ signed }) => signed);

const ownWaiting = (of: Replica<unknown>): Pending[] =>
  of.me < 0
    ? []
    : of.pools[of.me].waiting.filter((held): held is Pending => held !== undefined && !isAnswered(of, held));

/** Own requests that have waited for long since they were said last: they may not have reached the primary. */
export function sayAgain(of: Replica<unknown>, effects: Effect[]): void {
  const due = ownWaiting(of).filter((each) => of.now >= sayAgainAt(of, each));
  for (const each of due) {
    each.saidAt = of.now;
    each.saidAgain += 1;
  }
  sayRequests(
    due.map(({ signed }) => signed),
    effects,
  );
}

/** The same requests under the signature of a new epoch, once it is known which of them were executed in the last one. */
export function resign<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  if (of.unsigned.length === 0 || !canSign(of) || of.state.table.epoch !== of.epoch) return;
  const requests: SignedRequest[] = [];
  for (const { request } of of.unsigned.splice(0)) {
    if (request.number <= executedOf(of, of.me)) continue;
    const signed = signRequest(of, world.ports, of.me, request);
    effects.push({ type: "persist", record: { type: "request", signed } });
    put(of, signed);
    requests.push(signed);
  }
  sayRequests(requests, effects);
}

/** §1.1 a client that asks one kiosk alone would make it suspect alone, and be of no use: what waits too long at the head of a
 * line, and was not proposed, is told to everyone, once in a view. The rest of the line follows in its turn: a dead primary makes
 * everything late, and ten kiosks that told each other all of it would say 2 MB. */
export function passOn(of: Replica<unknown>, effects: Effect[]): void {
  const late: SignedRequest[] = [];
  for (let member = 0; member < of.members.length; member++) {
    const head = of.pools[member].waiting[0];
    if (head === undefined || member === of.me || !isLate(of, member)) continue;
    head.passedOn = of.view;
    if (!isProposed(of, head.signed)) late.push(head.signed);
  }
  sayRequests(late, effects);
}

function isProposed(of: Replica<unknown>, signed: SignedRequest): boolean {
  for (let at = of.executed + 1; at <= of.known; at++) {
    if (slotAt(of, at)?.batch?.requests.some((each) => sameRequest(each, signed))) return true;
  }
  return false;
}

/** As many at a time as a packet holds. */
export function sayRequests(requests: readonly SignedRequest[], effects: Effect[]): void {
  let line: SignedRequest[] = [];
  let size = 0;
  for (const signed of requests) {
    const own = REQUEST_OVERHEAD_SIZE + signed.request.operation.length;
    if (line.length === BATCH_LENGTH_MAX || (line.length > 0 && size + own > REQUESTS_SAID_SIZE_MAX)) {
      effects.push({ type: "say", to: "all", said: { type: "requests", requests: line } });
      line = [];
      size = 0;
    }
    line.push(signed);
    size += own;
  }
  if (line.length > 0) effects.push({ type: "say", to: "all", said: { type: "requests", requests: line } });
}
