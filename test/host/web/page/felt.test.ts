import { describe, expect, test } from "vitest";
import { USUAL_CONFIG } from "../../../../host/engine/games/craps/config.ts";
import { ruleOf } from "../../../../host/engine/games/craps/rules.ts";
import {
  DONT_PASS,
  numberedCode,
  PASS,
  PASS_ODDS,
  SPOTS,
  TRAVELLED,
} from "../../../../host/engine/games/craps/spots.ts";
import { figuresOn } from "../../../../host/web/page/core/figures.ts";
import { histogramOf } from "../../../../host/web/page/core/histogram.ts";
import type { Area } from "../../../../host/web/page/core/page-state.ts";
import { findAll, textOf } from "../../../../host/web/page/dom/element.ts";
import { Screen } from "./screen.ts";

const AREAS: readonly Area[] = ["table", "numbers", "middle", "hops", "bonus", "other"];

function codesShown(screen: Screen): Set<number> {
  const codes = new Set<number>();
  for (const area of AREAS) {
    screen.press({ do: "area", area });
    const spots = findAll(screen.drawn(), ({ attributes }) => attributes["data-code"] !== undefined);
    for (const { attributes } of spots) codes.add(Number(attributes["data-code"]));
  }
  return codes;
}

const made = (layouts: readonly string[]): number[] =>
  SPOTS.filter(({ code, family }) => {
    // Odds behind a come bet can be pressed where one lies.
    const isBehind = family === "comeOdds" || family === "dontComeOdds";
    return code < TRAVELLED && !isBehind && layouts.includes(ruleOf(code).layout);
  }).map(({ code }) => code);

describe("the felt", () => {
  test("has every bet of the table's layout somewhere, and the simple one fewer [U08]", () => {
    const screen = new Screen();
    screen.sit();
    expect([...codesShown(screen)].sort((a, b) => a - b)).toEqual(made(["beginner", "full"]));
    screen.press({ do: "prefer", preferences: { layout: "beginner" } });
    expect([...codesShown(screen)].sort((a, b) => a - b)).toEqual(made(["beginner"]));
  });

  test("a bet that lies there is shown even where the simple layout has it not", () => {
    const screen = new Screen();
    screen.sit();
    const big = numberedCode("big", 8);
    screen.press({ do: "bet", code: big });
    screen.press({ do: "prefer", preferences: { layout: "beginner" } });
    expect(screen.chipsOn(big)).toBe(5);
    expect(screen.spot(numberedCode("big", 6))).toBe(undefined);
  });

  test("shows everyone's bets, the shooter, and the puck on its number [U08]", () => {
    const screen = new Screen();
    screen.sit();
    expect(textOf(screen.spot(PASS))).toContain("2");
    expect(findAll(screen.spot(DONT_PASS), ({ attributes }) => attributes["class"] === "other seat-3")).toHaveLength(1);
    expect(screen.text()).toContain("Bar has the dice");
    screen.kiosk.roll((first, second) => first + second === 9);
    screen.press({ do: "skip" });
    expect(screen.all("on-number")).toHaveLength(1);
    expect(screen.all("number-9")[0]!.attributes["class"]).toContain("is-point");
    expect(screen.text()).toContain("The point is 9");
  });

  test("shows what each bet won or lost, where it lay and in a list, for a while [U08]", () => {
    const screen = new Screen();
    screen.sit();
    screen.press({ do: "bet", code: PASS });
    screen.press({ do: "bet", code: 8 });
    screen.kiosk.roll((first, second) => first + second === 7);
    screen.press({ do: "skip" });
    expect(textOf(screen.spot(PASS))).toContain("+5");
    expect(textOf(screen.spot(8))).toContain("−5");
    expect(screen.all("results")[0]).toBeDefined();
    expect(textOf(screen.all("results")[0]!)).toBe("PassWon 5FieldLost 5");
    screen.pass(7_000);
    expect(screen.all("result")).toHaveLength(0);
  });

  test("a come bet travels to its number, where its odds can be made", () => {
    const screen = new Screen();
    screen.sit();
    screen.press({ do: "bet", code: PASS });
    screen.kiosk.roll((first, second) => first + second === 6);
    screen.press({ do: "skip" });
    screen.press({ do: "bet", code: 2 });
    screen.kiosk.roll((first, second) => first + second === 9);
    screen.press({ do: "skip" });
    const odds = numberedCode("comeOdds", 9);
    screen.press({ do: "bet", code: odds });
    expect(screen.chipsOn(odds)).toBe(6);
    expect(screen.text()).toContain("Moved to its number");
  });
});

describe("a bet's card", () => {
  test("gives the edge as fraction and percent, worked out from the table's own rules [U08]", () => {
    const screen = new Screen();
    screen.sit();
    screen.press({ do: "bet", code: PASS });
    expect(screen.text()).not.toContain("House edge");
    screen.pass(100);
    expect(screen.text()).toContain("House edge 7/495 = 1.41%");
    expect(screen.text()).toContain("1,000 rolls with 5 on it cost about 21");
    screen.press({ do: "card", code: PASS_ODDS });
    screen.pass(100);
    expect(screen.text()).toContain("No house edge");
    const field = SPOTS.find(({ family }) => family === "field")!.code;
    expect(figuresOn(USUAL_CONFIG, field, 0)?.edge).toMatchObject({ numerator: "1", denominator: "36" });
    const other = { ...USUAL_CONFIG, fieldTwelvePays: 2 as const };
    expect(figuresOn(other, field, 0)?.edge).toMatchObject({ numerator: "1", denominator: "18" });
  });

  test("lets its owner call the bet on and off and take it down", () => {
    const screen = new Screen();
    screen.sit();
    const place = numberedCode("place", 8);
    screen.press({ do: "bet", code: place });
    const presses = findAll(screen.all("card-own")[0]!, ({ tag }) => tag === "button").map(
      ({ attributes }) => JSON.parse(attributes["data-press"]!) as { readonly do: string },
    );
    expect(presses.map((press) => press.do)).toEqual(["call", "call", "take"]);
    screen.press(presses[0] as never);
    expect(screen.kiosk.view().craps!.state.seats[0]![0]).toMatchObject({ working: "on" });
    screen.press(presses[2] as never);
    expect(screen.chipsOn(place)).toBe(0);
  });

  test("has figures for every bet of the full layout but the few whose chains are long, within a breath", () => {
    const missing = made(["beginner", "full"]).filter((code) => figuresOn(USUAL_CONFIG, code, 6) === undefined);
    expect(missing).toEqual([]);
  });
});

test("totals are counted beside what chance would bring", () => {
  const roll = (first: number, second: number) => ({ fell: { first, second, proofDigest: "" } }) as never;
  const bars = histogramOf([roll(3, 4), roll(1, 6), roll(1, 1), { fell: null } as never]);
  expect(bars.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]);
  expect(bars[5]!.expected).toBeCloseTo(0.5);
});

test("everything that can be pressed has a name for those who do not see it, in every panel", () => {
  const screen = new Screen();
  screen.sit();
  screen.press({ do: "bet", code: PASS });
  screen.kiosk.roll((first, second) => first + second === 6);
  screen.press({ do: "skip" });
  for (const panel of ["none", "attract", "tutorial", "history", "settings", "idle", "trust"] as const) {
    screen.page.panel = panel;
    const buttons = findAll(screen.drawn(), ({ tag }) => tag === "button");
    expect(buttons.length).toBeGreaterThan(10);
    const nameless = buttons.filter(
      (button) => (button.attributes["aria-label"] ?? "") === "" && textOf(button).trim() === "",
    );
    expect([panel, nameless]).toEqual([panel, []]);
  }
});
