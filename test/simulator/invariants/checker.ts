/** What must hold, looked at after every step of every honest kiosk, and only where something changed. */
import type { Effect, Event } from "../../../host/engine/consensus/events.ts";
import { historyAt } from "../../../host/engine/consensus/log.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Packet } from "../packet.ts";
import { isHonest, type Kiosk, type Note, type Sim } from "../sim.ts";
import { tellEffect } from "../story.ts";
import { checkEvidence } from "./evidence.ts";
import { answered, checkState, executed, saidRequests } from "./ledger.ts";
import { epochOf } from "./members.ts";
import { checkMemory } from "./memory.ts";
import { decidedOnWire, saidBallot, saidWish, writesBallot, writesWish } from "./signatures.ts";
import { committed, entered } from "./views.ts";
import { broken } from "./violation.ts";

export interface Before {
  readonly epoch: number;
  readonly members: readonly Uint8Array[];
  readonly executed: number;
  readonly sequence: number;
}

const NOWHERE: Before = { epoch: 0, members: [], executed: 0, sequence: 0 };

export const beforeStep = ({ replica }: Kiosk): Before =>
  replica === undefined
    ? NOWHERE
    : { epoch: replica.epoch, members: replica.members, executed: replica.executed, sequence: replica.state.sequence };

/** As soon as it knows. */
export function afterStep(sim: Sim, of: Kiosk, before: Before, event: Event, packet: Packet | undefined): void {
  const { replica } = of;
  if (replica === undefined) return;
  let count = 0;
  let { members } = before;
  for (const effect of of.effects) {
    tellEffect(sim, of, effect);
    if (effect.type === "entered") members = replica.members;
    if (effect.type === "executed") {
      count += 1;
      // What is decided is decided, whether or not this kiosk lives to write it down.
      if (isHonest(of)) executed(sim, of, effect, historyAt(replica, effect.sequence), members);
    }
    if (effect.type === "malformed") checkMalformed(sim, of, effect.why, before, packet);
    else if (effect.type === "evidence") checkEvidence(sim, of, effect.evidence, before.members);
  }
  if (replica.executed - before.executed > count) sim.checker.transfers += 1;
  if (!isHonest(of)) return;
  if (replica.state.sequence !== before.sequence) checkState(sim, of, event.type);
  if ((of.steps & 31) === 0) checkMemory(sim, of);
}

/** What one honest kiosk said, another takes for what honest kiosks say; its link is not to pay for it. */
function checkMalformed(sim: Sim, of: Kiosk, why: string, before: Before, packet: Packet | undefined): void {
  if (!isHonest(of) || packet === undefined || !packet.honest || packet.epoch !== before.epoch) return;
  broken("honest words are well formed", `kiosk ${of.place} finds in what ${packet.from} said: ${why}`, sim);
}

/** When an effect leaves: in order, and after what it rests on was flushed. */
export function performed(sim: Sim, of: Kiosk, effect: Effect, note: Note): void {
  if (!isHonest(of)) return;
  switch (effect.type) {
    case "persist":
      onRecord(sim, of, effect.record, note);
      break;
    case "say":
      if (effect.said.type === "ballot") saidBallot(sim, of, effect.said.ballot, note.members);
      else if (effect.said.type === "viewChange") saidWish(sim, of, effect.said.change, note.epoch);
      else if (effect.said.type === "requests") saidRequests(sim, of, effect.said.requests, note.members);
      break;
    case "send":
      sim.app?.leaves(sim, of, effect.message);
      break;
    case "answered":
      answered(sim, of, effect.number, effect.result);
      break;
    case "stable":
      break;
    case "entered":
      if (sim.checker.epochs[effect.epoch] === undefined) sim.checker.epochs[effect.epoch] = epochOf(sim, note.members);
      break;
    default:
      break;
  }
}

type Written = Extract<Effect, { type: "persist" }>["record"];

function onRecord(sim: Sim, of: Kiosk, record: Written, note: Note): void {
  switch (record.type) {
    case "voted":
      writesBallot(sim, of, record.ballot, note.epoch);
      break;
    case "changing":
      writesWish(sim, of, record.change, note.epoch);
      break;
    case "decided": {
      const { certificate } = record;
      // An own vote that the power kept from being said by itself is said by what it decides.
      for (const ballot of certificate.ballots) saidBallot(sim, of, ballot, note.members);
      if (note.history === undefined) break;
      decidedOnWire(sim, of, certificate, note);
      committed(sim, note.epoch, certificate, note.history);
      break;
    }
    case "entered":
      entered(sim, of, record);
      break;
    case "stable": {
      const { sequence, state } = record.proof.header;
      const known = sim.checker.checkpoints.get(sequence);
      if (known === undefined) sim.checker.checkpoints.set(sequence, state.digest);
      else if (!bytesEqual(known, state.digest))
        broken("checkpoints are equal", `at ${sequence}, at kiosk ${of.place}`, sim);
      break;
    }
    default:
      break;
  }
}
