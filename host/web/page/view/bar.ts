/** The top of the screen: where one is, that it is play money, and the ways to help, history, trust and settings. */

import type { Panel } from "../core/page-state.ts";
import { type Element, h } from "../dom/element.ts";
import type { StringKey } from "../strings/strings.ts";
import { icon } from "./icons.ts";
import { pressed, type Seen } from "./seen.ts";

export function bar(seen: Seen): Element {
  const { say, view, page } = seen;
  const newest = view?.rolls.filter((roll) => roll.fell !== null).at(-1)?.roll ?? 0;
  return h(
    "header",
    { class: "bar", key: "bar" },
    h(
      "div",
      { class: "brand", key: "brand" },
      h("span", { class: "brand-dice", "aria-hidden": "true" }, icon("dice")),
      h("h1", {}, say("title")),
      view !== undefined && h("span", { class: "kiosk-name" }, view.kiosk.name),
    ),
    h("strong", { class: "play-money", key: "money" }, say("playMoneyOnly")),
    h(
      "nav",
      { class: "bar-ways", key: "ways", "aria-label": say("settings") },
      wayTo(seen, "tutorial", "help", "help"),
      wayTo(seen, "history", "history", "history"),
      h(
        "button",
        {
          ...{ class: "way way-trust", key: "trust", type: "button", "aria-expanded": `${page.panel === "trust"}` },
          ...pressed({ do: "trust", roll: newest }),
        },
        icon("shield"),
        h("span", { class: "hidden" }, say("trust")),
        h("span", { class: "way-word" }, say("trustShort")),
      ),
      wayTo(seen, "settings", "settings", "settings"),
    ),
  );
}

function wayTo({ say, page }: Seen, panel: Panel, word: StringKey, picture: Parameters<typeof icon>[0]): Element {
  return h(
    "button",
    {
      ...{ class: "way", key: panel, type: "button", "aria-label": say(word) },
      ...{ "aria-expanded": `${page.panel === panel}` },
      ...pressed({ do: "panel", panel }),
    },
    icon(picture),
  );
}
