/** An evening of bets as a table executes it, again and again: each operation decoded, validated by the game and the money, settled
 * when the dice have fallen, and booked. Nobody signs, and the dice are one member's secrets, opened as soon as they are told. */
import { domainDigest } from "../../host/crypto/domain-digest.ts";
import { wideDigest } from "../../host/crypto/ristretto-digest.ts";
import { DiceOperation } from "../../host/engine/dice/operation.ts";
import { stepOwnDice } from "../../host/engine/dice/own-dice.ts";
import { type OwnEffect, type OwnPorts, ownDice } from "../../host/engine/dice/own-state.ts";
import { encodeScalar } from "../../host/engine/dice/scalar.ts";
import { USUAL_CONFIG } from "../../host/engine/games/craps/config.ts";
import { craps } from "../../host/engine/games/craps/craps.ts";
import { CrapsAction } from "../../host/engine/games/craps/moves.ts";
import type { CrapsState } from "../../host/engine/games/craps/state.ts";
import { STANDARD_BANK, STANDARD_LEDGER_RULES, STANDARD_POOL } from "../../host/engine/ledger/rules.ts";
import type { Machine } from "../../host/engine/machine.ts";
import { STANDARD_STAKE_RULES } from "../../host/engine/stakes/rules.ts";
import { TableAnswer } from "../../host/engine/table/answer.ts";
import { TableOperation } from "../../host/engine/table/operation.ts";
import type { TableState } from "../../host/engine/table/state.ts";
import { tableMachine } from "../../host/engine/table/table-machine.ts";
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, chance, drawBelow } from "../../protocol/core/chance.ts";
import { DIGEST_SIZE, SEATS_MAX, SIGNATURE_SIZE, TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { agreedMillis, memberIndex, millis } from "../../protocol/core/units.ts";
import { quickGroup } from "../simulator/craps/quick-group.ts";

type State = TableState<CrapsState>;

interface Entry {
  readonly seat: number;
  readonly time: number;
  readonly bytes: Uint8Array;
}

export interface Evening {
  readonly machine: Machine<State>;
  readonly log: readonly Entry[];
  /** Of the log, those of players: dice are not counted. */
  readonly operations: number;
  readonly refused: number;
  readonly rolls: number;
}

const START_MS = 1_790_000_000_000;
const MOVES_A_ROLL = 24;
const KEY = new Uint8Array(DIGEST_SIZE).fill(1);
const PORTS: OwnPorts = {
  group: quickGroup(domainDigest) as OwnPorts["group"],
  ...{ digest: domainDigest, wideDigest },
  verify: () => true,
  sign: () => new Uint8Array(SIGNATURE_SIZE),
};

/** Eight players who make every kind of legal move. */
export function evening(rolls: number, seed: number): Evening {
  const machine = tableMachine({
    table: new Uint8Array(TABLE_ID_SIZE),
    members: [{ key: KEY, diceKey: KEY }],
    game: craps,
    config: USUAL_CONFIG,
    places: SEATS_MAX,
    outcomeOf: ([first, second]) => ({ first, second }),
    ...{ ledger: STANDARD_LEDGER_RULES, stakes: STANDARD_STAKE_RULES, bank: STANDARD_BANK, pool: STANDARD_POOL },
    ...{ revealAlways: true, ports: PORTS },
  });
  const from = chance(seed);
  const state = machine.initial();
  const own = ownDice(encodeScalar(5n), KEY, millis(0));
  const log: Entry[] = [];
  const counts = { operations: 0, refused: 0 };
  let now = 0;
  const order = (seat: number, operation: TableOperation): void => {
    now += 100;
    const entry = { seat, time: START_MS + now, bytes: encode(TableOperation, operation) };
    log.push(entry);
    const answer = decode(TableAnswer, execute(machine, state, entry));
    assert(answer.ok, "an answer can be read");
    if (operation.type === "dice") return;
    counts.operations += 1;
    if (answer.value.type === "refused") counts.refused += 1;
  };
  for (let seat = 0; seat < SEATS_MAX; seat++) order(seat, { type: "sit" });
  while (state.dice.lastRoll < rolls) {
    for (let move = 0; move < MOVES_A_ROLL; move++) player(state, from, drawBelow(from, SEATS_MAX), false, order);
    player(state, from, state.play.state.shooter, true, order);
    while (state.dice.roll !== undefined) {
      const effects: OwnEffect[] = [];
      stepOwnDice(own, state.dice, { type: "decided", at: millis(now) }, effects, PORTS);
      for (const effect of effects) {
        if (effect.type === "order") order(0, { type: "dice", operation: encode(DiceOperation, effect.operation) });
      }
    }
  }
  return { machine, log, ...counts, rolls: state.dice.lastRoll };
}

type Order = (seat: number, operation: TableOperation) => void;

function player(state: State, from: Chance, place: number, rolls: boolean, order: Order): void {
  const account = state.ledger.accounts[state.places[place] ?? -1];
  assert(account !== undefined, "everybody sits where they sat down first");
  const { free, locked, nextCounter } = account;
  if (free + locked === 0) order(place, { type: "rebuy", counter: nextCounter });
  const legal = craps.legalActions(USUAL_CONFIG, state.play.state, place, { free, bank: state.ledger.bank });
  const wanted = rolls
    ? (legal.find(({ type }) => type === "roll") ?? { type: "bet" as const, code: 0, chips: 5 })
    : (legal.filter(({ type }) => type !== "roll" && type !== "passDice")[drawBelow(from, legal.length)] ?? legal[0]);
  if (wanted !== undefined) act(place, nextCounter, wanted, order);
}

function act(place: number, counter: number, action: CrapsAction, order: Order): void {
  order(place, { type: "act", counter: counter as never, action: encode(CrapsAction, action) });
}

function execute(machine: Machine<State>, state: State, { seat, time, bytes }: Entry): Uint8Array {
  const at = agreedMillis(time);
  machine.advance(state, at);
  return machine.execute(state, { client: memberIndex(0), seat, rules: 1, time: at, bytes });
}

/** On a table that is founded anew. */
export function play({ machine, log }: Evening): State {
  const state = machine.initial();
  for (const entry of log) execute(machine, state, entry);
  return state;
}
