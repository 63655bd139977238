/**
 * Fetching objects, several at a time, from members of whom some lie, drip or are silent.
 *
 * A name comes from elsewhere and is believed; of what members send, each chunk is checked alone before it is kept. So a
 * liar costs one chunk, and what is here never has to be fetched again.
 */
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { type MemberIndex, type Millis, memberIndex, millis } from "../../../protocol/core/units.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { ask } from "./asking.ts";
import { type Fetch, fetch, keep, nextRun, release, setMembers } from "./fetch.ts";
import type { Chunk, FetchEffect, FetchEvent, Ignored, Refuse } from "./fetch-events.ts";
import { type Fetches, isEligible, owedBy, peersOf } from "./fetch-state.ts";
import { FETCH_TIMEOUT_MS, OBJECT_FETCHES_MAX, OVERTAKEN_COUNT } from "./limits.ts";
import { isTooLong } from "./message-size.ts";
import { noteBrought, silentAt } from "./patience.ts";
import { onBusy, onSilent } from "./peers.ts";
import { sameName, verifyChunk } from "./tree.ts";

export function step(state: Fetches, event: FetchEvent, ports: Pick<Ports, "digest">, effects: FetchEffect[]): void {
  assert(event.at >= state.now, "time runs forward");
  state.now = event.at;
  switch (event.type) {
    case "want":
      onWant(state, event, effects);
      break;
    case "offered":
      if (isHeard(state, event.from, effects)) onOffered(state, event.from, event.name, effects);
      break;
    case "heard":
      isHeard(state, event.from, effects);
      break;
    case "chunk":
      if (isHeard(state, event.from, effects)) onChunk(state, event.from, event.chunk, ports, effects);
      break;
    case "refuse":
      if (isHeard(state, event.from, effects)) onRefuse(state, event.from, event.refuse, effects);
      break;
    case "forget":
      onForget(state, event.name, effects);
      break;
    case "members":
      onMembers(state, event.count, event.own);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  if (state.fetches.length === 0) return;
  noteStalls(state, effects);
  noteSilence(state);
  ask(state, effects);
}

/** When the machine wants a tick. */
export function nextDeadline(state: Fetches): Millis | undefined {
  let at = Number.POSITIVE_INFINITY;
  for (const fetch of state.fetches) {
    if (fetch.isStalled) continue;
    at = Math.min(at, fetch.progressAt + FETCH_TIMEOUT_MS);
    const isWaiting = nextRun(fetch, 1) !== undefined;
    for (let each = 0; each < state.peers.length; each++) {
      const peer = state.peers[each];
      if (fetch.owedCount[each] > 0) at = Math.min(at, silentAt(state, each));
      if (isWaiting && peer.retryAt > state.now && isEligible(state, fetch, each)) at = Math.min(at, peer.retryAt);
    }
  }
  return at === Number.POSITIVE_INFINITY ? undefined : millis(at);
}

function onWant(state: Fetches, event: FetchEvent & { type: "want" }, effects: FetchEffect[]): void {
  const { name, subject, holders } = event;
  if (isTooLong(subject, name.size)) {
    effects.push({ type: "refused", name, why: "too long" });
    return;
  }
  const wanted = find(state, name) ?? begin(state, name);
  if (wanted === undefined) {
    effects.push({ type: "refused", name, why: "full" });
    return;
  }
  goOn(state, wanted);
  for (const holder of holders) {
    assert(holder < state.peers.length, "a holder is a member");
    if (holder !== state.own) wanted.isHolder[holder] = true;
  }
}

/** A stalled one gives way: nobody has what it needs. */
function begin(state: Fetches, name: ObjectName): Fetch | undefined {
  const { fetches } = state;
  if (fetches.length === OBJECT_FETCHES_MAX) {
    const stalled = fetches.findIndex((each) => each.isStalled);
    if (stalled < 0) return undefined;
    fetches.splice(stalled, 1);
  }
  const begun = fetch(name, state.peers.length, state.now);
  let place = 0;
  while (place < fetches.length && fetches[place].name.size <= name.size) place += 1;
  fetches.splice(place, 0, begun);
  return begun;
}

function onOffered(state: Fetches, from: MemberIndex, name: ObjectName, effects: FetchEffect[]): void {
  const wanted = find(state, name);
  if (wanted === undefined) return void effects.push(ignored("unknown object"));
  if (state.peers[from].isBarred) return void effects.push(ignored("barred"));
  wanted.isHolder[from] = true;
  goOn(state, wanted);
}

function onChunk(
  state: Fetches,
  from: MemberIndex,
  chunk: Chunk,
  ports: Pick<Ports, "digest">,
  effects: FetchEffect[],
): void {
  const { object, index, path, bytes } = chunk;
  const peer = state.peers[from];
  if (peer.isBarred) return void effects.push(ignored("barred"));
  const wanted = find(state, object);
  if (wanted === undefined) return void effects.push(ignored("unknown object"));
  if (wanted.isHere[index]) return void effects.push(ignored("duplicate"));
  const verdict = verifyChunk(ports, wanted.name, index, path, bytes);
  if (!verdict.ok) {
    bar(state, from, effects);
    effects.push({ type: "blame", peer: from, name: wanted.name, why: verdict.why });
    return;
  }
  // Late or unasked it is as good as any.
  const wasOwed = wanted.askedOf[index] === from;
  noteBrought(state, from, wasOwed);
  if (wasOwed) noteLosses(state, from, wanted.askedAs[index] - OVERTAKEN_COUNT);
  keep(wanted, index, bytes, state.now);
  wanted.isStalled = false;
  if (wanted.missingCount > 0) return;
  assert(wanted.bytes !== undefined, "what is whole has its bytes");
  state.fetches.splice(state.fetches.indexOf(wanted), 1);
  effects.push({ type: "fetched", name: wanted.name, bytes: wanted.bytes });
}

function onRefuse(state: Fetches, from: MemberIndex, refuse: Refuse, effects: FetchEffect[]): void {
  const wanted = find(state, refuse.object);
  if (wanted === undefined) return void effects.push(ignored("unknown object"));
  if (wanted.owedCount[from] === 0) return void effects.push(ignored("not asked"));
  release(wanted, from);
  if (refuse.reason === "busy") {
    onBusy(state.peers[from], state.now);
    return;
  }
  wanted.isHolder[from] = false;
  stallWithoutHolders(state, wanted, effects);
}

function onForget(state: Fetches, name: ObjectName, effects: FetchEffect[]): void {
  const wanted = find(state, name);
  if (wanted === undefined) return void effects.push(ignored("unknown object"));
  state.fetches.splice(state.fetches.indexOf(wanted), 1);
}

function onMembers(state: Fetches, count: number, own: number): void {
  state.own = own;
  state.peers = peersOf(state.now, count);
  for (const fetch of state.fetches) setMembers(fetch, count);
}

function bar(state: Fetches, from: MemberIndex, effects: FetchEffect[]): void {
  state.peers[from].isBarred = true;
  for (const fetch of state.fetches) {
    release(fetch, from);
    if (fetch.isHolder[from]) stallWithoutHolders(state, fetch, effects);
  }
}

/** What was asked for long before what has come is lost: it would only take up the window. */
function noteLosses(state: Fetches, from: MemberIndex, number: number): void {
  for (const fetch of state.fetches) release(fetch, from, number + 1);
}

/** With each that is given up less is owed, and the others are waited for less long. */
function noteSilence(state: Fetches): void {
  for (let each = silentOne(state); each !== undefined; each = silentOne(state)) {
    onSilent(state.peers[each], state.now);
    for (const fetch of state.fetches) release(fetch, each);
  }
}

function silentOne(state: Fetches): MemberIndex | undefined {
  for (let each = 0; each < state.peers.length; each++) {
    if (owedBy(state, each) > 0 && state.now >= silentAt(state, each)) return memberIndex(each);
  }
  return undefined;
}

function noteStalls(state: Fetches, effects: FetchEffect[]): void {
  for (const fetch of state.fetches) {
    if (!fetch.isStalled && state.now >= fetch.progressAt + FETCH_TIMEOUT_MS) stall(fetch, "no progress", effects);
  }
}

/** No waiting for what cannot come: something newer may be had. */
function stallWithoutHolders(state: Fetches, fetch: Fetch, effects: FetchEffect[]): void {
  const isHad = fetch.isHolder.some((isHolder, each) => isHolder && !state.peers[each].isBarred);
  if (!isHad && !fetch.isStalled) stall(fetch, "nobody has it", effects);
}

function stall(fetch: Fetch, why: "no progress" | "nobody has it", effects: FetchEffect[]): void {
  fetch.isStalled = true;
  for (let each = 0; each < fetch.owedCount.length; each++) release(fetch, memberIndex(each));
  effects.push({ type: "stalled", name: fetch.name, why });
}

function goOn(state: Fetches, fetch: Fetch): void {
  if (!fetch.isStalled) return;
  fetch.isStalled = false;
  fetch.progressAt = state.now;
}

function isHeard(state: Fetches, from: MemberIndex, effects: FetchEffect[]): boolean {
  const peer = state.peers[from];
  if (peer === undefined || from === state.own) {
    effects.push(ignored("no such member"));
    return false;
  }
  peer.heardAt = state.now;
  return true;
}

const find = (state: Fetches, name: ObjectName): Fetch | undefined =>
  state.fetches.find((each) => sameName(each.name, name));

const ignored = (why: Ignored): FetchEffect => ({ type: "ignored", why });
