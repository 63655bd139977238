/** What each process does for the dice of its table: it looks at what was decided, says its partials, orders its wishes, and wakes
 * when its own clock says so. */

import { EqualityProof } from "../../../host/engine/dice/equality-proof.ts";
import { holderOf, servingKey } from "../../../host/engine/dice/key-generation.ts";
import { DiceOperation } from "../../../host/engine/dice/operation.ts";
import { stepOwnDice } from "../../../host/engine/dice/own-dice.ts";
import { type OwnEffect, type OwnEvent, ownDice } from "../../../host/engine/dice/own-state.ts";
import type { PartialSaid } from "../../../host/engine/dice/partial.ts";
import { inputOf } from "../../../host/engine/dice/state.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { localNow } from "../clock.ts";
import { broken } from "../invariants/violation.ts";
import { utter } from "../kiosk.ts";
import { endLater } from "../later.ts";
import { submit } from "../load.ts";
import type { Packet } from "../packet.ts";
import { isHonest, type Kiosk, type Sim } from "../sim.ts";
import { twisted } from "./liars.ts";
import { type CrapsTable, type OwnProcess, stateAt } from "./table.ts";
import { checkVerdicts } from "./verdicts.ts";
import { ended } from "./watched.ts";

/** Dice have no seat of their own: the kiosk signs. */
const DICE_SEAT = 0;

/** Only the secret outlived it. */
export function startOwn(sim: Sim, of: CrapsTable, kiosk: Kiosk): void {
  const { place } = kiosk;
  const dice = ownDice(of.secrets[place], of.diceKeys[place], localNow(kiosk, sim.now));
  of.owns[kiosk.id] = { boot: kiosk.boot, dice, seen: -1, wakesAt: Number.POSITIVE_INFINITY };
  look(sim, of, kiosk);
}

/** At what was decided since. */
export function look(sim: Sim, of: CrapsTable, kiosk: Kiosk): void {
  const own = of.owns[kiosk.id];
  const { replica } = kiosk;
  if (own === undefined || replica === undefined || own.boot !== kiosk.boot) return;
  if (replica.state.sequence === own.seen) return;
  own.seen = replica.state.sequence;
  if (isHonest(kiosk)) {
    notice(sim, of, kiosk);
    checkMemory(sim, kiosk, own);
  }
  step(sim, of, kiosk, own, { type: "decided", at: timeOf(sim, kiosk, own) });
}

export function hearPartial(sim: Sim, of: CrapsTable, kiosk: Kiosk, packet: Packet): boolean {
  if (packet.message?.type !== "randomnessReveal") return false;
  const own = of.owns[kiosk.id];
  const said = saidIn(packet.message);
  if (own === undefined || own.boot !== kiosk.boot || said === undefined) return true;
  const { key } = sim.kiosks[packet.from].identity;
  step(sim, of, kiosk, own, { type: "heard", at: timeOf(sim, kiosk, own), from: key, said });
  return true;
}

const timeOf = (sim: Sim, kiosk: Kiosk, own: OwnProcess): Millis =>
  millis(Math.max(localNow(kiosk, sim.now), own.dice.now));

function step(sim: Sim, of: CrapsTable, kiosk: Kiosk, own: OwnProcess, event: OwnEvent): void {
  const state = stateAt(kiosk);
  if (state === undefined) return;
  const effects: OwnEffect[] = [];
  stepOwnDice(own.dice, state.dice, event, effects, of.ports[kiosk.place]);
  const done = isHonest(kiosk) ? effects : twisted(sim, of, kiosk, own, effects);
  for (const effect of done) {
    if (kiosk.replica === undefined || kiosk.boot !== own.boot) return;
    perform(sim, of, kiosk, effect);
  }
  wakeOwn(sim, of, kiosk, own);
}

function perform(sim: Sim, of: CrapsTable, kiosk: Kiosk, effect: OwnEffect): void {
  switch (effect.type) {
    case "order":
      orderDice(sim, kiosk, encode(DiceOperation, effect.operation));
      break;
    case "say":
      utter(sim, kiosk, messageOf(effect.said));
      break;
    case "forged": {
      const author = sim.kiosks.find(({ identity }) => bytesEqual(identity.key, effect.from));
      if (isHonest(kiosk) && author !== undefined && isHonest(author)) {
        broken(
          "evidence names the faulty",
          `kiosk ${kiosk.place} finds a partial of honest ${author.place} forged`,
          sim,
        );
      }
      of.tally["forged"] = (of.tally["forged"] ?? 0) + 1;
      break;
    }
  }
}

export function orderDice(sim: Sim, kiosk: Kiosk, operation: Uint8Array): void {
  submit(sim, kiosk, DICE_SEAT, encode(TableOperation, { type: "dice", operation }));
}

function messageOf({ roll, partial }: PartialSaid): Message {
  const { point } = partial;
  return {
    type: "randomnessReveal",
    roll,
    content: { type: "partial", point, proof: encode(EqualityProof, partial.proof) },
  };
}

/** Undefined of what is no partial. */
export function saidIn({ roll, content }: Extract<Message, { type: "randomnessReveal" }>): PartialSaid | undefined {
  if (content.type !== "partial") return undefined;
  const proof = decode(EqualityProof, content.proof);
  assert(proof.ok, "a proof is two numbers of any bytes");
  return { roll, partial: { point: content.point, proof: proof.value } };
}

/** By its own clock; who sleeps or stands still wakes when it can. */
function wakeOwn(sim: Sim, of: CrapsTable, kiosk: Kiosk, own: OwnProcess): void {
  const due = own.dice.wakeAt;
  if (due === undefined) return;
  const at = Math.max(sim.now, kiosk.startedAt + (due - kiosk.startAt) / kiosk.rate, kiosk.pausedUntil);
  if (at >= own.wakesAt) return;
  own.wakesAt = at;
  endLater(sim, at - sim.now, () => {
    if (own.wakesAt !== at || of.owns[kiosk.id] !== own || kiosk.boot !== own.boot) return;
    own.wakesAt = Number.POSITIVE_INFINITY;
    const { wakeAt } = own.dice;
    if (wakeAt === undefined || kiosk.replica === undefined) return;
    const now = timeOf(sim, kiosk, own);
    if (kiosk.pausedUntil > sim.now || wakeAt > now + ROUNDING_MS) wakeOwn(sim, of, kiosk, own);
    else step(sim, of, kiosk, own, { type: "tick", at: millis(Math.max(now, wakeAt)) });
  });
}

const ROUNDING_MS = 1e-6;

/** Whatever others send. */
function checkMemory(sim: Sim, { place }: Kiosk, { dice }: OwnProcess): void {
  for (const [what, length, most] of [
    ["early partials", dice.early.length, MEMBERS_MAX],
    ["partials", dice.partials.length, MEMBERS_MAX],
    ["shares", dice.shares.length, SHARES_MAX],
    ["wishes", dice.ordered.length + dice.seen.length, WISHES_MAX],
  ] as const) {
    if (length > most) broken("memory has its bound", `kiosk ${place} holds ${length} ${what}, at most ${most}`, sim);
  }
}

/** Of the key that serves and of the one in the making, before and after a dealing is found wrong. */
const SHARES_MAX = 4;
/** A complaint against each, and one for all else; ordered, and seen. */
const WISHES_MAX = 3 * MEMBERS_MAX;

/** Which bets are locked here, who is excluded, what the last roll was: as everywhere else. */
function notice(sim: Sim, of: CrapsTable, kiosk: Kiosk): void {
  const state = stateAt(kiosk);
  if (state === undefined || kiosk.replica === undefined) return;
  const { dice, rolls } = state;
  const last = rolls.at(-1);
  if (last !== undefined) ended(of, kiosk.place, last.lock.roll, { type: "rolled", ...last });
  checkVerdicts(sim, of, state);
  if (dice.lastKey > of.tally["keys"]) of.tally["keys"] = dice.lastKey;
  const { roll } = dice;
  if (roll === undefined) return;
  const locks = of.locks[kiosk.place];
  const known = locks.get(roll.lock.roll);
  if (known === undefined) {
    const held = servingKey(dice);
    const member = dice.members.findIndex(({ diceKey }) => bytesEqual(diceKey, of.diceKeys[kiosk.place]));
    const holder = held === undefined || member < 0 ? -1 : holderOf(held.deal, dice, member);
    const verifying = held?.key.verifying[holder];
    locks.set(roll.lock.roll, { by: kiosk.replica.state.sequence, input: inputOf(dice, roll), verifying });
  } else if (!bytesEqual(known.input.lock, roll.digest)) {
    broken("one lock a roll", `kiosk ${kiosk.place} has two for roll ${roll.lock.roll}`, sim);
  }
}
