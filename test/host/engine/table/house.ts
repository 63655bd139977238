/** A house in which craps is played: kiosks with players, whose operations are executed as they come by two replicas, and
 * written down. */
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { stepOwnDice } from "../../../../host/engine/dice/own-dice.ts";
import type { OwnEffect, OwnEvent } from "../../../../host/engine/dice/own-state.ts";
import { type CrapsConfig, USUAL_CONFIG } from "../../../../host/engine/games/craps/config.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { CrapsAction } from "../../../../host/engine/games/craps/moves.ts";
import { PASS } from "../../../../host/engine/games/craps/spots.ts";
import type { CrapsState } from "../../../../host/engine/games/craps/state.ts";
import { STANDARD_BANK, STANDARD_LEDGER_RULES, STANDARD_POOL } from "../../../../host/engine/ledger/rules.ts";
import type { Machine } from "../../../../host/engine/machine.ts";
import { STANDARD_STAKE_RULES } from "../../../../host/engine/stakes/rules.ts";
import { TableAnswer } from "../../../../host/engine/table/answer.ts";
import { TableOperation } from "../../../../host/engine/table/operation.ts";
import type { TableRules } from "../../../../host/engine/table/rules.ts";
import type { TableState } from "../../../../host/engine/table/state.ts";
import { tableMachine } from "../../../../host/engine/table/table-machine.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, counter, memberIndex, millis } from "../../../../protocol/core/units.ts";
import { type Kiosk, kiosk, START, TABLE } from "../dice/kiosks.ts";
import type { World } from "../dice/stand-in.ts";

export type State = TableState<CrapsState>;

export interface Entry {
  readonly client: number;
  readonly seat: number;
  /** Nothing but a time, where there are none: an idle table agrees on the time alone. */
  readonly bytes: Uint8Array | undefined;
  readonly time: number;
}

type Rules = TableRules<CrapsConfig, CrapsState, CrapsAction, { readonly first: number; readonly second: number }>;

export interface House {
  readonly kiosks: readonly Kiosk[];
  /** The first so many are members from the beginning, and players live with them. */
  readonly homes: number;
  readonly rules: Rules;
  readonly machine: Machine<State>;
  state: State;
  now: number;
  readonly log: Entry[];
  readonly answers: (TableAnswer | undefined)[];
  /** Partials do not reach anybody. */
  withheld: boolean;
  /** What a kiosk keeps back of what it would order for the dice. */
  keepsBack: (kiosk: number, operation: Uint8Array) => boolean;
}

export interface HouseOptions {
  readonly world?: World;
  readonly places?: number;
  readonly config?: Partial<CrapsConfig>;
  readonly bank?: number;
  /** Kiosks that are no members yet. */
  readonly spare?: number;
  readonly revealAlways?: boolean;
}

export function house(count: number, options: HouseOptions = {}): House {
  const { world = "stand-in", spare = 0 } = options;
  const kiosks = Array.from({ length: count + spare }, (_, index) => kiosk(world, 3, index));
  const rules = rulesOf(kiosks, count, options);
  const machine = tableMachine(rules);
  const state = machine.initial();
  return {
    kiosks,
    homes: count,
    rules,
    machine,
    state,
    now: 1,
    log: [],
    answers: [],
    withheld: false,
    keepsBack: () => false,
  };
}

/** A house of craps whose members are the first so many of these. */
export function rulesOf(
  kiosks: readonly Kiosk[],
  count: number,
  { places = 4, config = {}, bank = STANDARD_BANK, revealAlways = false }: HouseOptions = {},
): Rules {
  return {
    table: TABLE,
    members: kiosks.slice(0, count).map(({ member }) => member),
    game: craps,
    config: { ...USUAL_CONFIG, ...config },
    places,
    outcomeOf: ([first, second]) => ({ first, second }),
    ledger: STANDARD_LEDGER_RULES,
    stakes: STANDARD_STAKE_RULES,
    ...{ bank, pool: STANDARD_POOL, revealAlways, ports: kiosks[0]!.ports },
    diceKeyOf: (key) => kiosks.find(({ member }) => Buffer.compare(member.key, key) === 0)?.member.diceKey,
  };
}

/** In a batch of its own. */
export function order(of: House, client: number, seat: number, operation: TableOperation): TableAnswer {
  return orderBytes(of, client, seat, encode(TableOperation, operation));
}

export function orderBytes(of: House, client: number, seat: number, bytes: Uint8Array): TableAnswer {
  of.now += 1;
  return log(of, { client, seat, bytes, time: START + of.now })!;
}

function log(of: House, entry: Entry): TableAnswer | undefined {
  of.log.push(entry);
  const answer = execute(of.machine, of.state, entry);
  of.answers.push(answer);
  return answer;
}

export function execute(
  machine: Machine<State>,
  state: State,
  { client, seat, bytes, time }: Entry,
): TableAnswer | undefined {
  const at = agreedMillis(time);
  machine.advance(state, at);
  if (bytes === undefined) return undefined;
  const result = machine.execute(state, { client: memberIndex(client), seat, rules: 1, time: at, bytes });
  const decoded = decode(TableAnswer, result);
  if (!decoded.ok) throw new Error("an answer can be read");
  return decoded.value;
}

export function accountAt(of: House, place: number) {
  const account = of.state.places[place];
  return account === undefined ? undefined : of.state.ledger.accounts[account];
}

/** Its place among the members of now, or −1. */
export const clientOf = (of: House, kiosk: number): number =>
  of.state.dice.members.findIndex(({ key }) => Buffer.compare(key, of.kiosks[kiosk]!.member.key) === 0);

/** Player p sits at kiosk p mod n. */
export const whereIs = (of: House, player: number) => ({
  client: clientOf(of, player % of.homes),
  seat: Math.floor(player / of.homes),
});

export function act(of: House, player: number, action: CrapsAction): TableAnswer {
  const { client, seat } = whereIs(of, player);
  const next = accountAt(of, player)?.nextCounter ?? counter(0);
  return order(of, client, seat, { type: "act", counter: next, action: encode(CrapsAction, action) });
}

export const pass = (chips: number) => ({ type: "bet", code: PASS, chips }) as const;
export const ROLL = { type: "roll" } as const;

/** Kiosks see to the dice until nobody has anything to say. */
export function diceSettle(of: House, first: OwnEvent["type"] = "decided"): void {
  for (let steps = 0; ; steps++) {
    const before = of.log.length;
    let said = 0;
    for (let member = 0; member < of.kiosks.length; member++)
      said += stepKiosk(of, member, steps === 0 && first === "tick");
    if (of.log.length === before && said === 0) return;
    if (steps > 200) throw new Error("dice that never come to rest");
  }
}

function stepKiosk(of: House, member: number, ticks: boolean): number {
  const at = millis(of.now);
  return perform(of, member, { type: ticks ? "tick" : "decided", at });
}

function perform(of: House, member: number, event: OwnEvent): number {
  const effects: OwnEffect[] = [];
  const { own, ports } = of.kiosks[member]!;
  stepOwnDice(own, of.state.dice, event, effects, ports);
  let said = 0;
  for (const effect of effects) {
    if (effect.type === "order") {
      const operation = encode(DiceOperation, effect.operation);
      if (of.keepsBack(member, operation)) continue;
      order(of, clientOf(of, member), 0, { type: "dice", operation });
      said += 1;
    } else if (effect.type === "say" && !of.withheld) {
      said += 1;
      for (let to = 0; to < of.kiosks.length; to++) {
        if (to !== member) {
          const from = of.kiosks[member]!.member.key;
          perform(of, to, { type: "heard", at: millis(of.now), from, said: effect.said });
        }
      }
    }
  }
  return said;
}

/** This kiosk orders nothing of the kind, beside what was kept back before. */
export function silence(of: House, kiosk: number, which: (operation: Uint8Array) => boolean): void {
  const { keepsBack } = of;
  of.keepsBack = (each, operation) => (each === kiosk && which(operation)) || keepsBack(each, operation);
}

export function passTime(of: House, ms: number): void {
  of.now += ms;
  log(of, { client: 0, seat: 0, bytes: undefined, time: START + of.now });
  diceSettle(of, "tick");
}
