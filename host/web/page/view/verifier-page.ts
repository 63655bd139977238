/** The page at home: choose a proof, read what came of it. */
import type { PageState } from "../core/page-state.ts";
import { type Element, h } from "../dom/element.ts";
import { LANGUAGES } from "../strings/texts.ts";
import type { CheckedRoll } from "../trust/check-roll.ts";
import { see } from "./seen.ts";
import { proofSteps, verdictBox } from "./trust-panel.ts";

export function verifierPage(page: PageState, checked: CheckedRoll | undefined): readonly Element[] {
  const seen = see(page);
  const { say } = seen;
  return [
    h("h1", { key: "title" }, say("verifierTitle")),
    h(
      "div",
      { class: "dialog-row", key: "languages", role: "group", "aria-label": say("chooseLanguage") },
      LANGUAGES.map(({ code, strings }) =>
        h("button", { class: "move", key: code, type: "button", lang: code, "data-language": code }, strings.language),
      ),
    ),
    h(
      "label",
      { class: "choose", key: "choose" },
      h("b", {}, say("verifierChoose")),
      h("input", { type: "file", accept: ".json,application/json" }),
      h("span", {}, say("verifierDrop")),
    ),
    h(
      "label",
      { class: "choose", key: "codes" },
      h("b", {}, say("proofCode")),
      h("textarea", { rows: 2, spellcheck: "false", dir: "ltr" }),
    ),
    h("p", { class: "fine-print", key: "note" }, say("verifierNote")),
    ...(checked === undefined
      ? []
      : checked.ok
        ? [
            verdictBox(seen, checked),
            ...(checked.facts === undefined ? [] : [proofSteps(seen, checked, checked.facts)]),
          ]
        : [
            h(
              "p",
              { class: "verdict fails", key: "wrong", role: "status" },
              say("verifierWrong", { why: checked.why }),
            ),
          ]),
  ];
}
