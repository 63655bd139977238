/** Dealers of wrong shares, and what holds of a key whose shares are right. */
import { expect } from "vitest";
import { decodeScalar } from "../../../../host/engine/dice/scalar.ts";
import type { DiceTable } from "./kiosks.ts";
import { lyingDealing } from "./liars.ts";
import { keyIn, portsIn, shareOf } from "./parts.ts";

/** These deal wrong shares to others than themselves, whenever they deal, and confirm everything. */
export function liars(of: DiceTable, lying: readonly number[], victims: readonly number[]): void {
  of.filter = (member, effect) => {
    if (effect.type !== "order" || !lying.includes(member) || effect.operation.type !== "deal") return effect;
    const dealing = lyingDealing(of, member, victims);
    return { type: "order", operation: { ...effect.operation, dealing } };
  };
}

export const secretIn = (of: DiceTable, member: number): bigint =>
  decodeScalar(of.kiosks[member]!.secret, portsIn(of).group.order)!;

/** Each share times the base is what everyone knows of it, and the public key is that of the secret. */
export function expectWhole(of: DiceTable): void {
  const { group } = portsIn(of);
  const { key } = keyIn(of);
  const whole = of.kiosks.filter((_, holder) => {
    const mine = group.encode(group.multiply(group.base, shareOf(of, holder)));
    expect(mine).toEqual(key.verifying[holder]);
    return true;
  });
  expect(whole.length).toBe(of.kiosks.length);
}
