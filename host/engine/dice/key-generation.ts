/**
 * How a table comes to its key, in agreed order: members deal, a quorum of dealings makes a key, and it serves when a quorum has
 * found its shares right. Whoever is proved to have dealt a wrong share deals no more; its dealing goes, another takes its
 * place. With f members silent or lying, n − f ≥ Q are left to deal and to confirm, so it always ends.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { faultsMax, quorum, toleratesByzantine } from "../consensus/quorum.ts";
import { type DiceAnswer, NOTED, refuse } from "./answer.ts";
import { judgeComplaint } from "./complaint.ts";
import { checkDealing } from "./dealing.ts";
import { keyOf } from "./key.ts";
import type { OperationOf } from "./operation.ts";
import type { DicePorts } from "./ports.ts";
import { countBits, type Deal, type DiceState, dealContext, type HeldKey, hasBit } from "./state.ts";

/** Small tables have no use for a key: one holder missing would stop it, and two together know it. */
const wantsKey = (state: DiceState): boolean => !state.revealAlways && toleratesByzantine(state.members.length);

/** A new key, for the members of now. What was dealt for an earlier one is void. */
export function beginDeal(state: DiceState): void {
  state.deal = undefined;
  if (!wantsKey(state)) {
    state.key = undefined;
    return;
  }
  state.lastKey += 1;
  state.deal = {
    number: state.lastKey,
    epoch: state.epoch,
    holders: state.members.map(({ diceKey }) => diceKey),
    dealings: [],
    confirmed: 0,
  };
}

export const thresholdOf = (deal: Deal): number => quorum(deal.holders.length);

export const dealersOf = (deal: Deal): number => deal.dealings.reduce((bits, { dealer }) => bits | (1 << dealer), 0);

export function onDeal(state: DiceState, member: number, operation: OperationOf<"deal">, ports: DicePorts): DiceAnswer {
  const { deal } = state;
  if (deal === undefined || deal.number !== operation.number) return refuse("another key");
  if (hasBit(state.excluded, member)) return refuse("excluded");
  if (hasBit(dealersOf(deal), member)) return refuse("dealt already");
  const threshold = thresholdOf(deal);
  if (deal.dealings.length >= threshold) return refuse("dealt enough");
  const context = { deal: dealContext(ports, state.table, deal), dealer: member };
  const { dealing } = operation;
  if (checkDealing(ports.group, context, dealing, deal.holders.length, threshold) !== undefined) {
    return refuse("bad dealing");
  }
  const dealings = [...deal.dealings, { dealer: member, dealing }];
  // Nobody who does not know the others' secrets can make the sum vanish; but if, then not here.
  if (dealings.length === threshold && keyOf(ports.group, deal.number, dealings, deal.holders.length) === undefined) {
    return refuse("bad dealing");
  }
  state.deal = { ...deal, dealings };
  return NOTED;
}

export function onConfirm(
  state: DiceState,
  member: number,
  operation: OperationOf<"confirm">,
  ports: DicePorts,
): DiceAnswer {
  const { deal } = state;
  if (deal === undefined || deal.number !== operation.number) return refuse("another key");
  // A confirmation is of all dealings: what was found right among others says nothing of these.
  if (deal.dealings.length < thresholdOf(deal) || operation.dealers !== dealersOf(deal))
    return refuse("other dealings");
  if (isConfirmed(deal) || hasBit(deal.confirmed, member)) return refuse("confirmed already");
  state.deal = { ...deal, confirmed: deal.confirmed | (1 << member) };
  if (!isConfirmed(state.deal)) return NOTED;
  serveDealt(state, ports);
  return { ok: true, change: { type: "keyReady", number: deal.number } };
}

/** At any time, also of the key that serves: it goes on serving until the next one is made. */
export function onComplain(
  state: DiceState,
  member: number,
  { number, complaint }: OperationOf<"complain">,
  ports: DicePorts,
): DiceAnswer {
  const deal = state.deal?.number === number ? state.deal : state.key?.deal;
  if (deal === undefined || deal.number !== number) return refuse("another key");
  const holder = holderOf(deal, state, member);
  const dealt = deal.dealings.find(({ dealer }) => dealer === complaint.dealer);
  if (holder < 0 || dealt === undefined) return refuse("no such dealing");
  const context = { deal: dealContext(ports, state.table, deal), dealer: complaint.dealer };
  const key = deal.holders[holder];
  if (judgeComplaint(ports.group, context, dealt.dealing, holder, key, complaint) !== undefined) {
    return refuse("false complaint");
  }
  const guilty = state.members.findIndex(({ diceKey }) => bytesEqual(diceKey, deal.holders[complaint.dealer]));
  // Who has left or is known already is not punished again; that the key is bad may be new.
  const isNews = guilty >= 0 && !hasBit(state.excluded, guilty);
  if (!isNews && state.deal !== undefined && state.deal !== deal) return refuse("excluded");
  if (isNews) state.excluded |= 1 << guilty;
  if (state.deal === undefined) beginDeal(state);
  else dropDealing(state, state.deal, state.deal === deal ? complaint.dealer : guilty);
  return isNews ? { ok: true, change: { type: "excluded", member: guilty } } : NOTED;
}

/** Those who had confirmed did so with the dealing that is gone. */
function dropDealing(state: DiceState, deal: Deal, dealer: number): void {
  if (!hasBit(dealersOf(deal), dealer)) return;
  state.deal = { ...deal, dealings: deal.dealings.filter((each) => each.dealer !== dealer), confirmed: 0 };
}

export const isConfirmed = (deal: Deal): boolean => countBits(deal.confirmed) >= thresholdOf(deal);

/** The key changes between rolls: one roll, one key. */
export function serveDealt(state: DiceState, ports: DicePorts): void {
  const { deal } = state;
  if (deal === undefined || state.roll !== undefined || !isConfirmed(deal)) return;
  const key = keyOf(ports.group, deal.number, deal.dealings, deal.holders.length);
  if (key === undefined) return;
  state.key = { key, deal };
  state.deal = undefined;
}

/** The place of a member among those dealt to, or −1. */
export const holderOf = (deal: Deal, state: DiceState, member: number): number =>
  deal.holders.findIndex((key) => bytesEqual(key, state.members[member].diceKey));

/** The key that rolls are made with: as long as enough members hold it, and as long as those who hold it and have left cannot
 * use it together with those who may be faulty. */
export function servingKey(state: DiceState): HeldKey | undefined {
  const { key } = state;
  if (key === undefined) return undefined;
  const left = key.deal.holders.filter(
    (holder) => !state.members.some(({ diceKey }) => bytesEqual(diceKey, holder)),
  ).length;
  const { threshold } = key.key;
  const enough = key.deal.holders.length - left >= threshold;
  return enough && left + faultsMax(state.members.length) < threshold ? key : undefined;
}
