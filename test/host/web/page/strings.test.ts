import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ENGLISH as CRAPS } from "../../../../host/engine/games/craps/strings-en.ts";
import { ENGLISH } from "../../../../host/web/page/strings/en.ts";
import { REFUSAL_TEXTS } from "../../../../host/web/page/strings/refusals.ts";
import { LANGUAGES, languageOf, percentText, say, whyText } from "../../../../host/web/page/strings/texts.ts";
import { repositoryRoot } from "../../../xs/engine/root.ts";

const gapsOf = (text: string): readonly string[] => (text.match(/\{[a-z]+\}/g) ?? []).sort();

describe.each(LANGUAGES)("$code", ({ code, strings, craps }) => {
  test("says everything that English says, with the same gaps [U08]", () => {
    expect(Object.keys(strings)).toEqual(Object.keys(ENGLISH));
    expect(Object.keys(craps).sort()).toEqual(Object.keys(CRAPS).sort());
    expect(Object.keys(REFUSAL_TEXTS[code]!)).toEqual(Object.keys(REFUSAL_TEXTS["en"]!));
    for (const [key, text] of Object.entries(strings)) {
      expect([key, gapsOf(text)]).toEqual([key, gapsOf(ENGLISH[key as keyof typeof ENGLISH])]);
    }
    for (const [key, text] of Object.entries(craps)) {
      expect([key, gapsOf(text)]).toEqual([key, gapsOf((CRAPS as { [key: string]: string })[key]!)]);
    }
  });

  test("leaves nothing empty and, but for a few words that all share, nothing in English", () => {
    const texts = [...Object.entries(strings), ...Object.entries(REFUSAL_TEXTS[code]!)];
    expect(texts.filter(([, text]) => text.trim() === "")).toEqual([]);
    if (code === "en") return;
    const english = new Map([...Object.entries(ENGLISH), ...Object.entries(REFUSAL_TEXTS["en"]!)]);
    expect(texts.filter(([key, text]) => english.get(key) === text).length).toBeLessThan(12);
  });
});

test("every string is used somewhere in the page", () => {
  const folder = join(repositoryRoot, "host", "web", "page");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.startsWith("strings"))
    .map((path) => readFileSync(join(folder, path), "utf8"))
    .join("\n");
  expect(Object.keys(ENGLISH).filter((key) => !sources.includes(`"${key}"`) && key !== "language")).toEqual([]);
});

test("a browser's own name for a language finds it, and a stranger's finds English", () => {
  expect([languageOf("de-AT").code, languageOf("AR").code, languageOf("fr").code]).toEqual(["de", "ar", "en"]);
  expect(languageOf("ar").direction).toBe("rtl");
});

test("gaps are filled, numbers as the language writes them, and a gap nobody fills stays to be seen", () => {
  expect(say(languageOf("de"), "chips", { chips: 12_345 })).toBe("12.345 Chips");
  expect(say(languageOf("ar"), "chips", { chips: 12_345 })).toBe("12,345 فيشة");
  expect(say(languageOf("en"), "won")).toBe("Won {chips}");
  expect(percentText(languageOf("en"), 7 / 495)).toBe("1.41%");
});

test("a reason that has a sentence is said in it, and one that has none in the kiosk's words", () => {
  expect(whyText(languageOf("es"), "no flat bet")).toBe("Las cuotas van detrás de una apuesta.");
  expect(whyText(languageOf("de"), "bets stand")).toBe("Deine Wetten liegen noch auf dem Tisch.");
  expect(whyText(languageOf("de"), "odd", "Something odd.")).toBe("Something odd.");
});
