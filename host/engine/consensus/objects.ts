/** §9 what is too long to say: fetched by name and checked chunk by chunk, and given to whoever asks. */

import { ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { Batch } from "../../../protocol/agreement/request.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { type MemberIndex, memberIndex } from "../../../protocol/core/units.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import type { SyncStep } from "../../../protocol/message/sync.ts";
import type { FetchEffect, FetchEvent } from "../objects/fetch-events.ts";
import { nextDeadline, step } from "../objects/fetches.ts";
import { HELD_OBJECTS_MAX } from "../objects/limits.ts";
import type { Subject } from "../objects/message-size.ts";
import { answer, hold, isHeld, letGo, type ServeEffect, setAskers } from "../objects/serve.ts";
import type { Effect } from "./events.ts";
import { sameName, slotAt } from "./log.ts";
import { primaryOf } from "./quorums.ts";
import type { Replica, Slot, World } from "./state.ts";

/** Later in the same step, because whoever wants something may be in the middle of a change. */
export function wantObject(
  of: Replica<unknown>,
  subject: Subject,
  name: ObjectName,
  holders?: readonly number[],
): void {
  if (of.wanting.some((each) => sameName(each.name, name))) return;
  of.wanting.push({ subject, name, holders });
}

export const fetchObject = (of: Replica<unknown>, name: ObjectName, holder: number): void =>
  wantObject(of, "viewChange", name, [holder]);

/** What nobody waits for any more makes room for what is waited for. */
function forgetUnwanted<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  for (const { name } of of.objects.fetches.fetches.slice()) {
    if (isWanted(of, name)) continue;
    fetchStep(of, { type: "forget", at: of.now, name }, effects, world);
  }
}

function isWanted(of: Replica<unknown>, name: ObjectName): boolean {
  if (of.snapshot !== undefined && sameName(of.snapshot.header.state, name)) return true;
  if (of.viewChanges.some((held) => held !== undefined && held.body === undefined && sameName(held.change.body, name)))
    return true;
  if (of.pendingNewView?.newView.viewChanges.some(({ body }) => sameName(body, name))) return true;
  return (
    of.snapshot === undefined &&
    of.slots.some((slot) => slot.batch === undefined && slot.name !== undefined && sameName(slot.name, name))
  );
}

/** Batches whose name is known and whose bytes are not here. With a snapshot on its way they come with it, unless they lead there
 * by themselves. */
export function wantBatches(of: Replica<unknown>): void {
  if (of.snapshot !== undefined && !of.diverged && leadsTo(of, of.snapshot.header.sequence)) of.snapshot = undefined;
  if (of.snapshot !== undefined) return;
  const end = Math.min(Math.max(of.known, of.decided), of.executed + 2 * of.options.window);
  for (let at = of.executed + 1; at <= end; at++) {
    const slot = slotAt(of, at);
    if (slot?.name === undefined || slot.batch !== undefined) continue;
    wantObject(of, "batch", slot.name, at > of.decided && !slot.again ? holdersOf(of, at) : undefined);
  }
}

function leadsTo(of: Replica<unknown>, end: number): boolean {
  if (end > of.decided) return false;
  for (let at = of.executed + 1; at <= end; at++) if (slotAt(of, at)?.name === undefined) return false;
  return true;
}

/** Whoever proposed it has it, and whoever has prepared it. Others may be asked in vain, and that takes longer than a view. */
const holdersOf = (of: Replica<unknown>, at: number): number[] =>
  of.votes.prepared.flatMap((reached, member) => (reached >= at || member === primaryOf(of, of.view) ? [member] : []));

export function flushWanted<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  if (of.wanting.length === 0) return;
  forgetUnwanted(of, effects, world);
  const others: MemberIndex[] = [];
  for (let member = 0; member < of.members.length; member++) if (member !== of.me) others.push(memberIndex(member));
  for (const { subject, name, holders } of of.wanting.splice(0)) {
    const known = others.filter((each) => holders?.includes(each));
    const from = known.length === 0 ? others : known;
    fetchStep(of, { type: "want", at: of.now, subject, name, holders: from }, effects, world);
  }
}

export function onObjectStep<S>(
  of: Replica<S>,
  from: MemberIndex,
  said: Extract<SyncStep, { type: "requestChunks" | "chunk" | "refuse" }>,
  effects: Effect[],
  world: World<S>,
): void {
  switch (said.type) {
    case "requestChunks":
      serve(of, from, said, effects, world);
      break;
    case "chunk":
      fetchStep(of, { type: "chunk", at: of.now, from, chunk: said }, effects, world);
      break;
    case "refuse":
      fetchStep(of, { type: "refuse", at: of.now, from, refuse: said }, effects, world);
      break;
  }
}

export function fetchStep<S>(of: Replica<S>, event: FetchEvent, effects: Effect[], world: World<S>): void {
  const said: FetchEffect[] = [];
  step(of.objects.fetches, event, world.ports, said);
  for (const each of said) {
    if (each.type === "send")
      effects.push({ type: "send", to: each.to, message: { type: "stateSync", step: each.step } });
    else if (each.type === "fetched") of.arrived.push({ name: each.name, bytes: each.bytes });
    else if (each.type === "blame") effects.push({ type: "malformed", why: `chunk: ${each.why}` });
    // A state that nobody has any more is not waited for: batches may lead there, or a newer one.
    else if (each.type === "stalled" && of.snapshot !== undefined && sameName(of.snapshot.header.state, each.name))
      of.snapshot = undefined;
  }
}

export const objectsDue = (of: Replica<unknown>): number | undefined => nextDeadline(of.objects.fetches);

function serve<S>(
  of: Replica<S>,
  from: MemberIndex,
  asked: Extract<SyncStep, { type: "requestChunks" }>,
  effects: Effect[],
  world: World<S>,
): void {
  const { holdings } = of.objects;
  if (!isHeld(holdings, asked.object)) {
    const bytes = objectNamed(of, asked.object);
    if (bytes !== undefined) {
      if (holdings.held.length === HELD_OBJECTS_MAX) letGo(holdings, holdings.held[0].name);
      hold(holdings, asked.object, bytes);
    }
  }
  const said: ServeEffect[] = [];
  answer(holdings, of.now, from, asked, world.ports, said);
  for (const each of said) effects.push({ type: "send", to: each.to, message: { type: "stateSync", step: each.step } });
}

/** Encoded when somebody asks: most is never asked for. */
export function objectNamed(of: Replica<unknown>, name: ObjectName): Uint8Array | undefined {
  if (sameName(of.stable.header.state, name)) return of.stable.state;
  // A quorum may have signed it that this kiosk has not heard of yet.
  for (const own of of.checkpoints) if (sameName(own.header.state, name)) return own.state;
  for (const held of of.viewChanges) {
    if (held?.body !== undefined && sameName(held.change.body, name)) return encode(ViewChangeBody, held.body);
  }
  for (const body of of.newViewBodies) if (sameName(body.name, name)) return encode(ViewChangeBody, body.body);
  const batch = batchIn(of.slots, name) ?? batchIn(of.archive, name);
  return batch === undefined ? undefined : encode(Batch, batch);
}

function batchIn(slots: readonly Slot[], name: ObjectName): Batch | undefined {
  for (const slot of slots) {
    if (slot.name !== undefined && slot.batch !== undefined && sameName(slot.name, name)) return slot.batch;
    const kept = slot.kept.find((each) => sameName(each.name, name));
    if (kept !== undefined) return kept.batch;
  }
  return undefined;
}

export function setObjectMembers<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  fetchStep(of, { type: "members", at: of.now, count: of.members.length, own: of.me }, effects, world);
  setAskers(of.objects.holdings, of.now, of.members.length);
}
