/** What the bet that was touched last is worth: odds, edge, the cost of playing on; and what can be done with it. */

import { ruleOf } from "../../../engine/games/craps/rules.ts";
import { spotText } from "../../../engine/games/craps/say.ts";
import { type Spot, spotOf } from "../../../engine/games/craps/spots.ts";
import { type BetFigures, paysOn } from "../core/figures.ts";
import { betAt, chipsFor } from "../core/hand.ts";
import type { Working } from "../core/page-state.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { StringKey } from "../strings/strings.ts";
import { numberText, percentText } from "../strings/texts.ts";
import { icon } from "./icons.ts";
import { pressed, type Seen } from "./seen.ts";

export function card(seen: Seen): Child {
  const { page, language, say, view, hand } = seen;
  const spot = page.card === undefined ? undefined : spotOf(page.card.code);
  const table = view?.craps;
  if (page.card === undefined || spot === undefined || table === null || table === undefined) return undefined;
  const { odds, isMost } = paysOn(table.config, spot, table.state.point);
  const [won, staked] = odds.map((part) => numberText(language, part));
  const bet = hand === undefined ? undefined : betAt(hand, spot.code);
  const stake = hand === undefined ? page.preferences.chip : chipsFor(hand, spot, page.preferences.chip);
  return h(
    "section",
    { class: "card", key: "card", "aria-label": say("about", { bet: spotText(language.craps, spot) }) },
    h("h2", { key: "name" }, spotText(language.craps, spot)),
    h(
      "ul",
      { class: "card-figures", key: "figures" },
      h(
        "li",
        {},
        isMost ? say("paysUpTo", { chips: Math.floor((stake * odds[0]) / odds[1]) }) : say("pays", { won, staked }),
      ),
      page.card.figures != null && figureLines(seen, page.card.figures, stake),
    ),
    bet !== undefined && own(seen, spot, bet.stake, bet.working),
    h(
      "button",
      {
        class: "card-close",
        key: "close",
        type: "button",
        "aria-label": say("close"),
        ...pressed({ do: "closeCard" }),
      },
      icon("close"),
    ),
  );
}

function figureLines({ say, language }: Seen, { edge, wins, rolls }: BetFigures, stake: number): Child[] {
  // As soon as it is decided, the bet is made again.
  const loss = Math.round((edge.value * stake * 1_000) / rolls);
  const percent = percentText(language, edge.value);
  const fraction =
    edge.numerator.length + edge.denominator.length > FRACTION_LENGTH_MAX
      ? "≈"
      : `${edge.numerator}/${edge.denominator}`;
  return [
    h("li", { class: "edge" }, edge.value === 0 ? say("noEdge") : say("edge", { fraction, percent })),
    h("li", {}, say("wins", { percent: percentText(language, wins) })),
    h("li", {}, loss === 0 ? say("costNothing", { chips: stake }) : say("costThousand", { chips: stake, loss })),
  ];
}

/** A longer one tells nobody anything. */
const FRACTION_LENGTH_MAX = 12;

function own({ say }: Seen, spot: Spot, stake: number, working: Working): Element {
  const calls: readonly (readonly [Working, StringKey])[] = [
    ["on", "callOn"],
    ["off", "callOff"],
  ];
  return h(
    "div",
    { class: "card-own", key: "own" },
    h("b", {}, say("youHave", { chips: stake })),
    ruleOf(spot.code).calls !== undefined &&
      calls.map(([call, word]) =>
        h(
          "button",
          {
            ...{ class: "move", key: call, type: "button", "aria-pressed": `${working === call}` },
            ...pressed({ do: "call", code: spot.code, working: working === call ? "usual" : call }),
          },
          say(word),
        ),
      ),
    h(
      "button",
      { class: "move", key: "take", type: "button", ...pressed({ do: "take", code: spot.code }) },
      say("takeDown"),
    ),
  );
}
