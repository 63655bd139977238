/** Stories at a craps table, told in the words of its own scenarios, and tables that are set up by hand. */
import { domainDigest } from "../../../../../host/crypto/domain-digest.ts";
import { type Figures, figuresOf } from "../../../../../host/engine/game/edges.ts";
import type { Step } from "../../../../../host/engine/game/game.ts";
import { runGolden } from "../../../../../host/engine/game/golden.ts";
import { playHash } from "../../../../../host/engine/game/play.ts";
import { ratioText } from "../../../../../host/engine/game/ratio.ts";
import { type Happened, happen, type Sitting, sit } from "../../../../../host/engine/game/sitting.ts";
import type { CrapsConfig } from "../../../../../host/engine/games/craps/config.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import type { Roll } from "../../../../../host/engine/games/craps/dice.ts";
import type { CrapsAction } from "../../../../../host/engine/games/craps/moves.ts";
import { scenario } from "../../../../../host/engine/games/craps/scenario.ts";
import { codeOfName, type Spot, spotOf } from "../../../../../host/engine/games/craps/spots.ts";
import type { CrapsState } from "../../../../../host/engine/games/craps/state.ts";
import { wagerOn } from "../../../../../host/engine/games/craps/wagers.ts";

export type CrapsStep = Step<CrapsAction, Roll>;
export type CrapsSitting = Sitting<CrapsState>;

/** Everything on the layout, and a bank that hardly anything troubles. */
export const OPEN: CrapsConfig = { ...craps.config.usual, bets: "everything", bankShareBasisPoints: 10_000 };

/** What does not hold of the story; "holds" where all does. */
export const story = (text: string, config: Partial<CrapsConfig> = {}): string =>
  runGolden(craps, scenario("story", text, { bankShareBasisPoints: 10_000, ...config })) ?? "holds";

export const spotNamed = (name: string): Spot => spotOf(codeOfName(name) ?? -1) as Spot;

/** The figures of one bet alone. `on` is the point that line odds stand on. */
export function figures(name: string, config: Partial<CrapsConfig> = {}, on?: number): Figures {
  const whole = { ...OPEN, ...config };
  const spot = spotNamed(name);
  const wager = on === undefined ? wagerOn(spot, whole) : wagerOn(spot, whole, on);
  return figuresOf(craps, { ...wager, config: whole });
}

/** "edge, chance to win, rolls until it is decided", as fractions. */
export function figuresText({ edge, won, chances }: Figures): string {
  return `${ratioText(edge)}, ${ratioText(won)}, ${ratioText(chances)}`;
}

export const table = (seats = 2, chips = 1_000_000, bank = 100_000_000): CrapsSitting =>
  sit(craps, OPEN, { seats, chips, bank });

export const doStep = (sitting: CrapsSitting, step: CrapsStep, config = OPEN): Happened =>
  happen(craps, config, sitting, step);

export const bet = (name: string, chips: number, seat = 0): CrapsStep => ({
  type: "act",
  seat,
  action: { type: "bet", code: codeOfName(name) ?? -1, chips },
});

export const act = (action: CrapsAction, seat = 0): CrapsStep => ({ type: "act", seat, action });

/** Locks the bets whoever is the shooter, and rolls. */
export function roll(sitting: CrapsSitting, dice: Roll, config = OPEN): Happened {
  sitting.play.state.rolling = true;
  return doStep(sitting, { type: "chance", outcome: dice }, config);
}

export const hashOf = (sitting: CrapsSitting): string =>
  Buffer.from(playHash(craps, sitting.play, domainDigest)).toString("hex");
