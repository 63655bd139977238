/** Dice move for a roll that the table has agreed on, and for nothing else; the felt shows its consequences when they lie. */
import type { ShownRoll } from "../../contract/rolls-part.ts";
import type { KioskView } from "../../contract/view.ts";
import { languageOf } from "../strings/texts.ts";
import { callOf, netOf, netText } from "./call.ts";
import type { Effect } from "./events.ts";
import { ownSeat } from "./hand.ts";
import { NOTICE_MS, RESULTS_MS, TUMBLE_MS } from "./limits.ts";
import { type PageState, shownView } from "./page-state.ts";

export function showNewRoll(page: PageState, before: KioskView, view: KioskView, effects: Effect[]): void {
  const roll = view.rolls.at(-1);
  if (roll === undefined || roll.roll <= page.dice.roll) return;
  const { fell } = roll;
  if (fell === null) {
    page.dice = { ...still(page), roll: roll.roll };
    announce(page, roll, effects);
    return;
  }
  // A roll that came while the last was still tumbling: people see one motion, towards the newer.
  const shown = shownView(page);
  const held = page.dice.type === "tumbling" && shown !== undefined ? shown : before;
  const until = page.now + TUMBLE_MS;
  // People look at the dice now.
  page.card = undefined;
  const { first, second } = fell;
  page.dice = { type: "tumbling", roll: roll.roll, first, second, until, before: held, isReplay: false };
  if (page.preferences.calm) landDice(page, effects);
}

export function landDice(page: PageState, effects: Effect[]): void {
  if (page.dice.type !== "tumbling") return;
  const { roll: number, isReplay } = page.dice;
  page.dice = still(page);
  if (isReplay) return;
  const roll = page.view?.rolls.find((each) => each.roll === number);
  if (roll !== undefined) announce(page, roll, effects);
}

/** Tumbles once more, for whoever wants to see it; nothing but the dice moves. */
export function replay(page: PageState, number: number, effects: Effect[]): void {
  const roll = page.view?.rolls.find((each) => each.roll === number);
  if (roll === undefined || roll.fell === null || page.view === undefined || page.dice.type === "tumbling") return;
  const { first, second } = roll.fell;
  const newest = page.dice.roll;
  const [until, before] = [page.now + TUMBLE_MS, page.view];
  page.dice = { type: "tumbling", roll: newest, first, second, until, before, isReplay: true };
  page.call = callOf(languageOf(page.preferences.language), roll);
  if (page.preferences.calm) landDice(page, effects);
}

function announce(page: PageState, roll: ShownRoll, effects: Effect[]): void {
  const language = languageOf(page.preferences.language);
  const call = callOf(language, roll);
  const net = netOf(roll, ownSeat(page.view)?.place ?? null);
  const isMine = net !== undefined && roll.fell !== null;
  page.resultsUntil = page.now + RESULTS_MS;
  page.call = isMine ? `${call}. ${netText(language, net)}.` : call;
  if (isMine && net !== 0) {
    page.notice = { text: netText(language, net), code: undefined, isGood: net > 0, until: page.now + NOTICE_MS };
  }
  if (page.preferences.voice) effects.push({ type: "speak", text: call, language: language.code });
}

function still({ dice }: PageState): Extract<PageState["dice"], { readonly type: "still" }> {
  return { type: "still", roll: dice.roll, first: dice.first, second: dice.second };
}
