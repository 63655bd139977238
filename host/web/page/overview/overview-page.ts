/** Kiosks side by side, the air between them, what can be made wrong with it, and each roll's trust: a table to try things on. */
import type { KioskView } from "../../contract/view.ts";
import { callOf } from "../core/call.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import { attackersCard, faultsCard, faultsOf, faultTags, kioskFaults } from "../operator/faults-card.ts";
import { meshMap } from "../operator/mesh-map.ts";
import { isWell, notice, operatorBar } from "../operator/operator-page.ts";
import type { OperatorState, WatchedKiosk } from "../operator/operator-state.ts";
import { count, panelCard, rows } from "../operator/panel-card.ts";
import { trustCard } from "../operator/trust-card.ts";
import { meshVerdict } from "../operator/watch-cards.ts";
import { LANGUAGES } from "../strings/texts.ts";
import { flatDie } from "../view/dice.ts";

/** Rolls whose trust view is one press away. */
const ROLLS_LISTED_MAX = 8;

export function overviewPage(of: OperatorState): readonly Element[] {
  const told = tellingKiosk(of);
  return [
    operatorBar(of, "Table"),
    h(
      "main",
      { class: "op-main overview", key: "main" },
      h(
        "div",
        { class: "ov-kiosks", key: "kiosks" },
        of.kiosks.map((watched) => kioskCard(of, watched)),
      ),
      told?.view !== undefined &&
        h(
          "div",
          { class: "op-grid", key: "grid" },
          airCard(told.view),
          faultsCard(told, false),
          rollsCard(told.kiosk, told.view),
          attackersCard(of, told),
          trustCard(told.view),
        ),
    ),
    notice(of),
  ];
}

const isHere = ({ view, isLost }: WatchedKiosk): boolean =>
  !isLost && view !== undefined && !["away", "starting"].includes(view.recovery.state);

/** One that is there, and sits at the table; else whoever has anything to show. */
const tellingKiosk = ({ kiosks }: OperatorState): WatchedKiosk | undefined =>
  kiosks.find((each) => isHere(each) && each.view?.kiosk.member !== null) ?? kiosks.find(isHere) ?? kiosks[0];

/** One kiosk's screen in small, with the way to the whole of it. */
function kioskCard({ session }: OperatorState, watched: WatchedKiosk): Element {
  const { kiosk, name, view, isLost } = watched;
  const title = view?.kiosk.name ?? name;
  const state = stateOf(watched);
  if (view === undefined) return panelCard(`kiosk-${kiosk}`, title, isLost ? false : undefined, state);
  const { consensus, craps } = view;
  const last = view.rolls.at(-1);
  const faults = faultsOf(watched);
  const faulty = faults?.kiosks.find((each) => each.kiosk === kiosk);
  return panelCard(
    `kiosk-${kiosk}`,
    title,
    isWell(watched),
    state,
    diceLine(last),
    rows(
      ["Point", craps === null ? "–" : craps.state.point === 0 ? "off" : `${craps.state.point}`],
      ["View, sequence", `${consensus.view} · ${count(consensus.sequence)}`],
      ["Chips here", count(view.own.reduce((sum, { worth }) => sum + worth, 0))],
      ["Waits for", view.recovery.waits.map((wait) => wait.for).join(", ") || "nothing"],
    ),
    faulty !== undefined && h("p", { class: "ov-tags", key: "tags" }, faultTags(faulty)),
    h(
      "p",
      { class: "dialog-row" },
      h("a", { class: "move", href: `./?kiosk=${kiosk}`, key: "play" }, "Play here"),
      last?.fell != null &&
        h("a", { class: "move", href: `./?kiosk=${kiosk}&trust=${last.roll}`, key: "trust" }, "Check roll"),
      h("a", { class: "move", href: `operator.html?kiosk=${kiosk}`, key: "operate" }, "Operate"),
    ),
    session?.isOperator === true &&
      faults?.whyNot === null &&
      faulty !== undefined &&
      h(
        "p",
        { class: "dialog-row", role: "group", "aria-label": `Faults of ${title}`, key: "faults" },
        kioskFaults(kiosk, faults, faulty),
      ),
  );
}

/** In a word or two. Whoever was proved guilty is no member any more, whatever it thinks of itself. */
function stateOf({ view, isLost }: WatchedKiosk): string {
  if (isLost) return "not reached";
  if (view === undefined) return "opening";
  const { recovery, consensus, kiosk, table } = view;
  if (recovery.state === "away") return "switched off";
  if (recovery.state === "starting") return "starts";
  if (kiosk.member === null && table.id !== null) return "has lost its seat";
  return consensus.primary !== null && consensus.primary === kiosk.member ? `${recovery.state}, leads` : recovery.state;
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

/** The newest first, each with the way to its proof. */
function rollsCard(kiosk: number, { rolls }: KioskView): Element {
  const fallen = rolls.slice(-ROLLS_LISTED_MAX).reverse();
  return panelCard(
    "rolls",
    "Why each roll can be trusted",
    undefined,
    fallen.length === 0 ? "no roll yet" : `${fallen.length} of the last`,
    h(
      "ol",
      { class: "ov-rolls" },
      fallen.map((roll) =>
        h(
          "li",
          { key: `${roll.roll}` },
          h("b", {}, `${roll.roll}`),
          roll.fell === null
            ? h("span", {}, "every bet went back")
            : [
                h("span", { class: "ov-small-dice" }, flatDie(roll.fell.first, ""), flatDie(roll.fell.second, "")),
                h("code", {}, roll.fell.proofDigest.slice(0, 12)),
                h(
                  "a",
                  {
                    class: "move",
                    href: `./?kiosk=${kiosk}&trust=${roll.roll}`,
                    "aria-label": `Check roll ${roll.roll}`,
                  },
                  "Check",
                ),
              ],
        ),
      ),
    ),
  );
}
