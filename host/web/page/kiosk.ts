/** The kiosk's page as it runs in a browser: presses and frames in, a document out. */
import type { Event, Press } from "./core/events.ts";
import { newPage, type PageState } from "./core/page-state.ts";
import { step } from "./core/step.ts";
import { waitingText } from "./core/waiting.ts";
import { moveFocus, pressOfKey } from "./dom/keys.ts";
import { goLive, liveAddress } from "./dom/live.ts";
import { patchChildren } from "./dom/patch.ts";
import { keptPreferences, now, perform } from "./dom/perform.ts";
import { languageOf } from "./strings/texts.ts";
import { wholePage } from "./view/page.ts";
import { secondsUntil } from "./view/seen.ts";

/** Dice land on a tick. */
const TICK_MS = 100;

const root = document.getElementById("page") as HTMLElement;
const page = newPage(now(), keptPreferences());
let drawn = "";
let isDue = false;

const live = goLive(liveAddress(location), {
  onFrame(frame) {
    happen({ type: "frame", at: now(), frame });
    if (frame.type === "view") openAsked();
  },
  onLost: () => happen({ type: "lost", at: now() }),
});

/** "?trust=6": the address of a roll's trust view. */
let rollAsked = Number(new URLSearchParams(location.search).get("trust") ?? 0);

function openAsked(): void {
  if (rollAsked > 0) press({ do: "trust", roll: rollAsked });
  rollAsked = 0;
}

function happen(event: Event): void {
  const panel = page.panel;
  const effects: Parameters<typeof step>[2] = [];
  step(page, event, effects);
  for (const effect of effects) perform(effect, { live, happen });
  if (event.type === "pressed") draw(panel);
  else if (event.type !== "tick" || stampOf(page) !== drawn) drawSoon(panel);
}

/** What a tick may change without anything else. */
function stampOf(of: PageState): string {
  const seconds = secondsUntil(of, of.view?.craps?.closesAt);
  const idle = of.panel === "idle" ? Math.floor(of.now / 1_000) : 0;
  const waiting = waitingText(of, languageOf(of.preferences.language));
  return [
    of.panel,
    of.dice.type,
    of.now < of.resultsUntil,
    of.notice?.text,
    of.card?.code,
    of.tutorialStep,
    seconds,
    idle,
    waiting,
  ].join();
}

/** Several frames between two pictures are drawn once. */
function drawSoon(panel: PageState["panel"]): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw(panel);
  });
}

function draw(panelBefore: PageState["panel"]): void {
  const { children, language, direction, look } = wholePage(page);
  const { documentElement } = document;
  if (documentElement.lang !== language) documentElement.lang = language;
  if (documentElement.dir !== direction) documentElement.dir = direction;
  if (documentElement.className !== look) documentElement.className = look;
  patchChildren(root, children);
  drawn = stampOf(page);
  if (panelBefore !== page.panel) focusPanel();
}

let focusBefore: HTMLElement | null = null;

/** What opens takes the focus, and gives it back. */
function focusPanel(): void {
  const opened = root.querySelector<HTMLElement>(".dialog [data-press], .attract [data-press]");
  if (opened === null) {
    if (focusBefore?.isConnected === true) focusBefore.focus();
    focusBefore = null;
    return;
  }
  const active = document.activeElement;
  if (focusBefore === null && active instanceof HTMLElement && active !== document.body) focusBefore = active;
  opened.focus({ preventScroll: true });
}

const press = (pressed: Press): void => happen({ type: "pressed", at: now(), press: pressed });

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("[data-press]") : null;
  const text = target?.getAttribute("data-press");
  press(text === null || text === undefined ? { do: "touch" } : (JSON.parse(text) as Press));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const pressed = pressOfKey(event.key, page.panel !== "none");
  if (pressed !== undefined) press(pressed);
  else if (!moveFocus(event.key)) return;
  event.preventDefault();
});

// Whoever only reads touches, too.
document.addEventListener("scroll", () => happen({ type: "pressed", at: now(), press: { do: "touch" } }), {
  ...{ capture: true, passive: true },
});

setInterval(() => happen({ type: "tick", at: now() }), TICK_MS);
draw(page.panel);
focusPanel();
