/** The parts of a distributed roll outside of a table: a dealt key with everyone's share, and partials of any input. */

import type { RollInput } from "../../../../host/engine/dice/bet-lock.ts";
import { ownShare } from "../../../../host/engine/dice/key.ts";
import { combinePartials } from "../../../../host/engine/dice/output.ts";
import { type HeldPartial, makePartial, rollPoint } from "../../../../host/engine/dice/partial.ts";
import type { DicePorts } from "../../../../host/engine/dice/ports.ts";
import { decodeScalar } from "../../../../host/engine/dice/scalar.ts";
import { dealContext, type HeldKey, inputOf } from "../../../../host/engine/dice/state.ts";
import type { DiceTable } from "./kiosks.ts";

export const portsIn = (of: DiceTable): DicePorts => of.kiosks[0]!.ports;

export function keyIn(of: DiceTable): HeldKey {
  if (of.state.key === undefined) throw new Error("no key yet");
  return of.state.key;
}

export function shareOf(of: DiceTable, holder: number): bigint {
  const { deal } = keyIn(of);
  const { ports, secret } = of.kiosks[holder]!;
  const number = decodeScalar(secret, ports.group.order)!;
  const found = ownShare(ports.group, dealContext(ports, of.state.table, deal), deal.dealings, holder, number);
  if (!found.ok) throw new Error(`a wrong share by ${found.liars}`);
  return found.share;
}

export const openInput = (of: DiceTable): RollInput => inputOf(of.state, of.state.roll!);

export function partialBy(of: DiceTable, holder: number, input: RollInput = openInput(of)): HeldPartial {
  const { group } = portsIn(of);
  return { holder, partial: makePartial(group, input, rollPoint(group, input), shareOf(of, holder)) };
}

export const outputBy = (of: DiceTable, partials: readonly HeldPartial[]): Uint8Array =>
  combinePartials(portsIn(of).group, partials)!;

/** All ways to choose `size` of them, each ascending. */
export function subsets(count: number, size: number): number[][] {
  const all: number[][] = [];
  const choose = (chosen: number[], next: number): void => {
    if (chosen.length === size) all.push(chosen);
    else for (let each = next; each < count; each++) choose([...chosen, each], each + 1);
  };
  choose([], 0);
  return all;
}

export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
