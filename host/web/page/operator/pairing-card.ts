/** Brings another kiosk to the table: the digits that both screens show, and what somebody says who has looked at both. */
import type { PairingPart } from "../../contract/operator-part.ts";
import type { PairOrder } from "../../contract/orders.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { WatchedKiosk } from "./operator-state.ts";
import { orderButton } from "./order-button.ts";
import { panelCard, rows } from "./panel-card.ts";

/** `now`: of the page's own clock. */
export function pairingCard({ kiosk, clockAheadMs, view }: WatchedKiosk, now: number): Child {
  const pairing = view?.operator?.pairing;
  if (pairing === undefined) return undefined;
  const { stage, code, words, peer, endsAt } = pairing;
  const leftMs = endsAt === null ? undefined : Math.max(0, endsAt - (now + clockAheadMs));
  const isWell = stage === "paired" ? true : stage === "failed" ? false : undefined;
  const isShown = code !== null && (stage === "comparing" || stage === "waiting");
  return panelCard(
    "pairing",
    "Pairing",
    isWell,
    verdictOf(stage, leftMs),
    h("p", { role: "status" }, words === "" ? "Brings a kiosk to this table that has none yet." : words),
    isShown && h("p", { class: "op-code", "aria-label": [...code].join(" ") }, `${code.slice(0, 3)} ${code.slice(3)}`),
    peer !== null && stage === "paired" && rows(["The other kiosk", peer.slice(0, 16)]),
    h("div", { class: "dialog-row" }, buttonsOf(kiosk, stage)),
  );
}

function verdictOf(stage: PairingPart["stage"], leftMs: number | undefined): string {
  const left = leftMs === undefined ? "" : `, ${Math.ceil(leftMs / 1000)} s left`;
  switch (stage) {
    case "none":
      return "none under way";
    case "looking":
      return `looking for the other kiosk${left}`;
    case "comparing":
      return `compare the digits${left}`;
    case "waiting":
      return `waiting for the other${left}`;
    default:
      return stage;
  }
}

const button = (kiosk: number, text: string, step: PairOrder["step"], look = ""): Element =>
  orderButton(kiosk, text, { type: "pair", step }, look);

function buttonsOf(kiosk: number, stage: PairingPart["stage"]): readonly Element[] {
  switch (stage) {
    case "looking":
    case "waiting":
      return [button(kiosk, "Call it off", "cancel")];
    case "comparing":
      return [button(kiosk, "The same", "same", "healing"), button(kiosk, "Not the same", "different", "danger")];
    default:
      return [button(kiosk, stage === "none" ? "Begin a pairing" : "Begin another", "begin")];
  }
}
