/** What every card of the operator's pages is made of. */
import { type Child, type Element, h } from "../dom/element.ts";

const number = new Intl.NumberFormat("en");
export const count = (value: number): string => number.format(value);

/** `isWell` undefined: there is nothing to be well or not. */
export function panelCard(
  name: string,
  title: string,
  isWell: boolean | undefined,
  verdict: string,
  ...content: readonly Child[]
): Element {
  const look = isWell === undefined ? "" : isWell ? " well" : " ill";
  return h(
    "section",
    { class: `op-card op-${name}${look}`, key: name, "aria-labelledby": `title-${name}` },
    h("h2", { id: `title-${name}` }, title, h("span", { class: "op-verdict" }, verdict)),
    content,
  );
}

export function rows(...pairs: readonly (readonly [string, string])[]): Element {
  return h(
    "dl",
    { class: "op-rows" },
    pairs.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))),
  );
}
