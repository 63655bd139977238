/** Dice and nothing else behind agreement: a game that has no rules, whose members may lock any bets at any time. */

import { executeDice } from "../../../../host/engine/dice/dice.ts";
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import type { DicePorts } from "../../../../host/engine/dice/ports.ts";
import { advanceRoll, lockBets, rollDeadline } from "../../../../host/engine/dice/roll.ts";
import { type DiceState, decodeDice, encodeDice } from "../../../../host/engine/dice/state.ts";
import type { Machine, Operation } from "../../../../host/engine/machine.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";

const LOCK = 0;
const DICE = 1;

/** Begins where the snapshot stands. */
export function diceMachine(begin: Uint8Array, ports: DicePorts): Machine<DiceState> {
  const restore = (bytes: Uint8Array): DiceState | undefined => decodeDice(bytes);
  return {
    initial: () => restore(begin)!,
    snapshot: encodeDice,
    restore,
    deadline: rollDeadline,
    advance: advanceRoll,
    execute(state: DiceState, { client, time, bytes }: Operation): Uint8Array {
      const bets = lockIn(bytes);
      const answer =
        bets === undefined
          ? executeDice(state, client, bytes.subarray(1), time, ports)
          : lockBets(state, bets, time, ports);
      return Uint8Array.of(answer.ok ? 1 : 0);
    },
  };
}

export const diceOperation = (operation: DiceOperation): Uint8Array =>
  Uint8Array.of(DICE, ...encode(DiceOperation, operation));

export const lockOperation = (roll: number, bets: number): Uint8Array => Uint8Array.of(LOCK, roll, bets);

/** The bets that an operation would lock. */
export function lockIn(bytes: Uint8Array) {
  if (bytes[0] !== LOCK) return undefined;
  return { roll: bytes[1] ?? 0, betRoot: new Uint8Array(32).fill(bytes[2] ?? 0), nonces: [] };
}
