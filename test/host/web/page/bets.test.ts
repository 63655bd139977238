import { describe, expect, test } from "vitest";
import { COME, numberedCode, PASS, PASS_ODDS } from "../../../../host/engine/games/craps/spots.ts";
import { ENGLISH } from "../../../../host/engine/games/craps/strings-en.ts";
import { type Element, textOf } from "../../../../host/web/page/dom/element.ts";
import { Screen } from "./screen.ts";

/** As it is read out. */
const nameOf = (spot: Element): string => textOf(spot.children[0]!);

const FIELD = 8;
const PLACE_SIX = numberedCode("place", 6);

function seated(preferences: ConstructorParameters<typeof Screen>[0] = {}): Screen {
  const screen = new Screen(preferences);
  screen.sit();
  return screen;
}

describe("a tap on the felt", () => {
  test("puts the chosen chip there at once, and counts it once however answer and view come", () => {
    for (const turned of [false, true]) {
      const screen = seated();
      screen.isSlow = true;
      screen.press({ do: "bet", code: PASS });
      expect(screen.chipsOn(PASS)).toBe(5);
      expect(screen.all("pending")).toHaveLength(1);
      screen.deliver((frames) => (turned ? frames.reverse() : frames));
      expect(screen.chipsOn(PASS)).toBe(5);
      expect(screen.all("pending")).toHaveLength(0);
      expect(screen.page.orders).toEqual([]);
    }
  });

  test("between the answer and its view, and between the view and its answer, the chip is still one", () => {
    const screen = seated();
    screen.isSlow = true;
    screen.press({ do: "bet", code: PASS });
    const [first, second] = screen.waiting.splice(0);
    expect([first!.type, second!.type]).toEqual(["changes", "answer"]);
    screen.happen({ type: "frame", frame: second! });
    expect(screen.chipsOn(PASS)).toBe(5);
    screen.happen({ type: "frame", frame: first! });
    expect(screen.chipsOn(PASS)).toBe(5);
    expect(screen.page.orders).toEqual([]);
  });

  test("that the rules refuse orders nothing, and says the game's own reason in the person's language [U08]", () => {
    const screen = seated({ language: "de" });
    const before = screen.orders().length;
    screen.press({ do: "bet", code: COME });
    expect(screen.orders()).toHaveLength(before);
    expect(screen.text()).toContain("Jetzt nicht: Nur solange der Puck an ist.");
    expect(screen.spot(COME).attributes["class"]).toContain("refused");
    expect(screen.spot(COME).attributes["aria-disabled"]).toBe("true");
    expect(screen.spot(PASS).attributes["class"]).toContain("open");
  });

  test("that the kiosk refuses takes the chip back and says why", () => {
    const screen = seated();
    screen.kiosk.refuseNext = "paused";
    screen.press({ do: "bet", code: PASS });
    expect(screen.chipsOn(PASS)).toBe(0);
    expect(screen.text()).toContain("Not now: The table is paused.");
    screen.press({ do: "undo" });
    expect(screen.orders()).toHaveLength(2);
  });

  test("bets what can be paid to the chip", () => {
    const screen = seated();
    screen.press({ do: "chip", chips: 1 });
    screen.press({ do: "bet", code: PLACE_SIX });
    expect(screen.chipsOn(PLACE_SIX)).toBe(6);
    screen.press({ do: "chip", chips: 25 });
    screen.press({ do: "bet", code: PLACE_SIX });
    expect(screen.chipsOn(PLACE_SIX)).toBe(36);
  });

  test("by somebody who only watches says to take a seat", () => {
    const screen = new Screen();
    screen.press({ do: "bet", code: PASS });
    expect(screen.orders()).toEqual([]);
    expect(screen.text()).toContain("Take a seat first.");
  });

  test("a thousand times before an answer is bounded", () => {
    const screen = seated();
    screen.isSlow = true;
    for (let many = 0; many < 1_000; many++) screen.press({ do: "bet", code: FIELD });
    expect(screen.page.orders).toHaveLength(24);
    expect(screen.text()).toContain("Too much at once");
  });
});

describe("until the bets are locked", () => {
  test("undo and redo go back and forth, chip by chip", () => {
    const screen = seated();
    screen.press({ do: "bet", code: PASS });
    screen.press({ do: "bet", code: FIELD });
    screen.press({ do: "bet", code: FIELD });
    const chips = (): readonly number[] => [screen.chipsOn(PASS), screen.chipsOn(FIELD)];
    screen.press({ do: "undo" });
    expect(chips()).toEqual([5, 5]);
    screen.press({ do: "undo" });
    screen.press({ do: "undo" });
    expect(chips()).toEqual([0, 0]);
    screen.press({ do: "undo" });
    screen.press({ do: "redo" });
    screen.press({ do: "redo" });
    expect(chips()).toEqual([5, 5]);
    screen.press({ do: "bet", code: PASS });
    screen.press({ do: "redo" });
    expect(chips()).toEqual([10, 5]);
  });

  test("what was taken down comes back by undo, and a call too", () => {
    const screen = seated();
    screen.press({ do: "bet", code: PLACE_SIX });
    screen.press({ do: "call", code: PLACE_SIX, working: "on" });
    expect(nameOf(screen.spot(PLACE_SIX))).toMatch(/On$/);
    screen.press({ do: "undo" });
    expect(nameOf(screen.spot(PLACE_SIX))).toMatch(/Off$/);
    screen.press({ do: "take", code: PLACE_SIX });
    expect(screen.chipsOn(PLACE_SIX)).toBe(0);
    screen.press({ do: "undo" });
    expect(screen.chipsOn(PLACE_SIX)).toBe(6);
  });

  test("afterwards nothing can be undone, and what lay there can be repeated", () => {
    const screen = seated();
    screen.press({ do: "bet", code: PASS });
    screen.press({ do: "bet", code: FIELD });
    screen.kiosk.roll((first, second) => first + second === 7);
    screen.press({ do: "skip" });
    const before = screen.orders().length;
    screen.press({ do: "undo" });
    expect(screen.orders()).toHaveLength(before);
    expect([screen.chipsOn(PASS), screen.chipsOn(FIELD)]).toEqual([0, 0]);
    screen.press({ do: "repeat" });
    expect([screen.chipsOn(PASS), screen.chipsOn(FIELD)]).toEqual([5, 5]);
    screen.press({ do: "repeat" });
    expect([screen.chipsOn(PASS), screen.chipsOn(FIELD)]).toEqual([5, 5]);
  });

  test("a bet that stands after a roll cannot be undone either", () => {
    const screen = seated();
    screen.press({ do: "bet", code: PLACE_SIX });
    screen.kiosk.roll((first, second) => first + second === 4);
    screen.press({ do: "skip" });
    screen.press({ do: "undo" });
    expect(screen.chipsOn(PLACE_SIX)).toBe(6);
  });

  test("clear takes down all that may come down, odds before what they stand behind", () => {
    const screen = seated();
    screen.press({ do: "bet", code: PASS });
    screen.kiosk.roll((first, second) => first + second === 6);
    screen.press({ do: "skip" });
    screen.press({ do: "bet", code: PASS_ODDS });
    screen.press({ do: "bet", code: FIELD });
    screen.press({ do: "clear" });
    expect([screen.chipsOn(PASS), screen.chipsOn(PASS_ODDS), screen.chipsOn(FIELD)]).toEqual([5, 0, 0]);
    expect(screen.page.notice).toBe(undefined);
  });

  test("a line that breaks forgets what nobody will answer, and the next view is the truth", () => {
    const screen = seated();
    screen.isSlow = true;
    screen.press({ do: "bet", code: PASS });
    screen.waiting.splice(0);
    screen.happen({ type: "lost" });
    expect(screen.text()).toContain("This screen has lost its kiosk");
    screen.isSlow = false;
    screen.connect();
    expect(screen.chipsOn(PASS)).toBe(5);
    expect(screen.page.connection).toBe("open");
  });
});

test("a page that another program served loads itself anew", () => {
  const screen = new Screen();
  screen.connect();
  expect(screen.effects).toEqual([]);
  screen.connect("newer");
  expect(screen.effects).toEqual([{ type: "reload" }]);
});

test("the reasons are the game's own sentences, not the page's", () => {
  const screen = seated();
  screen.press({ do: "bet", code: COME });
  expect(screen.text()).toContain(ENGLISH["only with a point"]);
});
