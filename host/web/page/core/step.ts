/** A screen from one state to the next: no clock, no document, no network. */
import { unreachable } from "../../../../protocol/core/assert.ts";
import { landDice } from "./dice-show.ts";
import type { Effect, Event } from "./events.ts";
import { figuresOn } from "./figures.ts";
import { onFrame } from "./frames.ts";
import { ownSeat } from "./hand.ts";
import { ATTRACT_MS, IDLE_ANSWER_MS, IDLE_MS, TUTORIAL_STEP_MS } from "./limits.ts";
import { ask } from "./orders.ts";
import type { PageState } from "./page-state.ts";
import { onPress } from "./presses.ts";
import { onChecked, onProof } from "./trust.ts";

export function step(page: PageState, event: Event, effects: Effect[]): void {
  page.now = Math.max(page.now, event.at);
  switch (event.type) {
    case "frame":
      onFrame(page, event.frame, effects);
      break;
    case "opened":
      page.connection = "open";
      break;
    case "lost":
      page.connection = "lost";
      // Nobody will answer on this way any more; whatever was done after all is in the next view.
      page.orders = [];
      break;
    case "pressed":
      page.touchedAt = page.now;
      onPress(page, event.press, effects);
      break;
    case "tick":
      onTick(page, effects);
      break;
    case "proof":
      onProof(page, event.roll, event.text, effects);
      break;
    case "checked":
      onChecked(page, event.roll, event.checked);
      break;
    default:
      unreachable(event);
  }
}

function onTick(page: PageState, effects: Effect[]): void {
  const { dice, notice, card, now } = page;
  if (dice.type === "tumbling" && now >= dice.until) landDice(page, effects);
  if (notice !== undefined && now >= notice.until) page.notice = undefined;
  if (card !== undefined && now >= card.until) page.card = undefined;
  else workOut(page);
  watchPerson(page, effects);
}

function workOut({ card, view }: PageState): void {
  const table = view?.craps;
  if (card === undefined || card.figures !== undefined || table === null || table === undefined) return;
  card.figures = figuresOn(table.config, card.code, table.state.point) ?? null;
}

/** A seat that nobody plays is given back, chips and all kept; and a screen that nobody sits at invites. */
function watchPerson(page: PageState, effects: Effect[]): void {
  const quiet = page.now - page.touchedAt;
  const isSeated = (ownSeat(page.view)?.place ?? null) !== null;
  if (page.panel === "tutorial") {
    const step = Math.floor(quiet / TUTORIAL_STEP_MS);
    if (step > 0 && page.tutorialStep < TUTORIAL_STEPS - 1) {
      page.tutorialStep += 1;
      page.touchedAt = page.now;
    } else if (quiet > ATTRACT_MS) page.panel = isSeated ? "none" : "attract";
    return;
  }
  if (!isSeated) {
    if (quiet > ATTRACT_MS) page.panel = "attract";
    return;
  }
  if (page.panel === "attract") page.panel = "none";
  if (quiet > IDLE_MS + IDLE_ANSWER_MS) {
    page.panel = "none";
    page.touchedAt = page.now;
    // A seat whose bets stand is kept for them; it is asked again.
    if (ownSeat(page.view)?.whyNoLeave === null) ask(page, { type: "leave" }, undefined, effects);
  } else if (quiet > IDLE_MS) page.panel = "idle";
}

export const TUTORIAL_STEPS = 5;
