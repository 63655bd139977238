/** What can be pressed on an operator's page, and what is asked for by that. */
import type { OperatorOrder } from "../../contract/orders.ts";
import { type Element, h } from "../dom/element.ts";
import type { OperatorPress } from "./operator-events.ts";

export const asks = (press: OperatorPress): { readonly "data-press": string } => ({
  "data-press": JSON.stringify(press),
});

export function orderButton(kiosk: number, text: string, order: OperatorOrder, look = ""): Element {
  return h(
    "button",
    { class: `move ${look}`, type: "button", key: text, ...asks({ do: "order", kiosk, order }) },
    text,
  );
}
