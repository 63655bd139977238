import { describe, expect, test } from "vitest";
import { PASS } from "../../../../host/engine/games/craps/spots.ts";
import { KIOSK_STATES, WAITS } from "../../../../host/web/contract/state-part.ts";
import type { KioskView } from "../../../../host/web/contract/view.ts";
import { ATTRACT_MS, IDLE_ANSWER_MS, IDLE_MS } from "../../../../host/web/page/core/limits.ts";
import { newPage, USUAL_PREFERENCES } from "../../../../host/web/page/core/page-state.ts";
import { waitingText } from "../../../../host/web/page/core/waiting.ts";
import { LANGUAGES } from "../../../../host/web/page/strings/texts.ts";
import { Screen } from "./screen.ts";

describe("a screen", () => {
  test("invites while nobody sits, and again when whoever looked has gone", () => {
    const screen = new Screen();
    expect(screen.text()).toContain("Touch to play");
    screen.press({ do: "touch" });
    expect(screen.page.panel).toBe("none");
    screen.pass(ATTRACT_MS + 200);
    expect(screen.page.panel).toBe("attract");
  });

  test("says that it is play money, whoever stands before it [U08]", () => {
    const screen = new Screen();
    screen.press({ do: "touch" });
    expect(screen.text()).toContain("Play money only");
    screen.sit();
    expect(screen.text()).toContain("cannot be bought, sold");
  });

  test("asks who touches nothing, gives the seat back, and keeps the chips for whoever returns", () => {
    const screen = new Screen();
    screen.sit();
    screen.press({ do: "bet", code: PASS });
    screen.kiosk.roll((first, second) => first + second === 7);
    screen.press({ do: "skip" });
    screen.pass(IDLE_MS + 200);
    expect(screen.page.panel).toBe("idle");
    expect(screen.text()).toContain("Are you still there?");
    screen.press({ do: "touch" });
    expect(screen.page.panel).toBe("none");
    screen.pass(IDLE_MS + IDLE_ANSWER_MS + 200);
    expect(screen.orders().at(-1)).toEqual({ type: "leave" });
    screen.pass(ATTRACT_MS + 200);
    expect(screen.text()).toContain("1,005 chips");
    screen.sit();
    expect(screen.text()).toContain("Welcome back: your 1,005 chips are here.");
    expect(screen.all("balance")[0]!.children).toEqual(["1,005"]);
  });

  test("keeps the seat of a person whose bets stand", () => {
    const screen = new Screen();
    screen.sit();
    screen.press({ do: "bet", code: PASS });
    const before = screen.orders().length;
    screen.pass(IDLE_MS + IDLE_ANSWER_MS + 400);
    expect(screen.orders()).toHaveLength(before);
    screen.press({ do: "leave" });
    expect(screen.text()).toContain("Your bets are still on the table.");
  });

  test("teaches the game in half a minute, by itself or step by step", () => {
    const screen = new Screen();
    screen.press({ do: "touch" });
    screen.press({ do: "panel", panel: "tutorial" });
    expect(screen.text()).toContain("Put a chip on Pass.");
    screen.pass(25_000);
    expect(screen.text()).toContain("Tap the shield");
    screen.press({ do: "panel", panel: "tutorial" });
    screen.press({ do: "panel", panel: "tutorial" });
    for (let step = 0; step < 4; step++) screen.press({ do: "tutorial", by: 1 });
    expect(screen.text()).toContain("Tap the shield");
    screen.press({ do: "tutorial", by: 1 });
    expect(screen.page.panel).toBe("none");
  });

  test("counts down by the kiosk's clock, whatever its own shows", () => {
    const screen = new Screen();
    screen.sit();
    const view = screen.kiosk.view();
    const craps = { ...view.craps!, closesAt: 20_000 };
    const frame = { type: "changes", revision: 99, at: 8_000, parts: { craps } } as const;
    screen.happen({ type: "frame", frame });
    expect(screen.text()).toContain("Roll in 12 s");
    screen.pass(3_000);
    expect(screen.text()).toContain("Roll in 9 s");
  });

  test("remembers what its person prefers", () => {
    const screen = new Screen();
    screen.press({ do: "prefer", preferences: { language: "es", textSize: 2 } });
    expect(screen.effects.at(-1)).toMatchObject({ type: "keep", preferences: { language: "es", textSize: 2 } });
    expect(screen.text()).toContain("Toque para jugar");
  });
});

describe.each(LANGUAGES)("in $code, every wait", (language) => {
  const view = new Screen().kiosk.view();
  const said = (recovery: KioskView["recovery"]): string => {
    const page = newPage(0, USUAL_PREFERENCES);
    page.connection = "open";
    page.view = { ...view, recovery };
    return waitingText(page, language) ?? "";
  };

  test("has a sentence with nobody and with two named, and no gap is left open [U08]", () => {
    for (const name of WAITS) {
      for (const members of [[], [1, 2]]) {
        const wait = { for: name, members, since: 0, until: null };
        const sentence = said({ ...view.recovery, waits: [wait] });
        expect([name, sentence]).toEqual([name, expect.stringMatching(/\S{2}/)]);
        expect(sentence).not.toMatch(/[{}]/);
      }
    }
  });

  test("of a kiosk that does not play has a sentence", () => {
    for (const state of KIOSK_STATES.filter((each) => !["playing", "alone", "partitioned"].includes(each))) {
      expect([state, said({ ...view.recovery, state, waits: [] })]).toEqual([state, expect.stringMatching(/\S{2}/)]);
    }
  });
});

test("of several waits the one that stops everything is told", () => {
  const page = newPage(0, USUAL_PREFERENCES);
  const view = new Screen().kiosk.view();
  const waits = (["bets", "dice", "radio", "votes"] as const).map((name) => ({
    ...{ for: name, members: [], since: 0, until: null },
  }));
  page.view = { ...view, recovery: { ...view.recovery, waits } };
  expect(waitingText(page, LANGUAGES[0]!)).toBe("This kiosk's radio is not there. Please call the operator.");
});

test("too few kiosks are named before anything else that waits", () => {
  const screen = new Screen();
  screen.sit();
  screen.kiosk.kill(2, 3);
  expect(screen.text()).toContain("Too few kiosks are here: Stairs and Garden cannot be reached.");
  screen.kiosk.kill();
  expect(screen.text()).toContain("Place your bets");
});
