/** One bet of the layout as something to touch: its name, what it pays, whose chips lie there, and whether it is on. */

import { works } from "../../../engine/games/craps/rule.ts";
import { ruleOf } from "../../../engine/games/craps/rules.ts";
import { spotText } from "../../../engine/games/craps/say.ts";
import { type Spot, spotOf } from "../../../engine/games/craps/spots.ts";
import { type Bet, betOn } from "../../../engine/games/craps/state.ts";
import { resultsOf } from "../core/call.ts";
import { paysOn } from "../core/figures.ts";
import { betAt, isOpen } from "../core/hand.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import { numberText } from "../strings/texts.ts";
import { chip } from "./dice.ts";
import { pressed, type Seen } from "./seen.ts";

export interface SpotLook {
  readonly class: string;
  /** In the place of the bet's name; the name is still read out. */
  readonly face?: Child;
  readonly hidePays?: boolean;
}

export function spotButton(seen: Seen, code: number, look: SpotLook): Element {
  const spot = spotOf(code) as Spot;
  const { page, hand, say, language } = seen;
  const name = spotText(language.craps, spot);
  const mine = hand === undefined ? undefined : betAt(hand, code);
  const pays = paysText(seen, spot);
  const state = hand === undefined ? "idle" : isOpen(hand, code) ? "open" : "closed";
  const isRefused = page.notice?.code === code && page.notice.isGood === false;
  const classes = ["spot", look.class, state, page.card?.code === code && "touched", isRefused && "refused"];
  const badge = mine === undefined ? undefined : badgeOf(seen, mine);
  const label = [name, pays.long, mine && say("youHave", { chips: mine.stake }), badge?.text]
    .filter(Boolean)
    .join(", ");
  return h(
    "button",
    {
      ...{ class: classes.filter(Boolean).join(" "), key: `spot-${code}`, type: "button", "data-code": code },
      "aria-disabled": state === "closed" ? "true" : undefined,
      ...pressed({ do: "bet", code }),
    },
    h("span", { class: "hidden", key: "name" }, label),
    h("span", { class: "spot-face", "aria-hidden": "true" }, look.face ?? name),
    !look.hidePays && h("span", { class: "spot-pays", "aria-hidden": "true" }, pays.short),
    mine !== undefined && myChip(seen, mine, badge),
    resultOn(seen, code),
    othersOn(seen, code),
  );
}

/** Chips that lie where nobody can press: a bet that travelled there. */
export function restingChip(seen: Seen, code: number, mark: string): Child {
  const mine = seen.hand === undefined ? undefined : betAt(seen.hand, code);
  if (mine === undefined) return othersOn(seen, code);
  return [
    h("span", { class: "resting", key: `rest-${code}` }, h("b", {}, mark), chip(seen, mine.stake, "bet")),
    othersOn(seen, code),
  ];
}

function myChip(seen: Seen, bet: Bet, badge: { readonly isOn: boolean; readonly text: string } | undefined): Element {
  const isPending = seen.page.orders.some(({ order }) => "code" in order && order.code === bet.code);
  return h(
    "span",
    { class: "my-chip", key: "mine", "aria-hidden": "true" },
    chip(seen, bet.stake, "bet", isPending),
    badge !== undefined && h("span", { class: `badge ${badge.isOn ? "is-on" : "is-off"}` }, badge.text),
  );
}

/** What the bet brought by the last roll, floating up from where it lay. */
function resultOn({ page, view, own, language }: Seen, code: number): Child {
  const last = view?.rolls.at(-1);
  if (last === undefined || page.dice.type === "tumbling" || page.now >= page.resultsUntil) return undefined;
  const bet = resultsOf(last, own?.place ?? null).find((each) => each.code === code);
  if (bet === undefined || bet.net === 0) return undefined;
  const text = `${bet.net > 0 ? "+" : "−"}${numberText(language, Math.abs(bet.net))}`;
  const look = `result ${bet.net > 0 ? "gained" : "gone"}`;
  return h("span", { class: look, key: `result-${last.roll}`, "aria-hidden": "true" }, text);
}

/** Of the bets that can rest; all others are on, always. */
function badgeOf({ hand, say }: Seen, bet: Bet): { readonly isOn: boolean; readonly text: string } | undefined {
  const rule = ruleOf(bet.code);
  if (rule.calls === undefined || hand === undefined) return undefined;
  const isOn = works(rule, bet, { point: hand.state.point, shooter: hand.state.shooter }, hand.config);
  return { isOn, text: say(isOn ? "working" : "resting") };
}

/** A small disc for each other player, with the number of the seat. */
function othersOn({ view, own, language }: Seen, code: number): Child {
  const table = view?.craps;
  if (table === null || table === undefined) return undefined;
  const discs = table.state.seats.flatMap((bets, place) => {
    const bet = place === own?.place ? undefined : betOn(bets, code);
    if (bet === undefined) return [];
    const title = numberText(language, bet.stake);
    return [h("span", { class: `other seat-${place}`, key: `seat-${place}`, title }, `${place + 1}`)];
  });
  return discs.length > 0 && h("span", { class: "others", key: "others", "aria-hidden": "true" }, discs);
}

function paysText({ view, say, language }: Seen, spot: Spot): { readonly short: string; readonly long: string } {
  const table = view?.craps;
  if (table === null || table === undefined) return { short: "", long: "" };
  const { odds, isMost } = paysOn(table.config, spot, table.state.point);
  const [won, staked] = odds.map((part) => numberText(language, part));
  return { short: `${isMost ? "≤ " : ""}${won}:${staked}`, long: say("pays", { won, staked }) };
}
