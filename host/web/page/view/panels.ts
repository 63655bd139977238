/** What lies over the table for a while: the invitation, the tutorial, the history, settings, the question whether one is there. */
import { IDLE_ANSWER_MS, IDLE_MS } from "../core/limits.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { StringKey } from "../strings/strings.ts";
import { LANGUAGES } from "../strings/texts.ts";
import { cube, flatDie } from "./dice.ts";
import { historyPanel } from "./history-panel.ts";
import { icon } from "./icons.ts";
import { pressed, type Seen } from "./seen.ts";
import { settingsPanel } from "./settings-panel.ts";
import { trustPanel } from "./trust-panel.ts";

export function panel(seen: Seen): Child {
  switch (seen.page.panel) {
    case "none":
      return undefined;
    case "attract":
      return attract(seen);
    case "tutorial":
      return dialog(seen, "tutorial", "tutorialTitle", tutorial(seen));
    case "history":
      return dialog(seen, "history", "history", historyPanel(seen));
    case "trust":
      return dialog(seen, "trust", "trust", trustPanel(seen));
    case "settings":
      return dialog(seen, "settings", "settings", settingsPanel(seen));
    case "idle":
      return dialog(seen, "idle", "idleTitle", idle(seen));
  }
}

function dialog({ say }: Seen, name: string, title: StringKey, content: Child): Element {
  return h(
    "div",
    { class: `veil veil-${name}`, key: "veil" },
    h(
      "div",
      {
        class: `dialog dialog-${name}`,
        key: name,
        role: "dialog",
        "aria-modal": "true",
        "aria-labelledby": "dialog-title",
      },
      h(
        "div",
        { class: "dialog-head", key: "head" },
        h("h2", { id: "dialog-title" }, say(title)),
        h(
          "button",
          {
            class: "way dialog-close",
            type: "button",
            "aria-label": say("close"),
            ...pressed({ do: "panel", panel: "none" }),
          },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "dialog-body", key: "body", tabindex: 0, role: "group", "aria-labelledby": "dialog-title" },
        content,
      ),
    ),
  );
}

/** Nobody is here: the whole screen is one button. */
function attract({ say, own }: Seen): Element {
  return h(
    "div",
    { class: "veil attract", key: "veil", role: "dialog", "aria-modal": "true", "aria-label": say("touchToPlay") },
    h(
      "button",
      { class: "attract-button", key: "attract", type: "button", ...pressed({ do: "touch" }) },
      h(
        "span",
        { class: "attract-dice", "aria-hidden": "true", key: "dice" },
        cube(5, "one", "still"),
        cube(2, "two", "still"),
      ),
      h("span", { class: "attract-title", key: "title" }, say("title")),
      h("span", { class: "attract-touch", key: "touch" }, say("touchToPlay")),
      h("span", { class: "attract-line", key: "free" }, say("attractFree")),
      h("span", { class: "attract-line", key: "fair" }, say("attractFair")),
      h("span", { class: "attract-line", key: "bets" }, say("attractBets")),
      (own?.worth ?? 0) > 0 &&
        h("span", { class: "attract-line", key: "kept" }, say("chips", { chips: own?.worth ?? 0 })),
    ),
    languages("attract-languages"),
    h("p", { class: "fine-print attract-fine", key: "fine" }, say("playMoneyWords")),
  );
}

function languages(look: string): Element {
  return h(
    "div",
    { class: look, key: "languages", role: "group", "aria-label": "Language" },
    LANGUAGES.map(({ code, strings, direction }) =>
      h(
        "button",
        {
          ...{ class: "move", key: code, type: "button", lang: code, dir: direction },
          ...pressed({ do: "prefer", preferences: { language: code } }),
        },
        strings.language,
      ),
    ),
  );
}

const TUTORIAL: readonly StringKey[] = Object.freeze([
  ...(["tutorialOne", "tutorialTwo", "tutorialThree", "tutorialFour", "tutorialFive"] as const),
]);
const TUTORIAL_DICE: readonly (readonly [number, number])[] = Object.freeze([
  ...([[0, 0] as const, [5, 2] as const, [3, 1] as const, [2, 2] as const, [6, 6] as const] as const),
]);

function tutorial({ page, say }: Seen): Child {
  const at = Math.min(page.tutorialStep, TUTORIAL.length - 1);
  const [first, second] = TUTORIAL_DICE[at];
  return [
    h(
      "div",
      { class: `lesson lesson-${at}`, key: `lesson-${at}` },
      first > 0 && h("span", { class: "faces big-faces", "aria-hidden": "true" }, flatDie(first), flatDie(second)),
      h("p", { "aria-live": "polite" }, say(TUTORIAL[at])),
    ),
    h(
      "div",
      { class: "progress", key: "progress", "aria-hidden": "true" },
      TUTORIAL.map((_, step) => h("i", { class: step <= at ? "past" : "" })),
    ),
    h(
      "div",
      { class: "dialog-row", key: "row" },
      h(
        "button",
        {
          class: "move",
          type: "button",
          "aria-disabled": at === 0 ? "true" : undefined,
          ...pressed({ do: "tutorial", by: -1 }),
        },
        say("back"),
      ),
      h(
        "button",
        { class: "great-button", type: "button", ...pressed({ do: "tutorial", by: 1 }) },
        say(at === TUTORIAL.length - 1 ? "done" : "next"),
      ),
    ),
  ];
}

function idle({ page, say }: Seen): Child {
  const seconds = Math.max(0, Math.ceil((IDLE_MS + IDLE_ANSWER_MS - (page.now - page.touchedAt)) / 1_000));
  return [
    h("p", { key: "words" }, say("idleWords", { seconds })),
    h(
      "div",
      { class: "dialog-row", key: "row" },
      h("button", { class: "move", type: "button", ...pressed({ do: "leave" }) }, say("leave")),
      h("button", { class: "great-button", type: "button", ...pressed({ do: "touch" }) }, say("stay")),
    ),
  ];
}
