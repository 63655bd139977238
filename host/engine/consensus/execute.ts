/** §4.3 execution: in order, each request once, and what is invalid does nothing on every replica alike. */
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { agreedMillis, epoch, type Millis, sequence } from "../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { takeCheckpoint } from "./checkpoint.ts";
import type { Done, Effect } from "./events.ts";
import { guiltyOf } from "./evidence.ts";
import { REPLIES_KEPT_MAX } from "./limits.ts";
import { isNull } from "./log.ts";
import { wasAnswered } from "./replies.ts";
import { forget } from "./requests.ts";
import type { Replica, Slot, World } from "./state.ts";
import { enact, executeTable, letGo } from "./table.ts";
import { timeAgreed, timeCaughtUp } from "./table-time.ts";
import { executedBatch } from "./timing.ts";

export function executeSlot<S>(of: Replica<S>, slot: Slot, effects: Effect[], world: World<S>): void {
  const { name, batch, history } = slot;
  if (name === undefined || batch === undefined || history === undefined) return;
  const { state } = of;
  state.sequence = slot.sequence;
  state.history = history;
  of.executed = slot.sequence;
  // A barrier that was voted on here in another view may not be what was decided.
  if (of.barrier === slot.sequence) of.barrier = undefined;
  let done: Done[] = [];
  if (!isNull(name)) {
    // A batch proposed again may find its predecessor gone, and a later time before it: time stands still then.
    state.time = Math.max(state.time, batch.time);
    // The first turn begins with the first batch.
    if (state.table.rotated === 0) state.table.rotated = state.time;
    world.machine.advance(state.machine, agreedMillis(state.time));
    executedBatch(of, sinceOf(of, batch.requests));
    done = batch.requests.map((signed) => execute(of, signed, effects, world));
    if (world.machine.house !== undefined) letGo(state.table, world.machine.house.outcasts(state.machine));
    if (batch.barrier !== undefined) {
      const { epoch: last } = state.table;
      enact(state.table, batch.barrier, state.time, world.ports);
      if (state.table.epoch !== last) tellMembers(of, world);
      checkRules(of, effects);
      if (slot.sequence > of.start.sequence) of.barrier = slot.sequence;
    }
    if (slot.again) timeCaughtUp(of);
    else timeAgreed(of);
    of.machineDue = world.machine.deadline(state.machine);
  }
  effects.push({ type: "executed", sequence: sequence(slot.sequence), time: agreedMillis(state.time), done });
  const isBarrier = batch.barrier !== undefined && !isNull(name);
  if (isBarrier || slot.sequence % of.options.checkpointEvery === 0) takeCheckpoint(of, isBarrier, effects, world);
}

/** The next epoch begins where the barrier stands. */
function tellMembers<S>({ state }: Replica<S>, { machine }: World<S>): void {
  const { table, time } = state;
  machine.house?.change(state.machine, {
    epoch: epoch(table.epoch),
    members: table.members,
    start: { sequence: sequence(state.sequence), digest: state.history },
    time: agreedMillis(time),
  });
}

/** Only a kiosk that knows the rules can follow the game. */
export function checkRules(of: Replica<unknown>, effects: Effect[]): void {
  const { rules } = of.state.table;
  if (of.options.rules.includes(rules) || of.outdated) return;
  of.outdated = true;
  effects.push({ type: "outdated", rules });
}

/** When the one that waited longest was first seen here. */
function sinceOf(of: Replica<unknown>, requests: readonly SignedRequest[]): Millis | undefined {
  let since: Millis | undefined;
  for (const { sender, request } of requests) {
    const client = of.state.table.clients[sender];
    const waiting = of.pools[placeOf(of, sender)]?.waiting;
    const held = client === undefined ? undefined : waiting?.[request.number - client.executed - 1];
    if (held !== undefined && (since === undefined || held.since < since)) since = held.since;
  }
  return since;
}

/** A member's place now, by its place in the epoch that is executed: history may be of an earlier one. */
function placeOf(of: Replica<unknown>, member: number): number {
  const { table } = of.state;
  if (table.epoch === of.epoch) return member;
  const key = table.members[member];
  return of.members.findIndex((each) => bytesEqual(each, key));
}

function execute<S>(of: Replica<S>, signed: SignedRequest, effects: Effect[], world: World<S>): Done {
  const member = signed.sender;
  const { number, seat, operation } = signed.request;
  const client = of.state.table.clients[member];
  if (client === undefined || number > client.executed + 1) {
    // Out of its turn: it is not used up, and its kiosk offers it again.
    return { request: signed, result: new Uint8Array(0), repeated: true };
  }
  if (number <= client.executed) {
    const kept = client.replies.find((reply) => reply.number === number);
    return { request: signed, result: kept?.result ?? new Uint8Array(0), repeated: true };
  }
  const { table } = of.state;
  const time = agreedMillis(of.state.time);
  const result =
    seat === KIOSK_SEAT
      ? executeTable(table, member, operation, {
          guilty: (evidence) => guiltyOf(of, evidence, world),
          convict: (evidence) => world.machine.house?.convict(of.state.machine, evidence, time) ?? false,
        })
      : world.machine.execute(of.state.machine, {
          ...{ client: member, seat, rules: table.rules, time, bytes: operation },
        });
  client.executed = number;
  if (client.replies.length === REPLIES_KEPT_MAX) client.replies.shift();
  client.replies.push({ number, sequence: of.state.sequence, result });
  const place = placeOf(of, member);
  if (place >= 0) forget(of, place);
  // Of a kiosk that lost its memory: what was executed under its numbers is used up.
  if (place >= 0 && place === of.me) of.lastNumber = Math.max(of.lastNumber, number);
  if (place >= 0 && place === of.me && !wasAnswered(of, number))
    effects.push({ type: "answered", number, seat, result });
  return { request: signed, result, repeated: false };
}
