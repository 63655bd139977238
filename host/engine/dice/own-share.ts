/** This kiosk's shares of the keys that are agreed, found once for each set of dealings. */
import { assert } from "../../../protocol/core/assert.ts";
import { ownShare } from "./key.ts";
import { dealersOf } from "./key-generation.ts";
import type { FoundShare, OwnDice } from "./own-state.ts";
import type { DicePorts } from "./ports.ts";
import { decodeScalar, encodeScalar } from "./scalar.ts";
import { type Deal, type DiceState, dealContext } from "./state.ts";

/** Of a whole deal, in which the kiosk holds the place `holder`. */
export function findShare(own: OwnDice, state: DiceState, deal: Deal, holder: number, ports: DicePorts): FoundShare {
  const dealers = dealersOf(deal);
  const known = own.shares.find((each) => each.number === deal.number && each.dealers === dealers);
  if (known !== undefined) return known;
  const context = dealContext(ports, state.table, deal);
  const result = ownShare(ports.group, context, deal.dealings, holder, secretOf(own, ports));
  const found: FoundShare = {
    number: deal.number,
    dealers,
    share: result.ok ? encodeScalar(result.share) : undefined,
    liars: result.ok ? [] : result.liars,
  };
  // Two keys are in use at most: the one that serves and the one in the making.
  own.shares = [...own.shares.filter((each) => isOf(each, state.key?.deal) || isOf(each, state.deal)), found];
  return found;
}

export function secretOf(own: OwnDice, ports: DicePorts): bigint {
  const secret = decodeScalar(own.secret, ports.group.order);
  assert(secret !== undefined && secret > 0n, "a secret is a number below the order");
  return secret;
}

const isOf = (share: FoundShare, deal: Deal | undefined): boolean =>
  deal !== undefined && share.number === deal.number && share.dealers === dealersOf(deal);
