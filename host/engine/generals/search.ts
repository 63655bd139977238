/** Every way to betray, one after the other: what no strategy breaks is safe, and what one breaks is shown by it. */
import { assert } from "../../../protocol/core/assert.ts";
import { STRATEGIES_MAX } from "./limits.ts";
import {
  besiege,
  brokenCondition,
  COMMANDER,
  type Condition,
  messagesOf,
  nameOf,
  type Order,
  type Outcome,
  type Rule,
  type Said,
  type Siege,
  type Strategy,
} from "./oral-messages.ts";

export interface Breach {
  readonly siege: Siege;
  readonly outcome: Outcome;
  readonly broken: Condition;
}

export interface Search {
  readonly triedCount: number;
  /** The first of each kind that was found: a loyal commander disobeyed, lieutenants of two minds. */
  readonly breaches: readonly Breach[];
}

const WORDS: readonly Said[] = Object.freeze(["attack", "retreat", "nothing"]);
const ORDERS: readonly Order[] = Object.freeze(["attack", "retreat"]);

/** All traitors there could be, all orders, all that the traitors could say. */
export function searchBreaches(
  generalCount: number,
  traitorCount: number,
  relayCount: number,
  rule?: Rule,
  words: readonly Said[] = WORDS,
): Search {
  const breaches: Breach[] = [];
  let triedCount = 0;
  for (const traitors of subsets(generalCount, traitorCount)) {
    const lies = messagesOf(generalCount, relayCount)
      .filter(({ path }) => traitors.includes(path[path.length - 1]))
      .map(nameOf);
    const strategyCount = words.length ** lies.length;
    assert(strategyCount <= STRATEGIES_MAX, "the strategies can all be tried");
    for (const order of ORDERS) {
      for (let number = 0; number < strategyCount; number++) {
        const strategy = strategyOf(lies, words, number);
        const siege: Siege = { generalCount, relayCount, order, traitors, strategy, ...(rule && { rule }) };
        const outcome = besiege(siege);
        const broken = brokenCondition(siege, outcome);
        triedCount += 1;
        if (broken !== undefined && !breaches.some((each) => each.broken === broken)) {
          breaches.push({ siege, outcome, broken });
        }
      }
    }
  }
  return { triedCount, breaches };
}

/** The number's digits, to the base of as many words as there are, are what each message says. */
function strategyOf(lies: readonly string[], words: readonly Said[], number: number): Strategy {
  return (message) => words[Math.floor(number / words.length ** lies.indexOf(nameOf(message))) % words.length];
}

function subsets(generalCount: number, size: number): readonly (readonly number[])[] {
  const found: number[][] = [];
  for (let set = 0; set < 2 ** generalCount; set++) {
    const members: number[] = [];
    for (let general = 0; general < generalCount; general++) if ((set >> general) & 1) members.push(general);
    if (members.length === size) found.push(members);
  }
  return found;
}

/** Traitors deny an order to attack, to everyone and in everything. It beats any 3f generals, where f do it together. */
const denial: Strategy = () => "retreat";

export function besiegeByDenial(generalCount: number, traitorCount: number): Breach | undefined {
  const traitors = subsets(generalCount, traitorCount).find((each) => !each.includes(COMMANDER));
  assert(traitors !== undefined, "there are so many lieutenants");
  const siege: Siege = { generalCount, relayCount: traitorCount, order: "attack", traitors, strategy: denial };
  const outcome = besiege(siege);
  const broken = brokenCondition(siege, outcome);
  return broken && { siege, outcome, broken };
}

/** Whether the majority is a bad rule, or three are too few: all pairs of rules that two lieutenants could follow. */
export function rulesThatSurvive(): { readonly triedCount: number; readonly survivorCount: number } {
  let survivorCount = 0;
  for (let pair = 0; pair < RULE_PAIR_COUNT; pair++) {
    if (searchBreaches(3, 1, 1, pairOfRules(pair), ORDERS).breaches.length === 0) survivorCount += 1;
  }
  return { triedCount: RULE_PAIR_COUNT, survivorCount };
}

/** Each lieutenant its own. What a lieutenant of three knows is two words, the commander's and the other's: that makes four
 * situations, so that there are sixteen rules. */
export function pairOfRules(pair: number): Rule {
  const numbers = [pair % RULE_COUNT, Math.floor(pair / RULE_COUNT)];
  return (lieutenant, told) => {
    const situation = 2 * ORDERS.indexOf(told[0]) + ORDERS.indexOf(told[1]);
    return ORDERS[(numbers[lieutenant - 1] >> situation) & 1];
  };
}

const RULE_COUNT = 2 ** (ORDERS.length ** 2);
export const RULE_PAIR_COUNT = RULE_COUNT ** 2;
