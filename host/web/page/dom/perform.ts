/** What a page does to the world: nothing else in it sends, speaks, keeps or fetches. */
import type { Effect, Event } from "../core/events.ts";
import type { Preferences } from "../core/page-state.ts";
import { USUAL_PREFERENCES } from "../core/page-state.ts";
import { LANGUAGES } from "../strings/texts.ts";
import type { Live } from "./live.ts";
import { speak } from "./speech.ts";

export interface World {
  readonly live: Live;
  readonly happen: (event: Event) => void;
}

export function perform(effect: Effect, { live, happen }: World): void {
  switch (effect.type) {
    case "order": {
      const { id, order } = effect;
      // What cannot be sent is never answered, and the state forgets it with the line.
      if (!live.send({ type: "order", id, order })) happen({ type: "lost", at: now() });
      break;
    }
    case "speak":
      speak(effect.text, effect.language);
      break;
    case "keep":
      keep(effect.preferences);
      break;
    case "fetchProof":
      void fetchProof(effect.roll).then((text) => happen({ type: "proof", at: now(), roll: effect.roll, text }));
      break;
    case "check":
      void check(effect, happen);
      break;
    case "save":
      save(effect.name, effect.text);
      break;
    case "reload":
      location.reload();
      break;
  }
}

export const now = (): number => Math.round(performance.timeOrigin + performance.now());

async function fetchProof(roll: number): Promise<string | undefined> {
  const kiosk = new URLSearchParams(location.search).get("kiosk");
  const query = kiosk === null ? "" : `?kiosk=${encodeURIComponent(kiosk)}`;
  try {
    const response = await fetch(`/api/rolls/${roll}${query}`);
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

/** The verifier comes when somebody asks for it: a table can be played without. */
async function check(
  { roll, text, tamperAt }: Extract<Effect, { type: "check" }>,
  happen: World["happen"],
): Promise<void> {
  const [{ checkRoll }, { browserPorts }] = await Promise.all([
    import("../trust/check-roll.ts"),
    import("../trust/browser-ports.ts"),
  ]);
  // A frame first: whoever pressed sees that it was heard, and then the arithmetic begins.
  await new Promise((resume) => requestAnimationFrame(() => setTimeout(resume, 0)));
  happen({ type: "checked", at: now(), roll, checked: checkRoll(browserPorts, text, tamperAt) });
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_MS);
}

const REVOKE_MS = 10_000;
const PREFERENCES_KEY = "hardway preferences";

function keep(preferences: Preferences): void {
  try {
    localStorage.setItem(PREFERENCES_KEY, JSON.stringify(preferences));
  } catch {
    // A browser that keeps nothing starts with the usual next time.
  }
}

/** As they were kept, or as the browser wishes. */
export function keptPreferences(): Preferences {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const spoken = navigator.languages.find((each) => LANGUAGES.some(({ code }) => each.startsWith(code)));
  const usual = { ...USUAL_PREFERENCES, calm, language: spoken ?? USUAL_PREFERENCES.language };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFERENCES_KEY) ?? "{}");
    return isPreferences(kept) ? { ...usual, ...kept } : usual;
  } catch {
    return usual;
  }
}

function isPreferences(kept: unknown): kept is Partial<Preferences> {
  if (typeof kept !== "object" || kept === null) return false;
  const usual: { readonly [name: string]: unknown } = { ...USUAL_PREFERENCES };
  return Object.entries(kept).every(([name, value]) => typeof value === typeof usual[name]);
}
