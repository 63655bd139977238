/** What a person may choose for this screen. */
import type { Preferences } from "../core/page-state.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { StringKey } from "../strings/strings.ts";
import { LANGUAGES } from "../strings/texts.ts";
import { pressed, type Seen } from "./seen.ts";

export function settingsPanel({ page, say }: Seen): Child {
  const { preferences } = page;
  const choice = (
    word: StringKey,
    options: readonly (readonly [StringKey | string, Partial<Preferences>])[],
  ): Element =>
    h(
      "fieldset",
      { class: "choice", key: word },
      h("legend", {}, say(word)),
      options.map(([name, change]) => {
        const isChosen = Object.entries(change).every(
          ([key, value]) => preferences[key as keyof Preferences] === value,
        );
        return h(
          "button",
          {
            class: "move",
            key: name,
            type: "button",
            "aria-pressed": `${isChosen}`,
            ...pressed({ do: "prefer", preferences: change }),
          },
          name in WORDS ? say(name as StringKey) : name,
        );
      }),
    );
  return [
    choice(
      "chooseLanguage",
      LANGUAGES.map(({ code, strings }) => [strings.language, { language: code }] as const),
    ),
    choice("table", [
      ["layoutBeginner", { layout: "beginner" }],
      ["layoutFull", { layout: "full" }],
    ]),
    choice("textSize", [
      ["textNormal", { textSize: 0 }],
      ["textLarge", { textSize: 1 }],
      ["textLargest", { textSize: 2 }],
    ]),
    choice("voice", [
      ["yes", { voice: true }],
      ["no", { voice: false }],
    ]),
    choice("calm", [
      ["yes", { calm: true }],
      ["no", { calm: false }],
    ]),
  ];
}

const WORDS = LANGUAGES[0].strings as { readonly [key: string]: string };
