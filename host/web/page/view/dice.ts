/** Dice, chips and the puck, drawn without pictures. */
import { type Element, h } from "../dom/element.ts";
import { shortNumberText } from "../strings/texts.ts";
import type { Seen } from "./seen.ts";

/** Where the pips of a face lie, of the nine places of a square. */
const PIPS: readonly (readonly number[])[] = Object.freeze([
  ...[[], [4], [0, 8], [0, 4, 8], [0, 2, 6, 8], [0, 2, 4, 6, 8], [0, 2, 3, 5, 6, 8]],
]);

/** A flat die, as print has it. */
export function flatDie(face: number, size = "small"): Element {
  const pips = PIPS[face].map((place) =>
    h("circle", { cx: 6 + (place % 3) * 6, cy: 6 + Math.floor(place / 3) * 6, r: 2, class: "pip" }),
  );
  const body = h("rect", { x: 1, y: 1, width: 22, height: 22, rx: 5, class: "die-body" });
  return h("svg", { class: `flat-die ${size}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, body, pips);
}

/** A cube with all six faces; the style turns it so that `face` looks at the person. */
export function cube(face: number, key: string, state: "still" | "tumbling" | "waiting"): Element {
  const sides = [1, 2, 3, 4, 5, 6].map((side) =>
    h(
      "div",
      { class: `side side-${side}`, key: `${side}` },
      PIPS[side].map((place) => h("i", { class: `dot at-${place}`, key: `${place}` })),
    ),
  );
  return h(
    "div",
    { class: "cube-floor", key },
    h("div", { class: `cube ${state} shows-${face === 0 ? 1 : face}`, key: "cube" }, sides),
  );
}

export function diceStage({ page, view, say }: Seen): Element {
  const { dice } = page;
  const rolling = view?.craps?.state.rolling === true;
  const state = dice.type === "tumbling" ? "tumbling" : rolling ? "waiting" : "still";
  const label =
    dice.type === "still" && dice.first > 0 ? say("diceShow", { first: dice.first, second: dice.second }) : "";
  return h(
    "div",
    { class: `stage ${state}`, key: "stage" },
    h(
      "div",
      { class: "cubes", role: "img", "aria-label": label === "" ? say("table") : label },
      cube(dice.first, "one", state),
      cube(dice.second, "two", state),
    ),
    dice.type === "tumbling" && h("button", { class: "skip", key: "skip", "data-press": '{"do":"skip"}' }, say("skip")),
  );
}

/** A chip lies flat; its notches tell its worth to those who see no colours. */
export function chip(seen: Seen, worth: number, size: "tray" | "bet", isPending = false): Element {
  const rank = CHIP_RANKS.findIndex((least) => worth >= least);
  return h(
    "span",
    { class: `chip chip-${size} rank-${rank}${isPending ? " pending" : ""}`, "aria-hidden": "true" },
    h("span", { class: "chip-worth" }, shortNumberText(seen.language, worth)),
  );
}

const CHIP_RANKS: readonly number[] = Object.freeze([500, 100, 25, 5, 0]);

export function puck({ say }: Seen, isOn: boolean, where: string): Element {
  return h("span", { class: `puck ${isOn ? "puck-on" : "puck-off"} ${where}`, key: "puck" }, say(isOn ? "on" : "off"));
}
