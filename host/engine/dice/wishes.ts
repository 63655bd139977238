/** What a kiosk wants ordered, from what is agreed: each wish goes when the state has it, and until then it is a wish. */
import { assert } from "../../../protocol/core/assert.ts";
import { commitmentBytes, commitmentDigest, drawOpening } from "./commitment.ts";
import { complain } from "./complaint.ts";
import { deal } from "./dealing.ts";
import { decodeElements } from "./element.ts";
import { dealersOf, holderOf, isConfirmed, servingKey, thresholdOf } from "./key-generation.ts";
import { DEAL_PATIENCE_MS, SETTLE_STAGGER_MS } from "./limits.ts";
import type { DiceOperation } from "./operation.ts";
import { combinePartials } from "./output.ts";
import { findShare, secretOf } from "./own-share.ts";
import { later, type OwnDice, type OwnPorts, seenAt } from "./own-state.ts";
import { type Deal, type DiceState, dealContext, hasBit, inputOf, type OpenRoll, spanOf } from "./state.ts";

export interface Wish {
  /** The same wish has the same words. */
  readonly about: string;
  /** Not before it was seen for so long. */
  readonly patienceMs: number;
  /** Made when its time has come: proofs take a while. */
  make(): DiceOperation | undefined;
}

export function wishesOf(own: OwnDice, state: DiceState, member: number, ports: OwnPorts): Wish[] {
  return [...keyWishes(own, state, member, ports), ...rollWishes(own, state, member, ports)];
}

function keyWishes(own: OwnDice, state: DiceState, member: number, ports: OwnPorts): Wish[] {
  const wishes: Wish[] = [];
  const held = state.key?.deal;
  if (held !== undefined) wishes.push(...complaintWishes(own, state, held, member, ports));
  const open = state.deal;
  if (open === undefined) return wishes;
  if (open.dealings.length < thresholdOf(open)) {
    if (!hasBit(dealersOf(open) | state.excluded, member)) wishes.push(dealWish(own, state, open, member, ports));
    return wishes;
  }
  const complaints = complaintWishes(own, state, open, member, ports);
  if (complaints.length > 0) return [...wishes, ...complaints];
  if (isConfirmed(open) || hasBit(open.confirmed, member)) return wishes;
  const dealers = dealersOf(open);
  const operation: DiceOperation = { type: "confirm", number: open.number, dealers };
  return [...wishes, { about: `confirm ${open.number} ${dealers}`, patienceMs: 0, make: () => operation }];
}

/** Whose turn it is first, of what any of them could do: another's for each number. */
export function rankOf({ members }: DiceState, member: number, number: number): number {
  const count = members.length;
  return (member + count - (number % count)) % count;
}

/** A threshold's number of members deals at once, another set for another key; the others only where those do not. */
function dealWish(own: OwnDice, state: DiceState, open: Deal, member: number, ports: OwnPorts): Wish {
  return {
    about: `deal ${open.number}`,
    patienceMs: rankOf(state, member, open.number) < thresholdOf(open) ? 0 : DEAL_PATIENCE_MS,
    make() {
      const keys = decodeElements(ports.group, open.holders);
      // Admission checks what it admits; with a key that is none there is no common one.
      if (keys === undefined) return undefined;
      const context = { deal: dealContext(ports, state.table, open), dealer: member };
      const dealing = deal(ports.group, context, secretOf(own, ports), keys, thresholdOf(open));
      return { type: "deal", number: open.number, dealing };
    },
  };
}

/** Against all whose dealings were wrong, as far as something follows from it. */
function complaintWishes(own: OwnDice, state: DiceState, of: Deal, member: number, ports: OwnPorts): Wish[] {
  const holder = holderOf(of, state, member);
  if (holder < 0) return [];
  const { liars } = findShare(own, state, of, holder, ports);
  const telling = liars.filter((liar) => {
    const guilty = state.members.findIndex((_, each) => holderOf(of, state, each) === liar);
    const isKnown = guilty < 0 || hasBit(state.excluded, guilty);
    return of === state.deal || !isKnown || state.deal === undefined;
  });
  return telling.map((liar) => ({
    about: `complain ${of.number} ${liar}`,
    patienceMs: 0,
    make() {
      const dealt = of.dealings.find(({ dealer }) => dealer === liar);
      assert(dealt !== undefined, "the dealing is there");
      const context = { deal: dealContext(ports, state.table, of), dealer: liar };
      const complaint = complain(ports.group, context, dealt.dealing, secretOf(own, ports));
      return complaint === undefined ? undefined : { type: "complain", number: of.number, complaint };
    },
  }));
}

function rollWishes(own: OwnDice, state: DiceState, member: number, ports: OwnPorts): Wish[] {
  const { roll } = state;
  if (roll === undefined) return [];
  const number = roll.lock.roll;
  switch (roll.phase) {
    case "partials": {
      const threshold = servingKey(state)?.key.threshold;
      if (threshold === undefined || own.partials.length < threshold) {
        return giveUpWish(own, roll, member);
      }
      const partials = own.partials.slice(0, threshold);
      return [
        {
          about: `settle ${number}`,
          patienceMs: rankOf(state, member, number) * SETTLE_STAGGER_MS,
          make() {
            const output = combinePartials(ports.group, partials);
            return output === undefined ? undefined : { type: "settle", roll: number, output, partials };
          },
        },
      ];
    }
    case "committing": {
      if (roll.commitments.some((each) => each.member === member)) {
        return giveUpWish(own, roll, member);
      }
      return [{ about: `commit ${number}`, patienceMs: 0, make: () => commitTo(own, state, roll, member, ports) }];
    }
    case "revealing": {
      const mine =
        roll.commitments.some((each) => each.member === member) &&
        !roll.openings.some((each) => each.member === member);
      if (!mine) return giveUpWish(own, roll, member);
      const opening = drawOpening(ports, inputOf(state, roll), member, own.secret);
      return [
        { about: `reveal ${number}`, patienceMs: 0, make: () => ({ type: "reveal", roll: number, opening }) },
        ...giveUpWish(own, roll, member),
      ];
    }
  }
}

function commitTo(own: OwnDice, state: DiceState, roll: OpenRoll, member: number, ports: OwnPorts): DiceOperation {
  const input = inputOf(state, roll);
  const digest = commitmentDigest(ports, input, member, drawOpening(ports, input, member, own.secret));
  const signature = ports.sign(commitmentBytes(input, member, digest));
  return { type: "commit", roll: roll.lock.roll, commitment: { digest, signature } };
}

/** When both clocks say that it is late: the agreed one, which a proposer may push, and one's own. */
function giveUpWish(own: OwnDice, roll: OpenRoll, member: number): Wish[] {
  const number = roll.lock.roll;
  const isPatient = own.now < later(seenAt(own, phaseOf(roll)), spanOf(roll));
  if (!roll.late || isPatient || hasBit(roll.gaveUp, member)) return [];
  return [{ about: `give up ${phaseOf(roll)}`, patienceMs: 0, make: () => ({ type: "giveUp", roll: number }) }];
}

export const phaseOf = (roll: OpenRoll): string => `roll ${roll.lock.roll} ${roll.phase}`;
