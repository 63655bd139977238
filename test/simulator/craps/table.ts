/** A table of craps as all its kiosks found it, and what the checkers know of its rolls. */
import { ristrettoGroup } from "../../../host/crypto/ristretto.ts";
import { wideDigest } from "../../../host/crypto/ristretto-digest.ts";
import type { RollInput } from "../../../host/engine/dice/bet-lock.ts";
import type { OwnDice, OwnPorts } from "../../../host/engine/dice/own-state.ts";
import type { Group } from "../../../host/engine/dice/ports.ts";
import { encodeScalar } from "../../../host/engine/dice/scalar.ts";
import { type CrapsConfig, USUAL_CONFIG } from "../../../host/engine/games/craps/config.ts";
import { craps } from "../../../host/engine/games/craps/craps.ts";
import type { Roll } from "../../../host/engine/games/craps/dice.ts";
import type { CrapsAction } from "../../../host/engine/games/craps/moves.ts";
import type { CrapsState } from "../../../host/engine/games/craps/state.ts";
import { STANDARD_BANK, STANDARD_LEDGER_RULES, STANDARD_POOL } from "../../../host/engine/ledger/rules.ts";
import type { Machine } from "../../../host/engine/machine.ts";
import { STANDARD_STAKE_RULES } from "../../../host/engine/stakes/rules.ts";
import { ownerOf } from "../../../host/engine/table/players.ts";
import type { TableRules } from "../../../host/engine/table/rules.ts";
import type { TableState } from "../../../host/engine/table/state.ts";
import { tableMachine } from "../../../host/engine/table/table-machine.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { type Chance, draw, drawBytes } from "../../../protocol/core/chance.ts";
import { DIGEST_SIZE, SEATS_MAX, TABLE_ID_SIZE } from "../../../protocol/core/limits.ts";
import { chips, millis } from "../../../protocol/core/units.ts";
import { type Identity, mixed } from "../crypto.ts";
import type { Counts } from "../kinds.ts";
import { type Plan, STREAMS, stream } from "../plan.ts";
import type { Kiosk } from "../sim.ts";
import { quickGroup } from "./quick-group.ts";
import { type Vice, vicesOf } from "./vices.ts";

export type State = TableState<CrapsState>;
export type Rules = TableRules<CrapsConfig, CrapsState, CrapsAction, Roll>;

export interface Player {
  /** Of the kiosk, among all keys. */
  readonly place: number;
  readonly seat: number;
  readonly owner: Uint8Array;
}

/** One process' own part in the dice. Twins have one each. */
export interface OwnProcess {
  readonly boot: number;
  readonly dice: OwnDice;
  /** The last sequence whose state was looked at. */
  seen: number;
  wakesAt: number;
}

/** Bets that an honest kiosk has found locked in what it executed. */
export interface Lock {
  /** No later than this sequence. */
  readonly by: number;
  readonly input: RollInput;
  /** Of the kiosk's own share, where it holds one. */
  readonly verifying: Uint8Array | undefined;
}

/** How a roll ended, where it was first seen. */
export type End =
  | { readonly type: "void" }
  | { readonly type: "rolled"; readonly first: number; readonly second: number; readonly input: Uint8Array };

export interface CrapsTable {
  readonly rules: Rules;
  readonly machine: Machine<State>;
  /** By place. */
  readonly secrets: readonly Uint8Array[];
  readonly diceKeys: readonly Uint8Array[];
  readonly ports: readonly OwnPorts[];
  readonly vices: readonly (readonly Vice[])[];
  readonly players: readonly Player[];
  /** By process. */
  readonly owns: (OwnProcess | undefined)[];
  /** By place and roll. */
  readonly locks: readonly Map<number, Lock>[];
  readonly ends: Map<number, End>;
  readonly tally: Counts;
  readonly chance: Chance;
  /** Where the run is, for whatever is broken. */
  where: { readonly now: number; readonly events: number };
}

/** More would find no place in the game, and fewer would leave the dice to one or two. */
const PLAYERS_A_KIOSK = 2;
const STAKE_MIN = 100;

export function crapsTable(plan: Plan, people: readonly Identity[]): CrapsTable {
  const from = stream(plan.seed, STREAMS.craps);
  // How long the evening is was drawn before.
  draw(from);
  const digest = mixed(DIGEST_SIZE);
  const wide = plan.real ? wideDigest : mixed(2 * DIGEST_SIZE);
  const group = (plan.real ? ristrettoGroup : quickGroup(digest)) as Group;
  const secrets = people.map(() => encodeScalar(group.hashToScalar("secret", drawBytes(from, DIGEST_SIZE))));
  const diceKeys = secrets.map((secret) => group.encode(group.multiply(group.base, numberOf(secret))));
  const ports = people.map(({ ports }): OwnPorts => ({ ...ports, group, wideDigest: wide }));
  const rules: Rules = {
    table: people[0].key.subarray(0, TABLE_ID_SIZE),
    members: plan.founders.map((place) => ({ key: people[place].key, diceKey: diceKeys[place] })),
    game: craps,
    config: { ...USUAL_CONFIG, bets: plan.seed % 2 === 0 ? "full" : "everything" },
    places: SEATS_MAX,
    outcomeOf: ([first, second]) => ({ first, second }),
    ledger: STANDARD_LEDGER_RULES,
    stakes: { ...STANDARD_STAKE_RULES, minimum: chips(STAKE_MIN), lockMs: millis(5_000) },
    ...{ bank: STANDARD_BANK, pool: STANDARD_POOL, revealAlways: plan.seed % 8 === 3, ports: ports[0] },
    diceKeyOf: (key) => diceKeys[people.findIndex((each) => bytesEqual(each.key, key))],
  };
  return {
    ...{ rules, machine: tableMachine(rules), secrets, diceKeys, ports },
    vices: people.map((_, place) => vicesOf(plan, place)),
    players: people.flatMap((_, place) =>
      Array.from({ length: PLAYERS_A_KIOSK }, (_, seat) => ({
        ...{ place, seat, owner: ownerOf(rules, people[place].key, seat) },
      })),
    ),
    owns: [],
    locks: people.map(() => new Map()),
    ends: new Map(),
    tally: { rolls: 0, voids: 0, keys: 0 },
    chance: stream(plan.seed, STREAMS.vices),
    where: { now: 0, events: 0 },
  };
}

function numberOf(scalar: Uint8Array): bigint {
  let value = 0n;
  for (let at = scalar.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(scalar[at]);
  return value;
}

/** What this process has executed. */
export const stateAt = ({ replica }: Kiosk): State | undefined => replica?.state.machine as State | undefined;
