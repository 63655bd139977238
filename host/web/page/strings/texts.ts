/** The page's words in a person's language, and how gaps in them are filled. */
import type { Texts } from "../../../engine/game/game.ts";
import { craps } from "../../../engine/games/craps/craps.ts";
import { ARABIC } from "./ar.ts";
import { ARABIC_CRAPS } from "./ar-craps.ts";
import { GERMAN } from "./de.ts";
import { ENGLISH } from "./en.ts";
import { SPANISH } from "./es.ts";
import { REFUSAL_TEXTS } from "./refusals.ts";
import type { StringKey, Strings } from "./strings.ts";

export interface Language {
  /** As browsers name it. */
  readonly code: string;
  readonly direction: "ltr" | "rtl";
  readonly strings: Strings;
  /** Of the bets, and why they are refused. */
  readonly craps: Texts;
  /** Made once: a page writes some hundreds of numbers, and making one costs more than using it a hundred times. */
  readonly formats: Formats;
}

interface Formats {
  readonly plain: Intl.NumberFormat;
  readonly percent: Intl.NumberFormat;
  readonly compact: Intl.NumberFormat;
  readonly list: Intl.ListFormat;
}

export const LANGUAGES: readonly Language[] = Object.freeze([
  { formats: formatsOf("en"), code: "en", direction: "ltr", strings: ENGLISH, craps: craps.strings.en },
  { formats: formatsOf("de"), code: "de", direction: "ltr", strings: GERMAN, craps: craps.strings.de },
  { formats: formatsOf("es"), code: "es", direction: "ltr", strings: SPANISH, craps: craps.strings.es },
  { formats: formatsOf("ar"), code: "ar", direction: "rtl", strings: ARABIC, craps: ARABIC_CRAPS },
]);

/** English where nobody speaks it: "de-AT" is German. */
export function languageOf(code: string): Language {
  const plain = code.toLowerCase().split("-")[0];
  return LANGUAGES.find((each) => each.code === plain) ?? LANGUAGES[0];
}

export type Gaps = { readonly [name: string]: string | number };

/** Numbers are written as the language writes them. */
export function say(language: Language, key: StringKey, gaps: Gaps = {}): string {
  return language.strings[key].replace(/\{([a-z]+)\}/g, (whole, name: string) => {
    const value = gaps[name];
    return value === undefined ? whole : typeof value === "number" ? numberText(language, value) : value;
  });
}

export const numberText = ({ formats }: Language, value: number): string => formats.plain.format(value);

/** Where there is little room: 12 thousand in three letters. */
export const shortNumberText = ({ formats }: Language, value: number): string =>
  (value < 10_000 ? formats.plain : formats.compact).format(value);

/** Of 1, with two decimals. */
export const percentText = ({ formats }: Language, value: number): string => formats.percent.format(value);

/** "Bar, Stairs and Garden". */
export const listText = ({ formats }: Language, parts: readonly string[]): string => formats.list.format(parts);

/** The reason of a refusal; `words` where nobody has a sentence for it. */
export function whyText({ code, craps }: Language, why: string, words = why): string {
  const own: { readonly [why: string]: string } = REFUSAL_TEXTS[code];
  return craps[why] ?? own[why] ?? words;
}

/** Arabic is written with the digits of the dice table, which players of all four languages share. */
function formatsOf(code: string): Formats {
  const digits = code === "ar" ? "ar-u-nu-latn" : code;
  return {
    plain: new Intl.NumberFormat(digits),
    percent: new Intl.NumberFormat(digits, { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    compact: new Intl.NumberFormat(digits, { notation: "compact" }),
    list: new Intl.ListFormat(code, { type: "conjunction" }),
  };
}
