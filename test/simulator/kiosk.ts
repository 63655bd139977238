/** One process: a replica over a disk, with a clock of its own. Effects are performed in their order, and none leaves before
 * what it rests on is flushed; between any two of them the power may go. */

import type { Effect, Event } from "../../host/engine/consensus/events.ts";
import { historyAt } from "../../host/engine/consensus/log.ts";
import { recover } from "../../host/engine/consensus/restart.ts";
import { deadlineOf, step } from "../../host/engine/consensus/step.ts";
import type { Machine } from "../../host/engine/machine.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { memberIndex, millis } from "../../protocol/core/units.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import { localNow, wallOf } from "./clock.ts";
import type { Identity } from "./crypto.ts";
import { append, disk, flush } from "./disk.ts";
import { foundingOf } from "./founding.ts";
import { schedule } from "./heap.ts";
import { afterStep, beforeStep, performed } from "./invariants/checker.ts";
import { noteRequest } from "./invariants/ledger.ts";
import type { BadDisk } from "./kinds.ts";
import { brief } from "./mixing.ts";
import type { Packet } from "./packet.ts";
import { die } from "./power.ts";
import { sayTo } from "./say.ts";
import { count, isHonest, type Kiosk, mixTrace, type Note, type Sim } from "./sim.ts";
import { tellEvent } from "./story.ts";
import { strike } from "./strike.ts";

export function kiosk(
  id: number,
  place: number,
  identity: Identity,
  encodes: boolean,
  badDisk: BadDisk | undefined,
  machine: Machine<unknown>,
): Kiosk {
  return {
    ...{ id, place, identity, badDisk },
    disk: disk(encodes),
    world: { ports: identity.ports, machine },
    ...{ replica: undefined, boot: 0, startAt: 0, startedAt: 0, rate: 1, offsetMs: 0 },
    ...{ wakesAt: Number.POSITIVE_INFINITY, pausedUntil: 0, absent: false, dyingAfter: undefined, dyingDownMs: 0 },
    ...{ effects: [], outbox: [], flushing: undefined, voted: new Map(), signEpoch: 0 },
    ...{ attacker: undefined, damage: undefined, steps: 0 },
  };
}

/** Up again, with what the disk still has. */
export function start(sim: Sim, of: Kiosk): void {
  of.boot += 1;
  of.startedAt = sim.now;
  // A monotonic clock begins anywhere.
  of.startAt = (of.boot * 7919) % 100_003;
  of.wakesAt = Number.POSITIVE_INFINITY;
  const founding = foundingOf(sim, of, localNow(of, sim.now), wallOf(of, sim.now));
  of.replica = recover(founding, of.disk.records, of.damage, of.world);
  of.damage = undefined;
  of.signEpoch = of.replica.epoch;
  sim.checker.ledger.answered[of.place].clear();
  wake(sim, of);
  sim.app?.started(sim, of);
}

/** Feeds one event, and performs what follows. */
export function feed(sim: Sim, of: Kiosk, event: Event, packet: Packet | undefined): void {
  const { replica } = of;
  if (replica === undefined) return;
  const { effects } = of;
  effects.length = 0;
  of.steps += 1;
  tellEvent(sim, of, event, packet);
  const before = beforeStep(of);
  if (isHonest(of)) {
    step(replica, event, effects, of.world);
  } else {
    try {
      step(replica, event, effects, of.world);
    } catch {
      // What a faulty one tells itself is its own trouble.
      die(sim, of, 0);
      return;
    }
  }
  mixTrace(sim, (of.id << 24) ^ (effects.length << 16) ^ replica.executed ^ (replica.view << 8));
  if (sim.plan.strikes) lookForStrike(sim, of);
  afterStep(sim, of, before, event, packet);
  perform(sim, of, before.epoch, before.members);
  wake(sim, of);
  sim.app?.stepped(sim, of);
}

/** What goes with the machine is said behind all that it rests on, as everything is. */
export function utter(sim: Sim, of: Kiosk, message: Message): void {
  if (of.replica === undefined) return;
  of.effects.length = 0;
  of.effects.push({ type: "send", to: "all", message });
  perform(sim, of, of.replica.epoch, of.replica.members);
}

function lookForStrike(sim: Sim, of: Kiosk): void {
  for (const effect of of.effects) {
    if (effect.type === "persist" && effect.record.type === "decided") strike(sim, of, effect.record.certificate);
  }
}

function perform(sim: Sim, of: Kiosk, epochBefore: number, membersBefore: readonly Uint8Array[]): void {
  // What waits for a flush goes first, also when disks are fast again.
  const slow = sim.network.air.flushMs > 0 && (!sim.healed || of.flushing !== undefined);
  let epoch = epochBefore;
  let members = membersBefore;
  const replica = of.replica;
  if (replica === undefined) return;
  for (const effect of of.effects) {
    if (of.dyingAfter !== undefined && of.dyingAfter-- <= 0) {
      die(sim, of, of.dyingDownMs);
      return;
    }
    if (effect.type === "persist") {
      append(of.disk, effect.record);
      if (effect.record.type === "voted") {
        of.voted.set(brief(effect.record.ballot.signature), { ballot: effect.record.ballot, epoch: of.signEpoch });
      } else if (effect.record.type === "request" && isHonest(of)) {
        noteRequest(sim, of, effect.record.signed);
      } else if (effect.record.type === "entered") {
        of.signEpoch = effect.record.epoch;
      }
    } else if (effect.type === "entered" && effect.epoch !== epoch) {
      epoch = effect.epoch;
      members = replica.members;
    }
    const note: Note = { epoch, members, history: historyOf(of, effect) };
    if (slow) of.outbox.push({ effect, note });
    else release(sim, of, effect, note);
    if (of.replica !== replica) return;
  }
  if (slow) beginFlush(sim, of);
}

const historyOf = (of: Kiosk, effect: Effect): number | undefined => {
  if (of.replica === undefined || effect.type !== "persist" || effect.record.type !== "decided") return undefined;
  const history = historyAt(of.replica, effect.record.certificate.sequence);
  return history === undefined ? undefined : brief(history);
};

function release(sim: Sim, of: Kiosk, effect: Effect, note: Note): void {
  if (effect.type !== "persist") flush(of.disk, of.flushing ?? of.disk.records.length);
  performed(sim, of, effect, note);
  if (effect.type === "say" || effect.type === "send") sayTo(sim, of, effect, note);
}

function beginFlush(sim: Sim, of: Kiosk): void {
  if (of.flushing !== undefined || of.outbox.length === 0) return;
  of.flushing = of.disk.records.length;
  count(sim, "slowDisk");
  const waiting = of.outbox;
  of.outbox = [];
  const boot = of.boot;
  const done = (): void => {
    for (const { effect, note } of waiting) {
      release(sim, of, effect, note);
      if (of.boot !== boot || of.replica === undefined) return;
    }
    of.flushing = undefined;
    beginFlush(sim, of);
  };
  sim.order += 1;
  const at = sim.now + sim.network.air.flushMs;
  schedule(sim.heap, { at, order: sim.order, kind: "flushed", kiosk: of.id, boot, packet: undefined, what: done });
}

/** At the replica's own deadline, by its own clock. */
export function wake(sim: Sim, of: Kiosk): void {
  if (of.replica === undefined) return;
  const due = deadlineOf(of.replica);
  const at = Math.max(sim.now, of.startedAt + (due - of.startAt) / of.rate);
  if (at >= of.wakesAt) return;
  of.wakesAt = at;
  sim.order += 1;
  schedule(sim.heap, {
    at,
    order: sim.order,
    kind: "wakes",
    kiosk: of.id,
    boot: of.boot,
    packet: undefined,
    what: undefined,
  });
}

export function onWake(sim: Sim, of: Kiosk): void {
  if (of.replica === undefined) return;
  of.wakesAt = Number.POSITIVE_INFINITY;
  const due = deadlineOf(of.replica);
  const now = localNow(of, sim.now);
  if (due > now + ROUNDING_MS) {
    wake(sim, of);
    return;
  }
  feed(sim, of, { type: "tick", at: millis(Math.max(now, due, of.replica.now)) }, undefined);
}

/** A deadline comes back from one clock to the other with an error of the last bit. */
const ROUNDING_MS = 1e-6;

export function onPacket(sim: Sim, of: Kiosk, packet: Packet): void {
  const { replica } = of;
  if (replica === undefined) return;
  const at = millis(Math.max(localNow(of, sim.now), replica.now));
  if (of.attacker?.hears(packet) === "ignored") return;
  if (packet.said !== undefined) {
    feed(sim, of, { type: "said", at, said: packet.said }, packet);
    return;
  }
  if (packet.message === undefined || sim.app?.heard(sim, of, packet) === true) return;
  // The envelope names its sender by its key; which place that is, the receiver's own membership says.
  const { key } = sim.kiosks[packet.from].identity;
  const from = replica.members.findIndex((member) => member[0] === key[0] && bytesEqual(member, key));
  if (from < 0) return;
  feed(sim, of, { type: "heard", at, from: memberIndex(from), message: packet.message }, packet);
}
