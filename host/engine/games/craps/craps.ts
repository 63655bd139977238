/** Craps, whole: two phases, five moves, thirty-six outcomes. What each bet is lies with its family. */
import { branded, type Codec } from "../../../../protocol/bytes/codec.ts";
import { SEATS_MAX } from "../../../../protocol/core/limits.ts";
import { defineGame } from "../../game/game.ts";
import { CrapsConfig, configFault, USUAL_CONFIG } from "./config.ts";
import { DICE_LAW, Roll } from "./dice.ts";
import { tableFault } from "./fault.ts";
import { GOLDEN } from "./golden.ts";
import { legalMoves } from "./legal.ts";
import { CrapsAction, callBet, makeBet, passDice, rollDice, rollOverdue, takeBet, toSomebody } from "./moves.ts";
import { reserveOf } from "./reserve.ts";
import type { Why } from "./rule.ts";
import { settleRoll } from "./settle.ts";
import type { Family } from "./spots.ts";
import { CrapsState, emptyTable, heldBy } from "./state.ts";
import { GERMAN } from "./strings-de.ts";
import { ENGLISH } from "./strings-en.ts";
import { SPANISH } from "./strings-es.ts";
import { viewOf } from "./view.ts";
import { crapsWagers } from "./wagers.ts";

/** A bet or a refusal without its words does not compile. */
type Said = { readonly [word in Family | Why]: string };

export const craps = defineGame<CrapsConfig, CrapsState, CrapsAction, Roll>({
  name: "craps",
  version: 1,
  seats: { min: 2, max: SEATS_MAX },
  config: { layout: CrapsConfig, usual: USUAL_CONFIG, fault: configFault },
  layouts: {
    state: CrapsState,
    action: branded(CrapsAction as Codec<unknown>, (value) => value as CrapsAction),
    outcome: Roll,
  },
  setup: (_config, seats) => emptyTable(seats),
  phases: {
    bets: { moves: ["bet", "take", "call", "roll", "passDice"] },
    dice: { chance: true },
  },
  phase: ({ rolling }) => (rolling ? "dice" : "bets"),
  moves: { bet: makeBet, take: takeBet, call: callBet, roll: rollDice, passDice },
  legalActions: legalMoves,
  overdue: (_config, state) => rollOverdue(state),
  keepTurn: toSomebody,
  law: () => DICE_LAW,
  settle: settleRoll,
  held: heldBy,
  reserve: reserveOf,
  fault: tableFault,
  view: viewOf,
  strings: { en: ENGLISH, de: GERMAN, es: SPANISH } satisfies { readonly [language: string]: Said },
  golden: GOLDEN,
  wagers: crapsWagers,
});
