/** What every part of the page is drawn from. */
import type { OwnSeat } from "../../contract/own-part.ts";
import type { KioskView } from "../../contract/view.ts";
import type { Press } from "../core/events.ts";
import { type Hand, handOf, ownSeat } from "../core/hand.ts";
import { type PageState, shownView } from "../core/page-state.ts";
import type { StringKey } from "../strings/strings.ts";
import { type Gaps, type Language, languageOf, say } from "../strings/texts.ts";

export interface Seen {
  readonly page: PageState;
  readonly language: Language;
  readonly say: (key: StringKey, gaps?: Gaps) => string;
  /** As of the dice that are shown; undefined before the kiosk has said anything. */
  readonly view: KioskView | undefined;
  readonly own: OwnSeat | undefined;
  /** With what is on its way; undefined where nobody sits. */
  readonly hand: Hand | undefined;
}

export function see(page: PageState): Seen {
  const language = languageOf(page.preferences.language);
  const view = shownView(page);
  return {
    ...{ page, language, view, own: ownSeat(view) },
    say: (key, gaps) => say(language, key, gaps),
    hand: handOf(view, page.dice.type === "tumbling" ? [] : page.orders),
  };
}

/** The attribute by which a press is known: views hold no functions. */
export const pressed = (press: Press): { readonly "data-press": string } => ({ "data-press": JSON.stringify(press) });

/** Whole seconds until the kiosk's time; undefined where nothing ends. */
export function secondsUntil({ now, clockAheadMs }: PageState, time: number | null | undefined): number | undefined {
  if (time === null || time === undefined) return undefined;
  return Math.max(0, Math.ceil((time - now - clockAheadMs) / 1_000));
}
