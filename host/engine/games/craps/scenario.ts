/** The table's scenarios: what is bet, what is rolled, and what it comes to, in words. "4-4" is hard; a total alone is rolled
 * with different faces where it can be. Net is of the bets named, fees taken off, since the scenario began. */
import type { Golden, Line } from "../../game/game.ts";
import type { CrapsConfig } from "./config.ts";
import { ROLLS, type Roll, totalOf } from "./dice.ts";
import type { CrapsAction } from "./moves.ts";
import { codeOfName, comeOnCode, dontComeOnCode, TRAVELLED } from "./spots.ts";

type CrapsLine = Line<CrapsAction, Roll>;
export type CrapsGolden = Golden<CrapsConfig, CrapsAction, Roll>;

/** A scenario of seat 0, a line a word: "bet pass 10", "take place-6 6", "call come-odds-5 on", "roll 4-4", "roll 7", "net +10",
 * "net place-6 +14", "refuse bet pass 10: only on a come-out". Seat 1 keeps a line bet, so that there always is a shooter. */
export function scenario(name: string, text: string, config: Partial<CrapsConfig> = {}): CrapsGolden {
  const lines = text.split(";").map((line) => lineOf(line.trim()));
  return { name, config: { bets: "everything", rounding: "down", ...config }, lines: [KEEPS_THE_LINE, ...lines] };
}

function lineOf(text: string): CrapsLine {
  const [verb, ...words] = text.split(" ");
  if (verb === "roll") return { type: "chance", outcome: rollOf(words[0]) };
  if (verb === "net") {
    const is = Number(words[words.length - 1]);
    return { type: "net", seat: 0, is, ...(words.length === 2 ? { bet: codeOf(words[0]) } : {}) };
  }
  if (verb !== "refuse") return { type: "act", seat: 0, action: actionOf(verb, words) };
  const [asked, why] = text.slice("refuse ".length).split(": ");
  const [what, ...rest] = asked.split(" ");
  return { type: "refused", seat: 0, action: actionOf(what, rest), why };
}

function actionOf(verb: string, words: readonly string[]): CrapsAction {
  switch (verb) {
    case "bet":
    case "take":
      return { type: verb, code: codeOf(words[0]), chips: Number(words[1]) };
    case "call":
      return { type: "call", code: codeOf(words[0]), working: words[1] as "usual" | "on" | "off" };
    case "pass-dice":
      return { type: "passDice" };
    default:
      return { type: "roll" };
  }
}

/** A name of the layout, or "come-on-5" for what has travelled. */
function codeOf(name: string): number {
  const number = Number(name.slice(name.lastIndexOf("-") + 1));
  if (name.startsWith("come-on-")) return comeOnCode(number);
  if (name.startsWith("dont-come-on-")) return dontComeOnCode(number);
  return codeOfName(name) ?? TRAVELLED - 1;
}

function rollOf(word: string): Roll {
  const [first, second] = word.split("-").map(Number);
  if (second !== undefined) return { first, second };
  const easy = ROLLS.find((roll) => totalOf(roll) === first && roll.first !== roll.second);
  return easy ?? (ROLLS.find((roll) => totalOf(roll) === first) as Roll);
}

const KEEPS_THE_LINE: CrapsLine = {
  type: "act",
  seat: 1,
  action: { type: "bet", code: codeOf("dont-pass"), chips: 1 },
};
