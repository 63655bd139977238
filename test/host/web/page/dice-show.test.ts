import { describe, expect, test } from "vitest";
import { PASS } from "../../../../host/engine/games/craps/spots.ts";
import { TUMBLE_MS } from "../../../../host/web/page/core/limits.ts";
import { Screen } from "./screen.ts";

const six = (first: number, second: number): boolean => first + second === 6;
const seven = (first: number, second: number): boolean => first + second === 7;

function withPass(preferences: ConstructorParameters<typeof Screen>[0] = {}): Screen {
  const screen = new Screen(preferences);
  screen.sit();
  screen.press({ do: "bet", code: PASS });
  return screen;
}

const spoken = (screen: Screen): readonly string[] =>
  screen.effects.flatMap((effect) => (effect.type === "speak" ? [effect.text] : []));

describe("dice", () => {
  test("lie still while the kiosks make them, and move for nothing but an agreed roll [U08]", () => {
    const screen = withPass();
    screen.kiosk.lockFor(six);
    screen.pass(5_000);
    expect(screen.page.dice.type).toBe("still");
    expect(screen.text()).toContain("Bets are locked");
    expect(screen.text()).toContain("Waiting for the part of Stairs and Garden");
    screen.kiosk.land();
    expect(screen.page.dice.type).toBe("tumbling");
  });

  test("lie before the felt shows what they brought: puck, chips and call wait for them", () => {
    const screen = withPass();
    screen.kiosk.roll(seven);
    expect(screen.chipsOn(PASS)).toBe(5);
    expect(screen.text()).not.toContain("The line wins");
    screen.pass(TUMBLE_MS);
    expect(screen.chipsOn(PASS)).toBe(0);
    expect(screen.text()).toContain("7! The line wins");
    expect(screen.text()).toContain("You won 5");
    expect(screen.page.dice).toMatchObject({ type: "still", roll: 1 });
  });

  test("are skipped by a tap, and do not move for whoever wants less motion", () => {
    const skipped = withPass();
    skipped.kiosk.roll(seven);
    skipped.press({ do: "skip" });
    expect(skipped.page.dice.type).toBe("still");
    const calm = withPass({ calm: true });
    calm.kiosk.roll(seven);
    expect(calm.page.dice.type).toBe("still");
    expect(calm.chipsOn(PASS)).toBe(0);
  });

  test("are called once, aloud where that is wanted, and for those who hear the page", () => {
    const screen = withPass();
    screen.kiosk.roll(six);
    screen.pass(TUMBLE_MS + 3_000);
    expect(spoken(screen)).toEqual(["The point is 6"]);
    expect(screen.page.call).toBe("The point is 6");
    screen.kiosk.roll((first, second) => first === 4 && second === 4);
    screen.press({ do: "skip" });
    screen.kiosk.roll(six);
    screen.press({ do: "skip" });
    expect(spoken(screen)).toEqual(["The point is 6", "8, the hard way", "6! The point is made"]);
    expect(screen.page.call).toBe("6! The point is made. You won 5.");
    const silent = withPass({ voice: false });
    silent.kiosk.roll(seven);
    silent.press({ do: "skip" });
    expect(spoken(silent)).toEqual([]);
  });

  test("that never fell are told in words, and every bet is back", () => {
    const screen = withPass();
    screen.kiosk.lockFor(six);
    screen.kiosk.voidRoll();
    expect(screen.page.dice.type).toBe("still");
    expect(screen.text()).toContain("The roll did not happen");
    expect(screen.page.call).toContain("All bets of it are back");
  });

  test("of two rolls at once show the newer one", () => {
    const screen = withPass();
    screen.kiosk.roll(six);
    const { first, second } = screen.kiosk.roll(seven).fell!;
    expect(screen.page.dice).toMatchObject({ type: "tumbling", roll: 2, first, second });
    expect(screen.chipsOn(PASS)).toBe(5);
    screen.pass(TUMBLE_MS);
    expect(screen.chipsOn(PASS)).toBe(0);
  });

  test("of any roll are shown again, which is no news", () => {
    const screen = withPass();
    screen.kiosk.roll(six);
    screen.press({ do: "skip" });
    screen.kiosk.roll(seven);
    screen.press({ do: "skip" });
    const before = spoken(screen).length;
    screen.press({ do: "replay", roll: 1 });
    expect(screen.page.dice).toMatchObject({ type: "tumbling", isReplay: true });
    screen.pass(TUMBLE_MS);
    const { dice } = screen.page;
    expect([dice.roll, dice.first + dice.second]).toEqual([2, 6]);
    expect(spoken(screen)).toHaveLength(before);
  });

  test("that fell before the page was opened are no news either", () => {
    const screen = withPass();
    screen.kiosk.roll(six);
    screen.press({ do: "skip" });
    const later = new Screen();
    later.kiosk.roll(six);
    expect(spoken(later)).toEqual([]);
    expect(later.page.dice.type).toBe("tumbling");
    const { kiosk } = screen;
    const opened = new Screen();
    opened.happen({
      type: "frame",
      frame: { type: "view", contract: 1, build: "test", revision: 9, at: opened.now, view: kiosk.view() },
    });
    expect(opened.page.dice.type).toBe("tumbling");
  });
});
