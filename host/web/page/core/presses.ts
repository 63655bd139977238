/** What a press does, wherever it came from: a finger, a mouse, a key. */
import { unreachable } from "../../../../protocol/core/assert.ts";
import { landDice, replay } from "./dice-show.ts";
import type { Effect, Press } from "./events.ts";
import { ownSeat } from "./hand.ts";
import { CARD_MS } from "./limits.ts";
import { callBet, clear, orderOnce, putChip, redo, refuse, repeat, takeDown, undo } from "./orders.ts";
import type { PageState, Panel } from "./page-state.ts";
import { openTrust, saveProof, showCode, tamper, untamper } from "./trust.ts";

const TUTORIAL_LAST = 4;

export function onPress(page: PageState, press: Press, effects: Effect[]): void {
  switch (press.do) {
    case "touch":
      if (page.panel === "attract" || page.panel === "idle") page.panel = "none";
      break;
    case "sit":
      page.panel = "none";
      orderOnce(page, { type: "sit" }, effects);
      break;
    case "leave":
      leave(page, effects);
      break;
    case "roll":
    case "passDice":
    case "rebuy":
      orderOnce(page, { type: press.do }, effects);
      break;
    case "undo":
      undo(page, effects);
      break;
    case "redo":
      redo(page, effects);
      break;
    case "repeat":
      repeat(page, effects);
      break;
    case "clear":
      clear(page, effects);
      break;
    case "skip":
      landDice(page, effects);
      break;
    case "closeCard":
      page.card = undefined;
      break;
    case "chip":
      page.preferences.chip = press.chips;
      effects.push({ type: "keep", preferences: { ...page.preferences } });
      break;
    case "bet":
      // Who bets sees the felt: a roll that still tumbles lies first.
      landDice(page, effects);
      showCard(page, press.code);
      putChip(page, press.code, effects);
      break;
    case "card":
      showCard(page, press.code);
      break;
    case "take":
      takeDown(page, press.code, effects);
      break;
    case "call":
      callBet(page, press.code, press.working, effects);
      break;
    case "panel":
      openPanel(page, press.panel);
      break;
    case "area":
      page.area = press.area;
      break;
    case "prefer":
      Object.assign(page.preferences, press.preferences);
      effects.push({ type: "keep", preferences: { ...page.preferences } });
      break;
    case "tutorial":
      turnTutorial(page, press.by);
      break;
    case "trust":
      openTrust(page, press.roll, effects);
      break;
    case "replay":
      openPanel(page, "none");
      replay(page, press.roll, effects);
      break;
    case "tamper":
      tamper(page, effects);
      break;
    case "untamper":
      untamper(page, effects);
      break;
    case "save":
      saveProof(page, effects);
      break;
    case "code":
      showCode(page, press.part);
      break;
    default:
      unreachable(press);
  }
}

function leave(page: PageState, effects: Effect[]): void {
  page.panel = "none";
  const why = ownSeat(page.view)?.whyNoLeave ?? null;
  if (why !== null) refuse(page, why, undefined);
  else orderOnce(page, { type: "leave" }, effects);
}

function showCard(page: PageState, code: number): void {
  const until = page.now + CARD_MS;
  if (page.card?.code === code) {
    page.card = { ...page.card, until };
    return;
  }
  page.card = { code, figures: undefined, until };
}

function openPanel(page: PageState, panel: Panel): void {
  page.panel = page.panel === panel ? "none" : panel;
  page.tutorialStep = 0;
}

function turnTutorial(page: PageState, by: number): void {
  const next = page.tutorialStep + by;
  if (next > TUTORIAL_LAST) page.panel = "none";
  else page.tutorialStep = Math.max(0, next);
}
