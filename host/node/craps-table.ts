/** Craps as the kiosks of a table play it: which rules and whose keys. Every kiosk founds the same table. */
import { SEATS_MAX } from "../../protocol/core/limits.ts";
import { diceKeyOf } from "../crypto/ristretto-keys.ts";
import type { DicePorts } from "../engine/dice/ports.ts";
import type { DiceMember } from "../engine/dice/state.ts";
import { type CrapsConfig, USUAL_CONFIG } from "../engine/games/craps/config.ts";
import { craps } from "../engine/games/craps/craps.ts";
import type { Roll } from "../engine/games/craps/dice.ts";
import type { CrapsAction } from "../engine/games/craps/moves.ts";
import type { CrapsState } from "../engine/games/craps/state.ts";
import { STANDARD_BANK, STANDARD_LEDGER_RULES, STANDARD_POOL } from "../engine/ledger/rules.ts";
import type { Seating } from "../engine/reception/agreed-table.ts";
import { STANDARD_STAKE_RULES } from "../engine/stakes/rules.ts";
import type { TableRules } from "../engine/table/rules.ts";
import type { TableState } from "../engine/table/state.ts";

export type CrapsRules = TableRules<CrapsConfig, CrapsState, CrapsAction, Roll>;
export type CrapsTable = TableState<CrapsState>;

/** What founders choose of the game, once for as long as the table is. */
export interface FoundedGame {
  /** Places in the game; without it each founder's player has one. More leave room for who joins. */
  readonly seats?: number | undefined;
  readonly bets?: CrapsConfig["bets"] | undefined;
}

/** Undefined where a member has a key that nobody may have. */
export function crapsRules(
  table: Uint8Array,
  members: readonly Uint8Array[],
  ports: DicePorts,
  game: FoundedGame = {},
): CrapsRules | undefined {
  const known: DiceMember[] = [];
  for (const key of members) {
    const diceKey = diceKeyOf(key);
    if (diceKey === undefined) return undefined;
    known.push({ key, diceKey });
  }
  return { ...rulesAmong(table, known, ports, game), diceKeyOf };
}

export const rulesAmong = (
  table: Uint8Array,
  members: readonly DiceMember[],
  ports: DicePorts,
  { seats, bets }: FoundedGame = {},
): CrapsRules => ({
  table,
  members,
  game: craps,
  config: bets === undefined ? USUAL_CONFIG : { ...USUAL_CONFIG, bets },
  places: seats ?? Math.min(members.length, SEATS_MAX),
  outcomeOf: ([first, second]) => ({ first, second }),
  ledger: STANDARD_LEDGER_RULES,
  stakes: STANDARD_STAKE_RULES,
  bank: STANDARD_BANK,
  pool: STANDARD_POOL,
  revealAlways: false,
  ports,
});

/** Places of the game, and who may never come back to one. */
export const seatingBy =
  ({ places: seats }: CrapsRules) =>
  ({ places, outcasts }: CrapsTable): Seating => ({
    ...{ seats, excluded: outcasts },
    seatsFree: seats - places.filter((each) => each !== undefined).length,
  });
