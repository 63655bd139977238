/** The whole screen of a kiosk, from a page's state. */
import type { PageState } from "../core/page-state.ts";
import { type Element, h } from "../dom/element.ts";
import { bar } from "./bar.ts";
import { felt } from "./felt.ts";
import { panel } from "./panels.ts";
import { see } from "./seen.ts";
import { tableSide } from "./table-side.ts";
import { tray } from "./tray.ts";

export interface WholePage {
  readonly children: readonly Element[];
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** Classes of the document. */
  readonly look: string;
}

export function wholePage(page: PageState): WholePage {
  const seen = see(page);
  const { preferences, notice } = page;
  const over = panel(seen);
  const isCovered = page.panel !== "none";
  const children = [
    h(
      "div",
      { class: "room", key: "room", inert: isCovered },
      bar(seen),
      h("main", { class: "table", key: "main" }, felt(seen), tableSide(seen)),
      h(
        "div",
        { class: "between", key: "between" },
        notice !== undefined &&
          h("p", { class: `notice ${notice.isGood ? "good" : "bad"}`, key: "notice" }, notice.text),
      ),
      tray(seen),
    ),
    h("div", { class: "over", key: "over" }, over),
    h("p", { class: "hidden", key: "said", "aria-live": "polite" }, page.call),
    h("p", { class: "hidden", key: "warned", "aria-live": "assertive" }, notice === undefined ? "" : notice.text),
  ];
  const { code, direction } = seen.language;
  const look = [`text-${preferences.textSize}`, preferences.calm && "calm", preferences.layout]
    .filter(Boolean)
    .join(" ");
  return { children, language: code, direction, look };
}
