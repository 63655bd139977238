/** Runs an operator's page in a browser: the same for one kiosk looked at closely and for several side by side. */
import type { Session } from "../../contract/answers.ts";
import type { Logs, Settings } from "../../contract/operator-part.ts";
import type { Element as View } from "../dom/element.ts";
import { goLive, type Live } from "../dom/live.ts";
import { patchChildren } from "../dom/patch.ts";
import { now } from "../dom/perform.ts";
import type { OperatorEffect, OperatorEvent, OperatorPress } from "./operator-events.ts";
import { newOperator, type OperatorState } from "./operator-state.ts";
import { stepOperator } from "./operator-step.ts";

/** `only`: the kiosk that the page's address names, undefined for all. */
export function operate(draw: (of: OperatorState) => readonly View[], only: number | undefined): void {
  const root = document.getElementById("page") as HTMLElement;
  const of = newOperator(now());
  const lines = new Map<number, Live>();
  let isDue = false;

  function happen(event: OperatorEvent): void {
    const effects: OperatorEffect[] = [];
    stepOperator(of, event, effects);
    for (const effect of effects) perform(effect);
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      patchChildren(root, draw(of));
    });
  }

  function perform(effect: OperatorEffect): void {
    switch (effect.type) {
      case "watch":
        watch(effect.kiosk);
        break;
      case "order":
        lines.get(effect.kiosk)?.send({ type: "order", id: effect.id, order: effect.order });
        break;
      case "begin":
        void session("POST", { pin: effect.pin });
        break;
      case "end":
        void session("DELETE");
        break;
      case "fetch":
        void fetchPart(effect.what, effect.kiosk);
        break;
    }
  }

  /** Whether it is an operator's line is decided when it is opened. */
  function watch(kiosk: number): void {
    lines.get(kiosk)?.close();
    const line = goLive(address(kiosk), {
      onFrame: (frame) => happen({ type: "frame", at: now(), kiosk, frame }),
      onLost: () => happen({ type: "lost", at: now(), kiosk }),
    });
    lines.set(kiosk, line);
  }

  async function session(method: "GET" | "POST" | "DELETE", body?: { readonly pin: string }): Promise<void> {
    const said = await ask<Session>("/api/session", method, body);
    if (said !== undefined) happen({ type: "session", at: now(), session: said });
  }

  async function fetchPart(what: "settings" | "logs", kiosk: number): Promise<void> {
    const path = `/api/${what}?kiosk=${kiosk}`;
    if (what === "settings") {
      const settings = await ask<Settings>(path, "GET");
      if (settings !== undefined) happen({ type: "settings", at: now(), settings });
    } else {
      const logs = await ask<Logs>(path, "GET");
      if (logs !== undefined) happen({ type: "logs", at: now(), logs });
    }
  }

  /** Undefined where it was refused, which is told. */
  async function ask<T>(path: string, method: string, body?: unknown): Promise<T | undefined> {
    try {
      const headers = body === undefined ? {} : { "content-type": "application/json" };
      const response = await fetch(path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const said = await response.json();
      if (response.ok) return said as T;
      happen({ type: "refused", at: now(), why: said });
    } catch {
      happen({
        type: "refused",
        at: now(),
        why: { ok: false, why: "failed", words: "The kiosk does not answer.", next: null },
      });
    }
    return undefined;
  }

  document.addEventListener("click", ({ target }) => {
    const pressed = target instanceof Element ? target.closest("[data-press]") : null;
    if (pressed === null) return;
    const press = JSON.parse(pressed.getAttribute("data-press") ?? "{}") as OperatorPress;
    happen({ type: "pressed", at: now(), press: { ...press, ...typedFor(pressed) } as OperatorPress });
  });
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || !(target instanceof HTMLInputElement)) return;
    document.querySelector<HTMLElement>(`[data-typed="${target.id}"]`)?.click();
  });
  setInterval(() => happen({ type: "tick", at: now() }), TICK_MS);

  patchChildren(root, draw(of));
  void session("GET");
  void ask<readonly { kiosk: number; name: string }[]>("/api/kiosks", "GET").then((all) => {
    const kiosks = (all ?? []).filter(({ kiosk }) => only === undefined || kiosk === only);
    happen({ type: "kiosks", at: now(), kiosks });
  });
}

const TICK_MS = 1_000;

/** What stands in the field that a button belongs to. A PIN does not stay there. */
function typedFor(pressed: Element): { readonly typed?: string } {
  const id = pressed.getAttribute("data-typed");
  const field = id === null ? null : document.getElementById(id);
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return {};
  const typed = field.value;
  if (field instanceof HTMLInputElement && field.type === "password") field.value = "";
  return { typed };
}

function address(kiosk: number): string {
  const { protocol, host } = location;
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/api/live?kiosk=${kiosk}`;
}

/** As the page's own address says it. */
export function kioskAsked(): number | undefined {
  const said = new URLSearchParams(location.search).get("kiosk");
  return said === null || !/^\d{1,4}$/.test(said) ? undefined : Number(said);
}
