/** A table of kiosks that throw dice: whatever one of them orders is executed at once, whatever one says all others hear. What
 * agreement does to that is another test's business. */

import type { DiceAnswer, DiceChange } from "../../../../host/engine/dice/answer.ts";
import { executeDice, foundDice } from "../../../../host/engine/dice/dice.ts";
import { SETTLE_STAGGER_MS } from "../../../../host/engine/dice/limits.ts";
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { stepOwnDice } from "../../../../host/engine/dice/own-dice.ts";
import {
  type OwnDice,
  type OwnEffect,
  type OwnEvent,
  type OwnPorts,
  ownDice,
} from "../../../../host/engine/dice/own-state.ts";
import type { PartialSaid } from "../../../../host/engine/dice/partial.ts";
import { advanceRoll, lockBets } from "../../../../host/engine/dice/roll.ts";
import { decodeScalar } from "../../../../host/engine/dice/scalar.ts";
import type { DiceMember, DiceState } from "../../../../host/engine/dice/state.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, millis } from "../../../../protocol/core/units.ts";
import { portsOf, secretFrom, type World } from "./stand-in.ts";

export interface Kiosk {
  readonly ports: OwnPorts & { readonly key: Uint8Array };
  readonly member: DiceMember;
  readonly secret: Uint8Array;
  own: OwnDice;
}

export interface Ordered {
  readonly member: number;
  readonly bytes: Uint8Array;
  readonly time: number;
  readonly answer: DiceAnswer;
}

export interface DiceTable {
  readonly kiosks: Kiosk[];
  state: DiceState;
  now: number;
  readonly log: Ordered[];
  readonly changes: DiceChange[];
  readonly said: { readonly from: number; readonly said: PartialSaid }[];
  readonly forged: OwnEffect[];
  /** What becomes of a kiosk's effects on their way out: of the honest, nothing. */
  filter: (member: number, effect: OwnEffect) => OwnEffect | undefined;
}

export const TABLE = new Uint8Array(16).fill(7);
export const START = 1_750_000_000_000;

export interface Setting {
  readonly world?: World;
  readonly revealAlways?: boolean;
  readonly seed?: number;
}

export function kiosk(world: World, seed: number, index: number): Kiosk {
  const bytes = new Uint8Array(32).fill(seed);
  bytes[0] = index;
  const ports = portsOf(world, bytes);
  const secret = secretFrom(ports, bytes);
  const diceKey = ports.group.encode(ports.group.multiply(ports.group.base, decodeScalar(secret, ports.group.order)!));
  return { ports, secret, member: { key: ports.key, diceKey }, own: ownDice(secret, diceKey, millis(0)) };
}

export function diceTable(
  count: number,
  { world = "stand-in", revealAlways = false, seed = 1 }: Setting = {},
): DiceTable {
  const kiosks = [...new Array(count).keys()].map((index) => kiosk(world, seed, index));
  const members = kiosks.map(({ member }) => member);
  return {
    kiosks,
    state: foundDice({ table: TABLE, members, revealAlways }),
    now: 0,
    log: [],
    changes: [],
    said: [],
    forged: [],
    filter: (_, effect) => effect,
  };
}

/** Until nobody has anything to say. */
export function settleDown(of: DiceTable, first: OwnEvent["type"] = "decided"): void {
  let steps = 0;
  for (;;) {
    const before = of.log.length + of.said.length;
    for (let member = 0; member < of.kiosks.length; member++) {
      stepKiosk(of, member, { type: steps === 0 && first === "tick" ? "tick" : "decided", at: millis(of.now) });
    }
    if (of.log.length + of.said.length === before) return;
    if (++steps > 200) throw new Error("a table that never comes to rest");
  }
}

export function stepKiosk(of: DiceTable, member: number, event: OwnEvent): void {
  const effects: OwnEffect[] = [];
  const { own, ports } = of.kiosks[member]!;
  stepOwnDice(own, of.state, event, effects, ports);
  for (const effect of effects) {
    const passed = of.filter(member, effect);
    if (passed === undefined) continue;
    if (passed.type === "order") order(of, member, passed.operation);
    else if (passed.type === "forged") of.forged.push(passed);
    else say(of, member, passed.said);
  }
}

export function say(of: DiceTable, from: number, said: PartialSaid): void {
  of.said.push({ from, said });
  for (let member = 0; member < of.kiosks.length; member++) {
    if (member !== from)
      stepKiosk(of, member, { type: "heard", at: millis(of.now), from: of.kiosks[from]!.member.key, said });
  }
}

export function order(of: DiceTable, member: number, operation: DiceOperation): DiceAnswer {
  return orderBytes(of, member, encode(DiceOperation, operation));
}

export function orderBytes(of: DiceTable, member: number, bytes: Uint8Array): DiceAnswer {
  const time = START + of.now;
  const answer = executeDice(of.state, member, bytes, agreedMillis(time), of.kiosks[0]!.ports);
  of.log.push({ member, bytes, time, answer });
  if (answer.ok && answer.change.type !== "noted") of.changes.push(answer.change);
  return answer;
}

export function lock(of: DiceTable, betRoot: number = of.state.lastRoll + 1): DiceAnswer {
  const bets = {
    roll: of.state.lastRoll + 1,
    betRoot: new Uint8Array(32).fill(betRoot),
    nonces: [Uint8Array.of(1, 2)],
  };
  return lockBets(of.state, bets, agreedMillis(START + of.now), of.kiosks[0]!.ports);
}

/** Both clocks, and whoever waits for them. */
export function passTime(of: DiceTable, ms: number): void {
  of.now += ms;
  advanceRoll(of.state, agreedMillis(START + of.now));
  settleDown(of, "tick");
}

/** A key, and a roll; whoever is to settle it may be silent, and the next one waits for that. */
export function rollOnce(of: DiceTable): Extract<DiceChange, { type: "rolled" }> {
  settleDown(of);
  lock(of);
  settleDown(of);
  for (let rank = 0; rank < of.kiosks.length && of.state.roll !== undefined; rank++) passTime(of, SETTLE_STAGGER_MS);
  const last = of.changes.findLast((change) => change.type === "rolled");
  if (last?.roll !== of.state.lastRoll) throw new Error(`no roll but ${of.state.roll?.phase}`);
  return last;
}

/** These kiosks neither say nor order anything. */
export function silence(of: DiceTable, ...silent: readonly number[]): void {
  of.filter = (member, effect) => (silent.includes(member) ? undefined : effect);
}
