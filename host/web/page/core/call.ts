/** What the table calls when the dice lie: the same for the screen, the voice and those who read by ear. */

import { isCraps, isHard, isPoint } from "../../../engine/games/craps/dice.ts";
import type { SettledBet, ShownRoll } from "../../contract/rolls-part.ts";
import { type Language, say } from "../strings/texts.ts";

export function callOf(language: Language, { fell, point }: Pick<ShownRoll, "fell" | "point">): string {
  if (fell === null) return say(language, "callVoid");
  const total = fell.first + fell.second;
  if (point === 0) {
    if (total === 7 || total === 11) return say(language, "callNatural", { total });
    return say(language, isCraps(total) ? "callCraps" : "callPoint", { total });
  }
  if (total === 7) return say(language, "callSevenOut");
  if (total === point) return say(language, "callMade", { total });
  return say(language, isPoint(total) && isHard(fell) ? "callHard" : "callTotal", { total });
}

/** Of the player at a place: what the roll brought in all; undefined where nothing of theirs lay there. */
export const netOf = ({ seats }: ShownRoll, place: number | null): number | undefined =>
  seats.find((seat) => seat.place === place)?.net;

/** What became of each bet of the player at a place; those that merely stood are left out. */
export function resultsOf({ seats }: ShownRoll, place: number | null): readonly SettledBet[] {
  const bets = seats.find((seat) => seat.place === place)?.bets ?? [];
  return bets.filter(({ type }) => type !== "stood");
}

export function resultText(language: Language, { type, net, stake }: SettledBet): string {
  switch (type) {
    case "won":
      return say(language, "won", { chips: net });
    case "lost":
      return say(language, "lost", { chips: -net });
    case "returned":
      return say(language, "returned", { chips: stake });
    case "travelled":
      return say(language, "travelled");
    default:
      return say(language, "pushed");
  }
}

export function netText(language: Language, net: number): string {
  if (net === 0) return say(language, "netEven");
  return say(language, net > 0 ? "netUp" : "netDown", { chips: Math.abs(net) });
}
