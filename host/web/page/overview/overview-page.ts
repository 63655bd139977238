/** Kiosks side by side, the air between them, what can be made wrong with it, and each roll's trust: a table to try things on. */
import type { KioskView } from "../../contract/view.ts";
import { callOf } from "../core/call.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import { meshMap } from "../operator/mesh-map.ts";
import { isWell, notice, operatorBar } from "../operator/operator-page.ts";
import { chosenKiosk, type OperatorState, type WatchedKiosk } from "../operator/operator-state.ts";
import { faultsCard } from "../operator/order-cards.ts";
import { count, meshVerdict, panelCard, rows } from "../operator/watch-cards.ts";
import { LANGUAGES } from "../strings/texts.ts";
import { flatDie } from "../view/dice.ts";

export function overviewPage(of: OperatorState): readonly Element[] {
  const first = chosenKiosk(of);
  return [
    operatorBar(of, "Table"),
    h(
      "main",
      { class: "op-main overview", key: "main" },
      h(
        "div",
        { class: "ov-kiosks", key: "kiosks" },
        of.kiosks.map((watched) => kioskCard(watched)),
      ),
      first?.view !== undefined && h("div", { class: "op-grid", key: "grid" }, airCard(first.view), faultsCard(first)),
    ),
    notice(of),
  ];
}

/** One kiosk's screen in small, with the way to the whole of it. */
function kioskCard(watched: WatchedKiosk): Element {
  const { kiosk, name, view, isLost } = watched;
  const state = isLost ? "not reached" : (view?.recovery.state ?? "opening");
  const title = view?.kiosk.name ?? name;
  if (view === undefined) return panelCard(`kiosk-${kiosk}`, title, isLost ? false : undefined, state);
  const { consensus, craps } = view;
  const last = view.rolls.at(-1);
  const leads = consensus.primary !== null && consensus.primary === view.kiosk.member;
  return panelCard(
    `kiosk-${kiosk}`,
    title,
    isWell(watched),
    leads ? `${state}, leads` : state,
    diceLine(last),
    rows(
      ["Point", craps === null ? "–" : craps.state.point === 0 ? "off" : `${craps.state.point}`],
      ["View, sequence", `${consensus.view} · ${count(consensus.sequence)}`],
      ["Chips here", count(view.own.reduce((sum, { worth }) => sum + worth, 0))],
      ["Waits for", view.recovery.waits.map((wait) => wait.for).join(", ") || "nothing"],
    ),
    h(
      "p",
      { class: "dialog-row" },
      h("a", { class: "move", href: `./?kiosk=${kiosk}`, key: "play" }, "Play here"),
      last?.fell != null &&
        h("a", { class: "move", href: `./?kiosk=${kiosk}&trust=${last.roll}`, key: "trust" }, "Check roll"),
      h("a", { class: "move", href: `operator.html?kiosk=${kiosk}`, key: "operate" }, "Operate"),
    ),
  );
}

function diceLine(roll: KioskView["rolls"][number] | undefined): Child {
  if (roll === undefined) return h("p", { class: "ov-dice" }, "No roll yet.");
  return h(
    "p",
    { class: "ov-dice" },
    roll.fell !== null && [flatDie(roll.fell.first, "large"), flatDie(roll.fell.second, "large")],
    h(
      "span",
      {},
      h("b", {}, `Roll ${roll.roll}. `),
      callOf(LANGUAGES[0], roll),
      roll.fell !== null && h("code", {}, roll.fell.proofDigest.slice(0, 12)),
    ),
  );
}

function airCard(view: KioskView): Element {
  const { mesh, members } = view;
  const reached = members.filter(({ link }) => link !== "none").length;
  const isWhole = !mesh.isPartitioned && reached === members.length;
  return panelCard(
    "air",
    "The air between them",
    isWhole,
    isWhole ? "whole" : meshVerdict(view, reached),
    meshMap(view),
  );
}
