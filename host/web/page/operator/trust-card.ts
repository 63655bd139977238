/** What is proved of whom, and what it cost. */
import type { KioskView } from "../../contract/view.ts";
import { type Element, h } from "../dom/element.ts";
import { count, panelCard } from "./panel-card.ts";

export function trustCard({ trust, members }: KioskView): Element {
  const { evidence, upheld, dismissed } = trust;
  const nameOf = (member: number | null): string => members.find((each) => each.member === member)?.name ?? "–";
  return panelCard(
    "trust",
    "Evidence",
    upheld === 0,
    evidence.length === 0 ? "none was brought" : `${upheld} upheld, ${dismissed} dismissed`,
    h(
      "ul",
      { class: "op-evidence" },
      evidence.map((each) =>
        h(
          "li",
          { key: each.digest },
          h("b", {}, `${each.kind}: ${each.accusedName || nameOf(each.accused)}`),
          h("span", { class: `tag ${each.verdict === "proved" ? "bad" : ""}` }, each.verdict),
          h("p", {}, each.words, ` ${costOf(each)}`, each.accuser !== null && ` Brought by ${nameOf(each.accuser)}.`),
          h("code", {}, each.digest.slice(0, 16)),
          each.bytes !== null &&
            h("details", {}, h("summary", {}, "Signed messages"), h("code", { class: "hex" }, each.bytes)),
        ),
      ),
    ),
  );
}

/** What it cost whoever is guilty; a kiosk that has staked nothing has nothing to be taken. */
function costOf({ verdict, slashed, hasLostSeat }: KioskView["trust"]["evidence"][number]): string {
  if (verdict === "dismissed" || verdict === "reversed") return "It cost nothing.";
  const taken = slashed > 0 ? [`${count(slashed)} chips of its stake were taken.`] : [];
  const seat = hasLostSeat ? ["It has lost its seat for good."] : [];
  if (verdict === "proved" && slashed === 0) taken.push("It had staked nothing that could be taken.");
  return [...seat, ...taken].join(" ");
}
