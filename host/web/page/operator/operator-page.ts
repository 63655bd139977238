/** The operator's screen: what is wrong, and where, before anything else. */
import { type Child, type Element, h } from "../dom/element.ts";
import { icon } from "../view/icons.ts";
import { chosenKiosk, type OperatorState, type WatchedKiosk } from "./operator-state.ts";
import { asks } from "./order-button.ts";
import { orderCards } from "./order-cards.ts";
import { watchCards } from "./watch-cards.ts";

export function operatorPage(of: OperatorState): readonly Element[] {
  const watched = chosenKiosk(of);
  return [
    operatorBar(of, "Operator"),
    h(
      "main",
      { class: "op-main", key: "main" },
      of.kiosks.length > 1 && kioskTabs(of),
      watched === undefined || watched.view === undefined
        ? h("p", { class: "op-empty" }, "Waiting for the kiosk.")
        : [
            watched.isLost &&
              h(
                "p",
                { class: "op-alert critical", role: "alert" },
                "This page has lost the kiosk: what it shows is old.",
              ),
            h("h2", { class: "op-name" }, watched.view.kiosk.name, h("small", {}, ` ${watched.view.kiosk.version}`)),
            h("div", { class: "op-grid", key: "grid" }, watchCards(watched.view), orderCards(of, watched)),
          ],
    ),
    notice(of),
  ];
}

export function operatorBar(of: OperatorState, title: string): Element {
  return h(
    "header",
    { class: "bar", key: "bar" },
    h("div", { class: "brand" }, h("span", { class: "brand-dice" }, icon("dice")), h("h1", {}, `Hardway · ${title}`)),
    h("strong", { class: "play-money" }, "Play money only"),
    session(of),
  );
}

/** Everybody may look from this machine; who does more shows a PIN. */
function session({ session: of }: OperatorState): Child {
  if (of === undefined) return undefined;
  if (of.isOperator)
    return h("button", { class: "move", key: "end", type: "button", ...asks({ do: "end" }) }, "End the session");
  if (!of.hasPin) return h("span", { class: "op-hint", key: "none" }, "No PIN is set: this page only shows.");
  return h(
    "div",
    { class: "op-pin", key: "pin" },
    h("label", { for: "pin", class: "hidden" }, "PIN"),
    h("input", { id: "pin", type: "password", inputmode: "numeric", placeholder: "PIN", autocomplete: "off" }),
    h("button", { class: "move", type: "button", "data-typed": "pin", ...asks({ do: "begin" }) }, "Operate"),
  );
}

function kioskTabs(of: OperatorState): Element {
  return h(
    "nav",
    { class: "op-tabs", key: "tabs", "aria-label": "Kiosks" },
    of.kiosks.map(({ kiosk, name, view, isLost }) =>
      h(
        "button",
        {
          class: `move${isWell({ view, isLost }) ? "" : " ill"}`,
          key: `${kiosk}`,
          type: "button",
          "aria-pressed": `${kiosk === chosenKiosk(of)?.kiosk}`,
          ...asks({ do: "kiosk", kiosk }),
        },
        name,
      ),
    ),
  );
}

export const isWell = ({ view, isLost }: Pick<WatchedKiosk, "view" | "isLost">): boolean =>
  !isLost &&
  view !== undefined &&
  view.recovery.state === "playing" &&
  view.alerts.length === 0 &&
  view.ledger?.isBalanced !== false;

/** Read out when it comes. */
export function notice({ notice: of }: OperatorState): Element {
  return h(
    "div",
    { class: "op-notice", key: "notice", role: "status" },
    of !== undefined && h("p", { class: `notice ${of.isGood ? "good" : "bad"}` }, of.text),
  );
}
