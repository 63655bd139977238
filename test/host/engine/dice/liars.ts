/** Members that deal what is not right, each in a way of its own. Nothing here knows another's secret. */

import type { DealerContext } from "../../../../host/engine/dice/deal-context.ts";
import type { Dealing } from "../../../../host/engine/dice/dealing.ts";
import { deal } from "../../../../host/engine/dice/dealing.ts";
import { decodeElements } from "../../../../host/engine/dice/element.ts";
import { thresholdOf } from "../../../../host/engine/dice/key-generation.ts";
import type { Group } from "../../../../host/engine/dice/ports.ts";
import { decodeScalar, encodeScalar, modulo } from "../../../../host/engine/dice/scalar.ts";
import { type Deal, dealContext } from "../../../../host/engine/dice/state.ts";
import { type DiceTable, TABLE } from "./kiosks.ts";

export const contextOf = (of: DiceTable, open: Deal, dealer: number): DealerContext => ({
  deal: dealContext(of.kiosks[0]!.ports, TABLE, open),
  dealer,
});

/** What an honest dealer deals now. */
export function honestDealing(of: DiceTable, dealer: number, open: Deal = of.state.deal!): Dealing {
  const { ports, secret } = of.kiosks[dealer]!;
  const keys = decodeElements(ports.group, open.holders)!;
  const number = decodeScalar(secret, ports.group.order)!;
  return deal(ports.group, contextOf(of, open, dealer), number, keys, thresholdOf(open));
}

/**
 * With wrong shares for these members, and everything else in order: the proof of what the dealer knows is made anew over it.
 * A dealing is made with a group whose numbers for these seals are off by one.
 */
export function lyingDealing(of: DiceTable, dealer: number, victims: readonly number[]): Dealing {
  const { ports, secret } = of.kiosks[dealer]!;
  const open = of.state.deal!;
  const keys = decodeElements(ports.group, open.holders)!;
  const group = sealingWrong(ports.group, (seal) => victims.includes(seal));
  return deal(group, contextOf(of, open, dealer), decodeScalar(secret, group.order)!, keys, thresholdOf(open));
}

/** The numbers with which it seals the shares of victims, counted from the first, are off by one. */
export function sealingWrong(group: Group, isVictim: (seal: number) => boolean): Group {
  let seals = 0;
  return {
    ...group,
    hashToScalar(domain, bytes) {
      const number = group.hashToScalar(domain, bytes);
      if (domain !== "hardway dice seal") return number;
      return isVictim(seals++) ? modulo(number + 1n, group.order) : number;
    },
  };
}

export function withShare(dealing: Dealing, holder: number, add: bigint, order: bigint): Dealing {
  const shares = dealing.body.shares.map((share, at) =>
    at === holder ? encodeScalar(modulo(decodeScalar(share, order)! + add, order)) : share,
  );
  return { ...dealing, body: { ...dealing.body, shares } };
}
