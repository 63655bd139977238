/** What the kiosk says: the view whole, then what has changed of it, and the answers to orders. */
import type { Answer } from "../../contract/answers.ts";
import type { Frame } from "../../contract/frames.ts";
import type { KioskView } from "../../contract/view.ts";
import { languageOf, say, whyText } from "../strings/texts.ts";
import { showNewRoll } from "./dice-show.ts";
import type { Effect } from "./events.ts";
import { ownSeat } from "./hand.ts";
import { CHIPS, NOTICE_MS } from "./limits.ts";
import { forgetMoves, remember } from "./orders.ts";
import type { PageState } from "./page-state.ts";

/** The one that this page reads. */
const CONTRACT: Extract<Frame, { readonly type: "view" }>["contract"] = 1;

export function onFrame(page: PageState, frame: Frame, effects: Effect[]): void {
  switch (frame.type) {
    case "view":
      // A page that another program served would misread what this one says.
      if (frame.contract !== CONTRACT || (page.build !== undefined && page.build !== frame.build)) {
        effects.push({ type: "reload" });
        return;
      }
      page.connection = "open";
      page.build = frame.build;
      onView(page, frame.view, frame.revision, frame.at, effects);
      break;
    case "changes":
      if (page.view === undefined) return;
      onView(page, { ...page.view, ...frame.parts }, frame.revision, frame.at, effects);
      break;
    case "answer":
      onAnswer(page, frame.id, frame.answer);
      break;
  }
}

function onView(page: PageState, view: KioskView, revision: number, at: number, effects: Effect[]): void {
  const before = page.view;
  page.view = view;
  page.revision = revision;
  page.clockAheadMs = at - page.now;
  page.orders = page.orders.filter((order) => order.revision === undefined || order.revision > revision);
  noteSeat(page, before, view);
  noteLock(page, before, view);
  if (before === undefined) showLast(page, view);
  else showNewRoll(page, before, view, effects);
}

function onAnswer(page: PageState, id: number, answer: Answer): void {
  const order = page.orders.find((each) => each.id === id);
  if (order === undefined) return;
  if (answer.ok) {
    order.revision = answer.revision;
    if (answer.revision > page.revision) return;
  } else {
    const language = languageOf(page.preferences.language);
    const text = say(language, "refused", { why: whyText(language, answer.why, answer.words) });
    const code = "code" in order.order ? order.order.code : undefined;
    page.notice = { text, code, isGood: false, until: page.now + NOTICE_MS };
    if (order.move !== undefined) page.done = page.done.filter((move) => move !== order.move);
  }
  page.orders = page.orders.filter((each) => each !== order);
}

/** Who comes back finds the chips that were left. */
function noteSeat(page: PageState, before: KioskView | undefined, view: KioskView): void {
  const [was, is] = [ownSeat(before), ownSeat(view)];
  if (is === undefined || is.place === null || was === undefined || was.place !== null) return;
  page.touchedAt = page.now;
  if (page.panel === "attract") page.panel = "none";
  if (was.worth === 0) return;
  const text = say(languageOf(page.preferences.language), "welcomeBack", { chips: is.worth });
  page.notice = { text, code: undefined, isGood: true, until: page.now + NOTICE_MS };
}

/** From here on nothing comes back, and what lies there can be repeated later. */
function noteLock(page: PageState, before: KioskView | undefined, view: KioskView): void {
  const place = ownSeat(view)?.place ?? null;
  const isNew = view.craps?.state.rolling === true && before?.craps?.state.rolling !== true;
  if (!isNew || view.craps === null) return;
  // On a small screen it lies over what everybody waits for.
  page.card = undefined;
  if (place === null) return;
  forgetMoves(page);
  const bets = view.craps.state.seats[place] ?? [];
  if (bets.length > 0) page.lastBets = remember(bets);
}

/** What fell before this page was opened is no news. */
function showLast(page: PageState, view: KioskView): void {
  const last = view.rolls.at(-1);
  const fell = view.rolls.filter((roll) => roll.fell !== null).at(-1)?.fell;
  page.dice = { type: "still", roll: last?.roll ?? 0, first: fell?.first ?? 0, second: fell?.second ?? 0 };
  // A screen that was only reloaded invites nobody.
  if ((ownSeat(view)?.place ?? null) !== null && page.panel === "attract") page.panel = "none";
  if (!CHIPS.includes(page.preferences.chip)) page.preferences.chip = CHIPS[1];
}
