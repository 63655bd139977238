/** The rolls so far: how often each total came beside how often it should, and each roll to see or to check again. */
import { callOf, netOf } from "../core/call.ts";
import { histogramOf } from "../core/histogram.ts";
import { type Child, h } from "../dom/element.ts";
import { numberText } from "../strings/texts.ts";
import { flatDie } from "./dice.ts";
import { icon } from "./icons.ts";
import { pressed, type Seen } from "./seen.ts";

export function historyPanel(seen: Seen): Child {
  const { view, say, language, own } = seen;
  const rolls = view?.rolls ?? [];
  if (rolls.length === 0) return h("p", {}, say("historyEmpty"));
  const bars = histogramOf(rolls);
  const most = Math.max(1, ...bars.map(({ count, expected }) => Math.max(count, expected)));
  return [
    h("h3", { key: "histogram-title" }, say("histogram")),
    h(
      "ol",
      { class: "histogram", key: "histogram" },
      bars.map(({ total, count, expected }) =>
        h(
          "li",
          { key: `${total}`, "--height": count / most, "--expected": expected / most },
          h(
            "span",
            { class: "hidden" },
            say("histogramRow", { total, count, expected: Math.round(expected * 10) / 10 }),
          ),
          h("span", { class: "bar-count", "aria-hidden": "true" }, `${count}`),
          h("span", { class: "bar-fill", "aria-hidden": "true" }, h("i", { class: "bar-expected" })),
          h("b", { "aria-hidden": "true" }, `${total}`),
        ),
      ),
    ),
    h(
      "ol",
      { class: "rolls", key: "rolls" },
      [...rolls].reverse().map((roll) => {
        const { fell } = roll;
        const net = netOf(roll, own?.place ?? null);
        return h(
          "li",
          { key: `${roll.roll}`, class: "roll-row" },
          h("span", { class: "roll-number" }, numberText(language, roll.roll)),
          fell === null
            ? h("span", { class: "pair" }, "–")
            : h("span", { class: "pair" }, flatDie(fell.first), flatDie(fell.second)),
          h("span", { class: "roll-call" }, callOf(language, roll)),
          net !== undefined && h("b", { class: net > 0 ? "net up" : net < 0 ? "net down" : "net" }, signed(seen, net)),
          fell !== null &&
            h(
              "span",
              { class: "roll-ways" },
              h(
                "button",
                {
                  class: "move",
                  type: "button",
                  "aria-label": `${say("replay")}: ${say("rollNumber", { roll: roll.roll })}`,
                  ...pressed({ do: "replay", roll: roll.roll }),
                },
                say("replay"),
              ),
              h(
                "button",
                {
                  class: "move",
                  type: "button",
                  "aria-label": `${say("trustShort")} ${say("rollNumber", { roll: roll.roll })}`,
                  ...pressed({ do: "trust", roll: roll.roll }),
                },
                icon("shield"),
              ),
            ),
        );
      }),
    ),
  ];
}

const signed = ({ language }: Seen, net: number): string =>
  `${net > 0 ? "+" : net < 0 ? "−" : ""}${numberText(language, Math.abs(net))}`;
