/** What becomes of a dishonest kiosk's part in the dice on its way out. It has its own secret and what it heard, and no other. */
import type { Dealing } from "../../../host/engine/dice/dealing.ts";
import { deal } from "../../../host/engine/dice/dealing.ts";
import { decodeElements } from "../../../host/engine/dice/element.ts";
import { servingKey, thresholdOf } from "../../../host/engine/dice/key-generation.ts";
import type { DiceOperation, OperationOf } from "../../../host/engine/dice/operation.ts";
import { combinePartials } from "../../../host/engine/dice/output.ts";
import type { OwnEffect } from "../../../host/engine/dice/own-state.ts";
import type { Partial, PartialSaid } from "../../../host/engine/dice/partial.ts";
import { decodeScalar } from "../../../host/engine/dice/scalar.ts";
import { type DiceState, dealContext } from "../../../host/engine/dice/state.ts";
import { draw, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { sealingWrong } from "../../host/engine/dice/liars.ts";
import type { Kiosk, Sim } from "../sim.ts";
import { type CrapsTable, type OwnProcess, stateAt } from "./table.ts";
import type { Vice } from "./vices.ts";

/** Of the steps in which nothing is due, those in which it does something. */
const IDLE_SHARE = 0.03;
/** And of those in which it could settle before its turn. */
const EARLY_SHARE = 0.2;
const SIZE = 32;

export function twisted(
  sim: Sim,
  of: CrapsTable,
  kiosk: Kiosk,
  own: OwnProcess,
  effects: readonly OwnEffect[],
): OwnEffect[] {
  const vices = of.vices[kiosk.place];
  const dares = (vice: Vice, share = sim.plan.zeal): boolean => {
    if (!vices.includes(vice) || (sim.healed && !sim.plan.attackersStay) || draw(of.chance) >= share) return false;
    sim.attacks[vice] = (sim.attacks[vice] ?? 0) + 1;
    return true;
  };
  const { dice } = stateAt(kiosk) ?? {};
  if (dice === undefined) return [...effects];
  const done = effects.flatMap((effect): OwnEffect[] => {
    if (effect.type === "say") {
      if (dares("withheldPartial")) return [];
      return dares("forgedPartial") ? [{ type: "say", said: forged(of, own, effect.said) }, effect] : [effect];
    }
    if (effect.type === "forged") return [effect];
    const operation = bent(of, kiosk, dice, effect.operation, dares);
    return operation === undefined ? [] : [{ type: "order", operation }];
  });
  const roll = dice.lastRoll;
  if (dares("earlySurrender", IDLE_SHARE)) done.push({ type: "order", operation: { type: "giveUp", roll } });
  const early = settleEarly(of, dice, own);
  if (early !== undefined && dares("forgedSettlement", EARLY_SHARE)) {
    done.push({ type: "order", operation: settlement(of, early) });
  }
  if (dares("falseComplaint", IDLE_SHARE)) done.push({ type: "order", operation: complaint(of, dice) });
  return done;
}

function bent(
  of: CrapsTable,
  kiosk: Kiosk,
  dice: DiceState,
  operation: DiceOperation,
  dares: (vice: Vice) => boolean,
): DiceOperation | undefined {
  switch (operation.type) {
    case "deal":
      if (dares("withheldDealing")) return undefined;
      return dares("wrongDealing") ? { ...operation, dealing: wrong(of, kiosk, dice) ?? operation.dealing } : operation;
    case "confirm":
      return dares("withheldDealing") ? undefined : operation;
    case "reveal":
      return dares("withheldSecret") ? undefined : operation;
    case "settle":
      return dares("forgedSettlement") ? settlement(of, operation) : operation;
    default:
      return operation;
  }
}

/** A bit that flips, another's, one of nobody, or of another roll. */
function forged({ chance }: CrapsTable, { dice }: OwnProcess, { roll, partial }: PartialSaid): PartialSaid {
  const { point, proof } = partial;
  const other = dice.partials[drawBelow(chance, dice.partials.length)]?.partial;
  switch (drawBelow(chance, 5)) {
    case 0:
      return { roll, partial: { point: flipped(point, drawBelow(chance, 8 * SIZE)), proof } };
    case 1:
      return { roll, partial: spoilt(partial, drawBelow(chance, 8 * SIZE)) };
    case 2:
      return { roll, partial: other ?? spoilt(partial, 1) };
    case 3:
      return { roll, partial: { point: new Uint8Array(SIZE), proof } };
    default:
      return { roll: roll + 1, partial };
  }
}

const spoilt = ({ point, proof }: Partial, bit: number): Partial => ({
  ...{ point, proof: { ...proof, response: flipped(proof.response, bit) } },
});

/** Out of its turn, as soon as it has heard enough. */
function settleEarly({ rules }: CrapsTable, dice: DiceState, own: OwnProcess): OperationOf<"settle"> | undefined {
  const threshold = servingKey(dice)?.key.threshold;
  const { partials } = own.dice;
  if (dice.roll === undefined || threshold === undefined || partials.length < threshold) return undefined;
  const output = combinePartials(rules.ports.group, partials);
  return output === undefined ? undefined : { type: "settle", roll: dice.lastRoll, output, partials };
}

function settlement({ chance }: CrapsTable, operation: OperationOf<"settle">): DiceOperation {
  const { output, partials } = operation;
  switch (drawBelow(chance, 4)) {
    case 0:
      return { ...operation, output: flipped(output, drawBelow(chance, 56)) };
    case 1:
      return { ...operation, partials: partials.slice(1) };
    case 2:
      return { ...operation, partials: partials.map((each) => ({ ...each, holder: partials[0].holder })) };
    default: {
      const [first, ...rest] = partials;
      return { ...operation, partials: [{ ...first, partial: spoilt(first.partial, 3) }, ...rest] };
    }
  }
}

/** Everything in order but the shares of some, and the proof made anew over it: sealed with numbers that are off by one. */
function wrong(of: CrapsTable, { place }: Kiosk, dice: DiceState): Dealing | undefined {
  const ports = of.ports[place];
  const open = dice.deal;
  const { key } = of.rules.members.find(({ diceKey }) => same(diceKey, of.diceKeys[place])) ?? {};
  const keys = open === undefined ? undefined : decodeElements(ports.group, open.holders);
  const secret = decodeScalar(of.secrets[place], ports.group.order);
  if (open === undefined || key === undefined || keys === undefined || secret === undefined) return undefined;
  const dealer = dice.members.findIndex(({ diceKey }) => same(diceKey, of.diceKeys[place]));
  const victims = 1 + drawBelow(of.chance, 2 ** keys.length - 1);
  const group = sealingWrong(ports.group, (seal) => ((victims >> seal) & 1) === 1);
  return deal(group, { deal: dealContext(ports, dice.table, open), dealer }, secret, keys, thresholdOf(open));
}

function complaint({ chance, rules }: CrapsTable, dice: DiceState): DiceOperation {
  const { group } = rules.ports;
  const shared = group.encode(group.hashToElement("nothing", drawBytes(chance, 8)));
  const proof = { challenge: drawBytes(chance, SIZE), response: drawBytes(chance, SIZE) };
  for (const each of [proof.challenge, proof.response]) each.fill(0, 7);
  const dealer = drawBelow(chance, dice.members.length);
  return { type: "complain", number: dice.lastKey, complaint: { dealer, shared, proof } };
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}

const same = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;
