/** The trust view's own doings: fetch a proof, check it here, try to cheat, keep it. */
import type { CheckedRoll } from "../trust/check-roll.ts";
import type { Effect } from "./events.ts";
import type { PageState } from "./page-state.ts";
import type { TrustShown } from "./trust-state.ts";

export function openTrust(page: PageState, roll: number, effects: Effect[]): void {
  page.panel = "trust";
  if (roll === 0) {
    page.trust = { type: "none" };
    return;
  }
  const { trust } = page;
  if (trust.type === "shown" && trust.roll === roll && trust.tamperAt === undefined) return;
  page.trust = { type: "loading", roll };
  effects.push({ type: "fetchProof", roll });
}

export function onProof(page: PageState, roll: number, text: string | undefined, effects: Effect[]): void {
  if (page.trust.type !== "loading" || page.trust.roll !== roll) return;
  if (text === undefined) {
    page.trust = { type: "missing", roll };
    return;
  }
  const shown = { type: "shown", roll, text, checked: undefined, tamperCount: 0, tamperAt: undefined, code: undefined };
  page.trust = shown as TrustShown;
  effects.push({ type: "check", roll, text, tamperAt: undefined });
}

export function onChecked(page: PageState, roll: number, checked: CheckedRoll): void {
  const { trust } = page;
  if (trust.type !== "shown" || trust.roll !== roll) return;
  // What was asked before somebody pressed again comes too late.
  const isOfNow = !checked.ok || (checked.tampered !== undefined) === (trust.tamperAt !== undefined);
  if (isOfNow) page.trust = { ...trust, checked };
}

export function tamper(page: PageState, effects: Effect[]): void {
  const { trust } = page;
  if (trust.type !== "shown" || trust.checked?.ok !== true) return;
  const tamperCount = trust.tamperCount + 1;
  // A stride that has no common divisor with most sizes visits every section of the proof within a few presses.
  const tamperAt = (tamperCount * STRIDE) % trust.checked.size;
  page.trust = { ...trust, tamperCount, tamperAt, checked: undefined, code: undefined };
  effects.push({ type: "check", roll: trust.roll, text: trust.text, tamperAt });
}

export function untamper(page: PageState, effects: Effect[]): void {
  const { trust } = page;
  if (trust.type !== "shown" || trust.tamperAt === undefined) return;
  page.trust = { ...trust, tamperAt: undefined, checked: undefined };
  effects.push({ type: "check", roll: trust.roll, text: trust.text, tamperAt: undefined });
}

export function saveProof({ trust }: PageState, effects: Effect[]): void {
  if (trust.type === "shown") effects.push({ type: "save", name: `roll-${trust.roll}.json`, text: trust.text });
}

/** Below 0: none. */
export function showCode(page: PageState, part: number): void {
  const { trust } = page;
  if (trust.type === "shown") page.trust = { ...trust, code: part < 0 ? undefined : part };
}

const STRIDE = 61;
