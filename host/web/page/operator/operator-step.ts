/** An operator's page from one state to the next. */
import { unreachable } from "../../../../protocol/core/assert.ts";
import type { Answer } from "../../contract/answers.ts";
import type { Frame } from "../../contract/frames.ts";
import type { OperatorOrder } from "../../contract/orders.ts";
import type { OperatorEffect, OperatorEvent, OperatorPress } from "./operator-events.ts";
import { chosenKiosk, NOTICE_MS, type OperatorState } from "./operator-state.ts";

export function stepOperator(of: OperatorState, event: OperatorEvent, effects: OperatorEffect[]): void {
  of.now = Math.max(of.now, event.at);
  switch (event.type) {
    case "kiosks":
      onKiosks(of, event.kiosks, effects);
      break;
    case "frame":
      onFrame(of, event.kiosk, event.frame);
      break;
    case "lost": {
      const kiosk = of.kiosks.find((each) => each.kiosk === event.kiosk);
      if (kiosk !== undefined) kiosk.isLost = true;
      break;
    }
    case "session":
      onSession(of, event.session, effects);
      break;
    case "refused":
      tell(of, event.why);
      break;
    case "settings":
      of.settings = event.settings;
      break;
    case "logs":
      of.logs = event.logs;
      break;
    case "pressed":
      onPress(of, event.press, effects);
      break;
    case "tick":
      if (of.notice !== undefined && of.now >= of.notice.until) of.notice = undefined;
      break;
    default:
      unreachable(event);
  }
}

function onKiosks(
  of: OperatorState,
  kiosks: readonly { readonly kiosk: number; readonly name: string }[],
  effects: OperatorEffect[],
): void {
  of.kiosks = kiosks.map((each) => ({ ...each, isLost: false, clockAheadMs: 0, view: undefined }));
  of.chosen = kiosks[0]?.kiosk ?? 0;
  for (const { kiosk } of kiosks) effects.push({ type: "watch", kiosk });
}

function onFrame(of: OperatorState, number: number, frame: Frame): void {
  const kiosk = of.kiosks.find((each) => each.kiosk === number);
  if (kiosk === undefined) return;
  if (frame.type === "answer") {
    if (!of.underWay.includes(frame.id)) return;
    of.underWay = of.underWay.filter((id) => id !== frame.id);
    tell(of, frame.answer);
    return;
  }
  kiosk.isLost = false;
  kiosk.clockAheadMs = frame.at - of.now;
  if (frame.type === "view") kiosk.view = frame.view;
  else if (kiosk.view !== undefined) kiosk.view = { ...kiosk.view, ...frame.parts };
}

/** Who becomes an operator sees more of the same kiosks, and only a new line tells it. */
function onSession(of: OperatorState, session: OperatorState["session"], effects: OperatorEffect[]): void {
  const was = of.session?.isOperator === true;
  of.session = session;
  if (session?.isOperator === was) return;
  of.settings = undefined;
  of.logs = undefined;
  for (const { kiosk } of of.kiosks) effects.push({ type: "watch", kiosk });
  if (session?.isOperator === true) fetchBoth(of, effects);
}

function onPress(of: OperatorState, press: OperatorPress, effects: OperatorEffect[]): void {
  switch (press.do) {
    case "kiosk":
      of.chosen = press.kiosk;
      of.settings = undefined;
      of.logs = undefined;
      if (of.session?.isOperator === true) fetchBoth(of, effects);
      break;
    case "attacker":
      of.attacker = press.kiosk;
      break;
    case "order":
      order(of, press.kiosk, press.order, effects);
      break;
    case "begin":
      if (press.typed !== undefined && press.typed !== "") effects.push({ type: "begin", pin: press.typed });
      break;
    case "end":
      effects.push({ type: "end" });
      break;
    case "logs":
    case "settings":
      effects.push({ type: "fetch", what: press.do, kiosk: of.chosen });
      break;
    case "set":
      order(of, of.chosen, { type: "set", key: press.key, value: press.typed ?? null }, effects);
      effects.push({ type: "fetch", what: "settings", kiosk: of.chosen });
      break;
    default:
      unreachable(press);
  }
}

function order(of: OperatorState, kiosk: number, wanted: OperatorOrder, effects: OperatorEffect[]): void {
  const id = of.nextOrder;
  of.nextOrder += 1;
  of.underWay.push(id);
  effects.push({ type: "order", kiosk, id, order: wanted });
}

function fetchBoth(of: OperatorState, effects: OperatorEffect[]): void {
  const kiosk = chosenKiosk(of)?.kiosk ?? 0;
  effects.push({ type: "fetch", what: "settings", kiosk }, { type: "fetch", what: "logs", kiosk });
}

function tell(of: OperatorState, answer: Answer): void {
  const text = answer.ok
    ? answer.words === ""
      ? "Done."
      : answer.words
    : [answer.words, answer.next].filter(Boolean).join(" ");
  of.notice = { text, isGood: answer.ok, until: of.now + NOTICE_MS };
}
