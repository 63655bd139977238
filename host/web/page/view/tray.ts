/** The rail before the player: chips, what one has, what one can take back, and the dice. */
import { whyNot } from "../core/hand.ts";
import { CHIPS } from "../core/limits.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { StringKey } from "../strings/strings.ts";
import { numberText, whyText } from "../strings/texts.ts";
import { chip } from "./dice.ts";
import { icon } from "./icons.ts";
import { pressed, type Seen } from "./seen.ts";

export function tray(seen: Seen): Element {
  const { say, own, hand } = seen;
  const isSeated = own !== undefined && own.place !== null && hand !== undefined;
  return h(
    "footer",
    { class: `tray${isSeated ? "" : " standing"}`, key: "tray" },
    isSeated ? seated(seen) : standing(seen),
    h("p", { class: "fine-print", key: "fine" }, say("playMoneyWords")),
  );
}

function standing({ say, own, view, language }: Seen): Child[] {
  const why = own?.whyNoSit ?? null;
  const kept = own?.worth ?? 0;
  return [
    h(
      "p",
      { class: "standing-words", key: "words" },
      say("watching"),
      " ",
      why !== null ? whyText(language, why) : kept > 0 ? say("chips", { chips: kept }) : say("sitWords"),
    ),
    h(
      "button",
      {
        ...{ class: "great-button sit", key: "sit", type: "button" },
        ...{ "aria-disabled": why !== null || view?.craps == null ? "true" : undefined },
        ...pressed({ do: "sit" }),
      },
      say("sit"),
    ),
  ];
}

function seated(seen: Seen): Child[] {
  return [chips(seen), purse(seen), moves(seen), dice(seen)];
}

function chips(seen: Seen): Element {
  const { page, say } = seen;
  return h(
    "div",
    { class: "chips", key: "chips", role: "radiogroup", "aria-label": say("tray") },
    CHIPS.map((worth) =>
      h(
        "button",
        {
          ...{ class: "chip-button", key: `${worth}`, type: "button", role: "radio" },
          ...{ "aria-checked": `${page.preferences.chip === worth}`, "aria-label": say("chip", { chips: worth }) },
          ...pressed({ do: "chip", chips: worth }),
        },
        chip(seen, worth, "tray"),
      ),
    ),
  );
}

function purse({ hand, say, language, own }: Seen): Element {
  const staked = (hand?.state.seats[hand.place] ?? []).reduce((sum, { stake, fee }) => sum + stake + fee, 0);
  return h(
    "dl",
    { class: "purse", key: "purse" },
    h(
      "div",
      {},
      h("dt", {}, say("balance")),
      h("dd", { class: "balance" }, numberText(language, hand?.free ?? own?.free ?? 0)),
    ),
    h("div", {}, h("dt", {}, say("onTable")), h("dd", {}, numberText(language, staked))),
  );
}

function moves(seen: Seen): Element {
  const { page, hand, say } = seen;
  const lies = (hand?.state.seats[hand.place] ?? []).length > 0;
  const move = (name: "undo" | "redo" | "repeat" | "clear", isOpen: boolean): Element =>
    h(
      "button",
      {
        ...{ class: `move move-${name}`, key: name, type: "button", "aria-disabled": isOpen ? undefined : "true" },
        ...pressed({ do: name }),
      },
      icon(name),
      h("span", {}, say(name)),
    );
  return h(
    "div",
    { class: "moves", key: "moves" },
    move("undo", page.done.length > 0),
    move("redo", page.undone.length > 0),
    move("repeat", page.lastBets.length > 0 && hand?.state.rolling === false),
    move("clear", lies && hand?.state.rolling === false),
  );
}

/** The great button is whatever comes next: roll, new chips for whoever has none, or leave to sit. */
function dice(seen: Seen): Element {
  const { hand, say, own } = seen;
  const isMine = hand !== undefined && hand.state.shooter === hand.place;
  const why = hand === undefined ? "does not sit" : whyNot(hand, { type: "roll" });
  const great = (name: "roll" | "rebuy", word: StringKey, isOpen: boolean): Element =>
    h(
      "button",
      {
        ...{ class: `great-button ${name}${isOpen ? " ready" : ""}`, key: name, type: "button" },
        ...{ "aria-disabled": isOpen ? undefined : "true" },
        ...pressed({ do: name }),
      },
      say(word),
    );
  const isBroke = own !== undefined && own.whyNoRebuy === null && own.worth === 0;
  const mayPass = isMine && hand !== undefined && whyNot(hand, { type: "passDice" }) === undefined;
  return h(
    "div",
    { class: "great-buttons", key: "great" },
    isBroke ? great("rebuy", "rebuy", true) : great("roll", "roll", why === undefined),
    h(
      "div",
      { class: "lesser", key: "lesser" },
      mayPass &&
        h("button", { class: "move", key: "pass", type: "button", ...pressed({ do: "passDice" }) }, say("passDice")),
      h("button", { class: "move", key: "leave", type: "button", ...pressed({ do: "leave" }) }, say("leave")),
    ),
  );
}
